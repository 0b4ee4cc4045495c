"""Draws the page and its parts from the state, by Jinja templates that escape everything."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from bot.sandbox.slack.block_values import initial, options_of
from bot.sandbox.slack.model import Channel, Json, Message, User
from bot.sandbox.slack.mrkdwn import plain_html, to_html
from bot.sandbox.slack.place import Place
from bot.sandbox.slack.state import PretendSlack

_FOLDER = Path(__file__).parent.parent / "templates" / "slack"
_MOST_SHOWN = 100
_OWN_HOSTS = ("127.0.0.1", "localhost")


class Rendering:
    """Everything that the page shows, for one pretend Slack and the pages beside it."""

    def __init__(self, slack: PretendSlack, links: tuple[tuple[str, str], ...] = ()) -> None:
        self._slack = slack
        self._jinja = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            mrkdwn=self._mrkdwn,
            words=self._words,
            rich=to_html,
            initial=initial,
            options_of=options_of,
            clock=_clock,
            iso=_iso,
            hue=_hue,
            emoji=plain_html,
            shown_image=_shown_image,
            workspace=slack.workspace,
            beside=links,
        )

    def page(self, place: Place) -> str:
        """The whole page at a place."""
        return self._draw("page.html", place)

    def parts(self, place: Place) -> Json:
        """What may have changed on an open page, as HTML, and the modal in front."""
        view = self._slack.views.top(place.user.id)
        return {
            "sidebar": self._draw("sidebar.html", place),
            "messages": self._draw("messages.html", place),
            "replies": self._draw("replies.html", place),
            "modal": self._draw("modal.html", place),
            "view": f"{view.id} {view.hash}" if view else "",
        }

    def _draw(self, template: str, place: Place) -> str:
        slack = self._slack
        messages = self._messages(place)
        return self._jinja.get_template(template).render(
            place=place,
            slack=slack,
            people=[user for user in slack.workspace.users.values() if not user.is_bot],
            rooms=[room for room in slack.workspace.channels.values() if room.kind != "im"],
            directs=[(room, self._other(room, place.user)) for room in self._directs(place.user)],
            messages=messages[-_MOST_SHOWN:],
            earlier=max(0, len(messages) - _MOST_SHOWN),
            replies=self._replies(place),
            reply_count=partial(self._reply_count, place),
            home=slack.views.home(place.user.id),
            view=slack.views.top(place.user.id),
            link=link,
            author=self._author,
        )

    def _directs(self, user: User) -> list[Channel]:
        rooms = self._slack.workspace.channels.values()
        return [room for room in rooms if room.kind == "im" and user.id in room.members]

    def _other(self, room: Channel, user: User) -> User:
        other = next((member for member in room.members if member != user.id), user.id)
        return self._slack.workspace.users[other]

    def _messages(self, place: Place) -> list[Message]:
        if place.channel is None:
            return []
        return self._slack.workspace.history(place.channel.id, place.user.id)

    def _replies(self, place: Place) -> list[Message]:
        if place.channel is None or place.thread is None:
            return []
        return self._slack.workspace.thread(place.channel.id, place.thread, place.user.id)

    def _reply_count(self, place: Place, message: Message) -> int:
        root = message.thread_ts or message.ts
        thread = self._slack.workspace.thread(message.channel, root, place.user.id)
        return sum(1 for one in thread if one.is_reply)

    def _author(self, message: Message) -> User:
        return self._slack.workspace.users[message.user]

    def _mrkdwn(self, text: str) -> Markup:
        return to_html(text, self._slack.workspace)

    def _words(self, text: Json) -> Markup:
        """A text object."""
        if text["type"] == "mrkdwn":
            return self._mrkdwn(text["text"])
        return plain_html(text["text"])


def link(place: Place, **change: Any) -> str:
    """The address of another place seen by the same person, or of this place by another."""
    query = {
        "as": place.user.id,
        "channel": place.channel.id if place.channel else "home",
        "thread": place.thread,
    } | change
    return "/?" + urlencode({name: value for name, value in query.items() if value})


def _clock(ts: str) -> str:
    return datetime.fromtimestamp(float(ts), UTC).astimezone().strftime("%H:%M")


def _iso(ts: str) -> str:
    return datetime.fromtimestamp(float(ts), UTC).isoformat(timespec="seconds")


def _hue(user_id: str) -> int:
    """One of eight avatar colours."""
    return sum(map(ord, user_id)) % 8


def _shown_image(address: str) -> bool:
    """Whether a picture is on this machine; the page loads nothing from elsewhere."""
    return urlsplit(address).hostname in _OWN_HOSTS
