"""Children's services: contacts, referrals and early help, by their dates alone.

Child protection plans, care, enquiries and what an assessment found never cross, so nothing here is
made of them; nor of what the police told. What officers recorded is for the model and not shown:
only help that a family took up has words.
"""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Measure, Theme
from features.measures import any_live, any_while, month_of, open_end

_OWNER = "Director of Children's Services"


def _shelf(block: str) -> Shelf:
    return Shelf(theme=Theme.FAMILY, block=block, owner=_OWNER, source_words="Family help records")


_CONTACT = _shelf("contact")
_NEED = _shelf("family_need")
_HELP = _shelf("early_help")

_HELP_BEGAN = "earl_episode_start_date"
_HELP_ENDED = "earl_episode_end_date"

HELPERS: dict[str, Measure] = {}

FEATURES = (
    *_CONTACT.counted(
        "family_contacts",
        (12,),
        "cont_contact_source_code IS DISTINCT FROM '6'",
        says="Contacts with children's services about children at home, but for the police's",
        one=None,
    ),
    _NEED.yes_no(
        "family_need_open",
        any_live("cine_referral_date", "cine_close_date", "NOT coalesce(cine_referral_nfa, FALSE)"),
        says="A child at home is open to children's social care, whatever the reason",
        direction=1,
        one=None,
    ),
    _HELP.yes_no(
        "family_help_began_12m",
        any_while("TRUE", month_of(_HELP_BEGAN), f"{month_of(_HELP_BEGAN)} + 12"),
        says="Early help for the family began in the last 12 months",
        direction=1,
        one="A family worker began to help them {when}",
        window=12,
    ),
)

STRENGTHS = (
    _HELP.strengths(Theme.CONNECTED).yes_no(
        "strength_family_help",
        any_live(_HELP_BEGAN, _HELP_ENDED),
        says="Early help for the family is open",
        direction=0,
        one="A family worker was already helping them",
    ),
    _HELP.strengths(Theme.CONNECTED).yes_no(
        "strength_family_help_done",
        any_while(
            "earl_episode_end_reason = 'NEEDS_MET'",
            open_end(_HELP_ENDED),
            open_end(_HELP_ENDED, months=24),
        ),
        says="Early help ended in the last 24 months with needs met",
        direction=0,
        one="Help from a family worker ended with their needs met",
    ),
)
