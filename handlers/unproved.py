"""What a mail may do whose sender is not shown to be who they say."""

from handlers.authentication import is_forged
from handlers.enquiries import Arrival
from handlers.tables import Enquiry
from triage.decision import Reason


def may_join(arrival: Arrival) -> bool:
    """Whether it may join an enquiry by itself: no check of its sender failed.

    A returned mail comes from a machine of any name, and nobody is written to for it.
    """
    return arrival.message.is_bounce or not is_forged(arrival.authentication)


def why_apart(named: Enquiry) -> Reason:
    """Why it stands apart from the enquiry that it names, for the officer who decides."""
    text = (
        f"They write about {named.reference} under the address of somebody who took part in it, "
        "but a check of that address failed. Make sure who writes before you tell them anything."
    )
    return Reason(rule="sender_not_proved", text=text)
