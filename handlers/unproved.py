"""What a mail may do whose sender is not shown to be who they say, or took no part before."""

from handlers.authentication import is_forged
from handlers.case_tables import LinkKind
from handlers.enquiries import Arrival, case_of
from handlers.naming import Named
from handlers.related import keep_link
from handlers.tables import Enquiry
from handlers.unit import Unit
from triage.decision import Reason


def is_believed(arrival: Arrival) -> bool:
    """Whether no check of its sender failed; without that it joins no enquiry by itself.

    A returned mail comes from a machine of any name, and nobody is written to for it.
    """
    return arrival.message.is_bounce or not is_forged(arrival.authentication)


def why_apart(named: Named, *, believed: bool) -> Reason:
    """Why it stands apart from the enquiry that it names, for the officer who decides."""
    reference = named.enquiry.reference
    if believed:
        text = (
            f"They write about {reference}, but took no part in it until now. Merge the two cases "
            "if they belong together; until then tell them nothing of the other."
        )
        return Reason(rule="sender_took_no_part", text=text)
    if named.takes_part:
        under = "under the address of somebody who took part in it"
    else:
        under = "under an address that took no part in it"
    text = (
        f"They write about {reference} {under}, and a check of that address failed. "
        "Make sure who writes before you tell them anything."
    )
    return Reason(rule="sender_not_proved", text=text)


async def link_cases(unit: Unit, enquiry: Enquiry, named: Enquiry) -> None:
    """Have the cards of both enquiries name the other, where both have a case."""
    case, other = await case_of(unit, enquiry.id), await case_of(unit, named.id)
    if case is not None and other is not None:
        await keep_link(unit, case, other, LinkKind.RELATED)
