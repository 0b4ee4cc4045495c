"""A post in Slack: what is kept of its event, and how that is read as a message."""

import html
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from handlers.enquiries import Arrival
from handlers.inbound import Waiting
from handlers.slack_threads import OfficersWord, key_of
from triage.message import Message

SUBJECT_CHARACTERS = 100
_TOKEN = re.compile(r"<([^<>]*)>")
_FIRST = re.compile(r"\s*<(?:@[A-Z0-9]+|!subteam\^[A-Z0-9]+)(?:\|[^<>]*)?>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")


def storable(text: str) -> str:
    """The text without what PostgreSQL and UTF-8 refuse: NULs and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


Text = Annotated[str, AfterValidator(storable)]


class Post(BaseModel):
    """What triage needs of a post; kept as JSON, since the event itself holds much more."""

    model_config = ConfigDict(frozen=True)

    channel: str
    ts: str
    thread_ts: str | None = None
    user: str
    user_name: Text = ""
    text: Text = ""
    """As Slack sent it, its marks of mentions and links included."""
    bot: str | None = None
    """The bot that was spoken to: its mention is no part of the question."""
    names: dict[str, Text] = {}
    """Names of the members that the text mentions."""
    attachments: tuple[dict[str, Any], ...] = ()
    pieces: tuple[tuple[str, str], ...] = ()
    """Where several posts are one question: the ts and text of each, in their order."""
    said_by_officers: tuple[OfficersWord, ...] = ()
    """What officers wrote below it before it was triaged."""

    @property
    def thread(self) -> str:
        """The ts of the thread that an answer goes to."""
        return self.thread_ts or self.ts

    @property
    def is_reply(self) -> bool:
        """Whether it stands below another post."""
        return self.thread_ts is not None and self.thread_ts != self.ts


def read_inbound(waiting: Waiting) -> Arrival:
    """A kept post as an arrival. Raises pydantic's ValidationError where it is none of ours."""
    post = Post.model_validate_json(waiting.raw)
    text = plain(post.text, post.names, without=post.bot)
    return Arrival(
        inbound_id=waiting.id,
        message=Message(
            channel="slack",
            sender=post.user,
            sender_name=post.user_name,
            subject=subject_of(text),
            text=text,
            new_text=text,
        ),
        reply_to=post.user,
        message_id=key_of(post.channel, post.ts),
        attachments=post.attachments,
        slack_channel=post.channel,
        slack_thread=post.thread,
        said_by_officers=post.said_by_officers,
        raw_size=len(waiting.raw),
    )


def with_piece(first: bytes, second: bytes) -> bytes:
    """A kept post, with a further piece of what its writer has to say."""
    post, piece = Post.model_validate_json(first), Post.model_validate_json(second)
    begun = post.pieces or ((post.ts, post.text),)
    # Slack may tell of posts in another order than they were written in.
    pieces = tuple(sorted((*begun, (piece.ts, piece.text))))
    return _kept(
        post,
        ts=pieces[0][0],
        text="\n".join(text for _, text in pieces),
        pieces=pieces,
        names={**post.names, **piece.names},
        attachments=(*post.attachments, *piece.attachments),
    )


def with_officers_word(question: bytes, word: bytes) -> bytes:
    """A kept post, with what an officer wrote below it."""
    post, said = Post.model_validate_json(question), Post.model_validate_json(word)
    return _kept(post, said_by_officers=(*post.said_by_officers, officers_word(said)))


def officers_word(post: Post) -> OfficersWord:
    """A post of an officer in an enquirer's thread."""
    text = plain(post.text, post.names, without=post.bot)
    return OfficersWord(key_of(post.channel, post.ts), post.user_name or post.user, text)


def _kept(post: Post, **changes: object) -> bytes:
    return post.model_copy(update=changes).model_dump_json().encode()


def mentioned(text: str) -> list[str]:
    """The members that a text mentions, each once."""
    return list(dict.fromkeys(_MENTION.findall(text)))


def is_talk(text: str, bot: str | None, *, by_officer: bool) -> bool:
    """Whether a post in a channel for questions is plainly meant for people, not for us.

    It begins with the name of somebody else, or an officer wrote it and asks nothing. All else
    may be a question, which a person gets where triage doubts.
    """
    named = mentioned(text)
    if bot is not None and bot in named:
        return False
    begins = _FIRST.match(text)
    return begins is not None or (by_officer and "?" not in text)


def plain(text: str, names: dict[str, str], *, without: str | None = None) -> str:
    """A post's text as its writer saw it: mentions as names, links as label and address.

    The marks are those of https://docs.slack.dev/messaging/formatting-message-text.
    """
    shown = _TOKEN.sub(lambda found: _shown(found[1], names, without), text)
    lines = (re.sub(r"[ \t]{2,}", " ", line).strip() for line in shown.splitlines())
    return html.unescape("\n".join(lines)).strip()


def subject_of(text: str) -> str:
    """The first line, shortened to serve as a subject."""
    line = next((line for line in text.splitlines() if line.strip()), "").strip()
    if len(line) <= SUBJECT_CHARACTERS:
        return line
    return line[:SUBJECT_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _shown(token: str, names: dict[str, str], without: str | None) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        member = target[1:]
        return "" if member == without else f"@{names.get(member) or label or member}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label and label != address else address
