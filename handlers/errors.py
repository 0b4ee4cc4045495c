"""Errors that a person reads: the text of each is fit for an officer.

CaseError
├── UnknownCase
├── StaleCase
└── NotAllowed
DecisionRefusedError
├── UnknownArticleError
└── StaleDecisionError
"""


class CaseError(Exception):
    """What an officer asked for was not done; the text says why."""


class UnknownCase(CaseError):  # noqa: N818  named as the design names it
    """No case has this number."""

    def __init__(self, case_id: int) -> None:
        super().__init__(f"There is no case with the number {case_id}.")


class StaleCase(CaseError):  # noqa: N818
    """The case changed since the officer's card was drawn."""

    def __init__(self, what_changed: str) -> None:
        self.what_changed = what_changed
        super().__init__(
            f"This case changed in the meantime: {what_changed}. "
            "The card now shows it as it is; please look, then press again."
        )


class NotAllowed(CaseError):  # noqa: N818
    """The action does not fit the case's state, or the person may not do it."""


class DecisionRefusedError(Exception):
    """A knowledge owner's decision was not kept; the text is one line that says why."""


class UnknownArticleError(DecisionRefusedError):
    """No article has this id."""

    def __init__(self, article: str) -> None:
        super().__init__(f"There is no article with the id {article[:80]!r}, so nothing was kept.")


class StaleDecisionError(DecisionRefusedError):
    """The article changed since the owner's page was made."""

    def __init__(self, what_changed: str) -> None:
        super().__init__(
            f"This article changed since you opened the page: {what_changed}. "
            "Nothing was kept; please look at it as it is now, then decide again."
        )


class AlreadyDoneError(Exception):
    """Another worker finished this piece of work first; there is nothing left to do."""


class StoreUnavailableError(Exception):
    """The database is away; nothing was done, and the same may work later."""
