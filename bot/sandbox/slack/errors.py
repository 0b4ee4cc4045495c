"""The refusals of the pretend Slack, as its Web API words them."""


class SlackError(Exception):
    """A call that Slack refuses.

    Args:
        code: Slack's word for it, such as `channel_not_found`.
        messages: What is wrong in detail, told in `response_metadata.messages`.
        status: HTTP status; Slack answers 200 to nearly every refusal.
        retry_after: Seconds to wait, told in the header `Retry-After`.
    """

    def __init__(
        self,
        code: str,
        *,
        messages: tuple[str, ...] = (),
        status: int = 200,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages
        self.status = status
        self.retry_after = retry_after
