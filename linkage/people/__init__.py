"""People: records of every source that names anybody, joined to the person they are about."""

from linkage.people.link import LinkReport, link_people

__all__ = ["LinkReport", "link_people"]
