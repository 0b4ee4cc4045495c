"""Cases, and what stands behind them, of any words: for the laws of cards."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from handlers.authentication import Authentication, Verdict
from handlers.case_background import Background, EarlierEnquiry
from handlers.case_need import Need
from handlers.case_now import CaseNow, LinkView
from handlers.case_tables import LinkKind, Priority
from handlers.case_view import CaseView, EventView, MessageView, TroubleView
from handlers.clocks import Clock, ClockName, ClockState
from handlers.similar_cases import SimilarCase
from handlers.tables import CaseState
from triage.decision import EnquiryType, Flag, PassageHit, Reason
from triage.organisation import Organisation

LATE = timedelta(days=9)
REFERENCE = "ENQ-7K3MQD-4T9P"
WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NASTY = ("<!channel>", "<@UANA>", "&amp;", "*b* _i_ `c`", "https://evil.example", "\U0001f600" * 50)
hostile = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(NASTY),
        st.text(alphabet="&<>", max_size=400),
        st.integers(1, 3000).map(lambda n: "<&>\n"[n % 4] * n),
    ),
    max_size=8,
).map("".join)
words = st.lists(hostile, max_size=12).map(tuple)
seconds = st.just(WHEN)

messages = st.builds(
    MessageView,
    id=st.integers(1, 9),
    direction=st.just("in"),
    author=hostile,
    author_name=hostile,
    text=hostile,
    automatic_reason=st.none() | st.just("auto-submitted"),
    authentication=st.none()
    | st.builds(
        Authentication, verdict=st.sampled_from(Verdict), by=hostile, spf=hostile, domain=hostile
    ),
    at=seconds,
)
troubles = st.builds(
    TroubleView,
    id=st.integers(1, 2**60),
    kind=st.sampled_from(("answer", "officer")),
    transport=st.just("mail"),
    recipient=hostile,
    state=st.sampled_from(("held", "failed")),
    error=st.none() | hostile,
)
events = st.builds(
    EventView,
    version=st.integers(1, 99),
    kind=st.sampled_from(("opened", "claim", "reply", "resolve", "write_again", "other")),
    actor_name=hostile,
    at=seconds,
)
drafts = st.lists(
    st.one_of(
        hostile,
        hostile.map(lambda words: f"\n[From guidance: a, p, for “{words}”]\n"),
        hostile.map(lambda words: f"\n[Please answer: “{words}”]\n"),
    ),
    max_size=20,
).map("".join)
cases = st.builds(
    CaseView,
    id=st.integers(1, 2**60),
    version=st.integers(1, 2**31),
    state=st.sampled_from(CaseState),
    reference=st.just(REFERENCE),
    channel=st.sampled_from(("email", "slack")),
    subject=hostile,
    requester=hostile,
    requester_name=hostile,
    earlier_enquiries=st.integers(0, 10**6),
    types=st.lists(st.sampled_from([*map(str, EnquiryType), "new_type"])).map(tuple),
    flags=st.lists(st.sampled_from([*map(str, Flag), "new_flag"])).map(tuple),
    reasons=words.map(lambda many: tuple(Reason(rule="r", text=one) for one in many)),
    summary=hostile,
    draft=drafts,
    passages=st.lists(
        st.builds(
            PassageHit,
            article=hostile,
            version=st.integers(1, 99),
            passage=st.just("p"),
            score=st.just(1.0),
        ),
        max_size=6,
    ).map(tuple),
    officer=st.none() | st.just("UANA"),
    officer_name=st.none() | hostile,
    resolution=st.none() | st.sampled_from(("answered", "spam", "unknown")),
    opened_at=seconds,
    resolved_at=st.none(),
    messages=st.lists(messages, max_size=2).map(tuple),
    events=st.lists(events, max_size=3).map(tuple),
    troubles=st.lists(troubles, max_size=3).map(tuple),
    slack_channel=st.none(),
    slack_ts=st.none(),
    now=st.builds(
        CaseNow,
        priority=st.sampled_from(Priority),
        snoozed_until=st.none() | seconds,
        merged_into=st.none() | st.just(REFERENCE),
        links=st.lists(
            st.builds(
                LinkView,
                reference=st.just(REFERENCE),
                kind=st.sampled_from(LinkKind),
                from_here=st.booleans(),
            ),
            max_size=3,
        ).map(tuple),
        writing=st.lists(hostile, max_size=2).map(tuple),
        undo=st.none() | st.integers(1, 2**31),
    ),
)

backgrounds = st.builds(
    Background,
    need=st.builds(Need, words=hostile, question=hostile),
    organisation=st.none()
    | st.builds(Organisation, name=hostile, read_from=st.sampled_from(("signature", "address"))),
    chances=st.dictionaries(st.sampled_from([*map(str, EnquiryType)]), st.floats(0, 1)),
    earlier=st.lists(
        st.builds(
            EarlierEnquiry, reference=hostile, subject=hostile, opened_at=seconds, ended=hostile
        ),
        max_size=3,
    ).map(tuple),
    similar=st.lists(
        st.builds(
            SimilarCase,
            reference=hostile,
            summary=hostile,
            resolution=st.none() | hostile,
            officer_name=st.none() | hostile,
            resolved_at=st.none() | seconds,
        ),
        max_size=3,
    ).map(tuple),
    clocks=st.lists(
        st.builds(
            Clock,
            name=st.sampled_from(ClockName),
            state=st.sampled_from(ClockState),
            started_at=seconds,
            due=st.none() | seconds,
            left=st.timedeltas(),
            ended_at=st.none() | seconds,
        ),
        max_size=len(ClockName),
    ).map(tuple),
)
MOST_OF_A_CARD = 13_000
"""Units of all text of a card: Slack refuses blocks that are too long together."""


def texts(part: object) -> list[str]:
    """The mrkdwn of some blocks."""
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == "mrkdwn" else []
        return own + [text for value in part.values() for text in texts(value)]
    return [text for one in part for text in texts(one)] if isinstance(part, list) else []


def inert(blocks: object) -> bool:
    """Whether no text can mention, broadcast or link but by what we wrote: a time of ours."""
    return not any(
        "<" in text.replace("<!date^", "") or ">" in unquoted(text) or "://" in text
        for text in texts(blocks)
    )


def unquoted(text: str) -> str:
    """Without the marks of quotations and the end of our own time."""
    lines = (line.removeprefix("> ") for line in text.split("\n"))
    return "\n".join(lines).replace(" UTC>", "")
