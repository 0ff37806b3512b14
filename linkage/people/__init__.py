"""People: records of the six sources that name anybody, joined to the person they are about."""

from linkage.people.link import LinkReport, link_people

__all__ = ["LinkReport", "link_people"]
