"""Slack's message markup as safe HTML: all that was written is escaped, only our own tags stand."""

import html
import re
from collections.abc import Callable

from markupsafe import Markup

from bot.sandbox.slack.workspace import Workspace

_TOKEN = re.compile(
    r"```(?P<pre>.+?)```|`(?P<code>[^`\n]+)`|<(?P<angle>[^<>\n]+)>"
    r"|(?P<url>https?://[^\s<>|`\ue000\ue001]+[^\s<>|`.,;:!?)*_~\ue000\ue001])",
    re.DOTALL,
)
_SLOT = re.compile("\ue000(\\d+)\ue001")
_RESERVED = str.maketrans("", "", "\ue000\ue001")
_STYLES = tuple(
    (
        re.compile(
            rf"(?<![\w{mark}]){re.escape(mark)}(?=\S)([^\n]*?\S){re.escape(mark)}(?![\w{mark}])"
        ),
        tag,
    )
    for mark, tag in (("*", "strong"), ("_", "em"), ("~", "s"))
)
_SAFE_SCHEMES = ("https://", "http://", "mailto:", "tel:")
_DRAWN = {
    "white_check_mark": ("✔", "good"),
    "heavy_check_mark": ("✔", "good"),
    "warning": ("⚠", "care"),
    "rotating_light": ("⚠", "bad"),
    "x": ("✖", "bad"),
    "no_entry": ("⊘", "bad"),
    "hourglass": ("◷", "plain"),
    "hourglass_flowing_sand": ("◷", "plain"),
    "alarm_clock": ("◷", "plain"),
    "clock1": ("◷", "plain"),
    "stopwatch": ("◷", "plain"),
    "envelope": ("✉", "plain"),
    "email": ("✉", "plain"),
    "memo": ("✎", "plain"),
    "pencil2": ("✎", "plain"),
    "star": ("★", "care"),
    "telephone_receiver": ("☎", "plain"),
    "red_circle": ("●", "bad"),
    "large_red_circle": ("●", "bad"),
    "large_yellow_circle": ("●", "care"),
    "large_orange_circle": ("●", "care"),
    "large_green_circle": ("●", "good"),
    "large_blue_circle": ("●", "calm"),
    "white_circle": ("○", "plain"),
    "arrow_right": ("→", "plain"),
    "arrow_up": ("↑", "bad"),
    "arrow_down": ("↓", "calm"),
    "point_right": ("→", "plain"),
    "link": ("↔", "plain"),
    "handshake": ("⇄", "plain"),
    "twisted_rightwards_arrows": ("⇉", "plain"),
    "scissors": ("✂", "plain"),
    "inbox_tray": ("⇩", "plain"),
    "incoming_envelope": ("✉", "plain"),
    "ballot_box_with_check": ("☑", "good"),
    "octagonal_sign": ("⊘", "bad"),
    "fire": ("▲", "bad"),
    "zzz": ("☾", "calm"),
    "palm_tree": ("☼", "care"),
    "books": ("❏", "plain"),
    "heart": ("♥", "bad"),
}
"""Emoji drawn by signs that ordinary fonts have; not every computer has a font for the others."""
_EMOJI = {
    "eyes": "👀",
    "wave": "👋",
    "lock": "🔒",
    "mag": "🔍",
    "bulb": "💡",
    "tada": "🎉",
    "thumbsup": "👍",
    "+1": "👍",
    "thumbsdown": "👎",
    "robot_face": "🤖",
    "bar_chart": "📊",
    "speech_balloon": "💬",
    "paperclip": "📎",
}
_EMOJI_NAME = re.compile(r":([a-z0-9_+-]+):")


def literal(text: str) -> str:
    """Text with Slack's three entities read back, safe to stand in HTML."""
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return html.escape(text)


def emoji(text: str) -> str:
    """Names such as `:wave:` as signs, where they are known, in text that is safe already."""
    return _EMOJI_NAME.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    if found[1] in _DRAWN:
        glyph, colour = _DRAWN[found[1]]
        return f'<span class="sign {colour}" role="img" aria-label="{found[1]}">{glyph}</span>'
    return _EMOJI.get(found[1], found[0])


def plain_html(text: str) -> Markup:
    """A `plain_text` object: no markup but line breaks and emoji."""
    return Markup(emoji(html.escape(text)).replace("\n", "<br>"))  # noqa: S704 - escaped above


def to_html(text: str, workspace: Workspace) -> Markup:
    """A `mrkdwn` text as HTML.

    Args:
        text: As Slack stores it: `&`, `<` and `>` written as entities, mentions in angle brackets.
        workspace: Where mentioned members, channels and groups are found.
    """
    slots: list[str] = []

    def keep(made: str) -> str:
        slots.append(made)
        return f"\ue000{len(slots) - 1}\ue001"

    cut = _TOKEN.sub(lambda found: keep(_token(found, workspace)), text.translate(_RESERVED))
    styled = _quotes(_style(emoji(literal(cut))))
    # Every part was escaped by `literal` or made by us.
    return Markup(_filled(styled, slots))  # noqa: S704 - see the line above


def _filled(text: str, slots: list[str]) -> str:
    return _SLOT.sub(lambda found: slots[int(found[1])], text)


def _style(text: str) -> str:
    for pattern, tag in _STYLES:
        text = pattern.sub(rf"<{tag}>\1</{tag}>", text)
    return text


def _quotes(text: str) -> str:
    made: list[str] = []
    quoted: list[str] = []
    for line in text.split("\n"):
        if line.startswith("&gt;"):
            quoted.append(line.removeprefix("&gt;").removeprefix(" "))
            continue
        if quoted:
            made.append(f"<blockquote>{'<br>'.join(quoted)}</blockquote>")
            quoted = []
        made.append(f"{line}<br>")
    if quoted:
        made.append(f"<blockquote>{'<br>'.join(quoted)}</blockquote>")
    return "".join(made).removesuffix("<br>")


def _token(found: re.Match[str], workspace: Workspace) -> str:
    if found["pre"] is not None:
        return f"<pre>{literal(found['pre'].strip(chr(10)))}</pre>"
    if found["code"] is not None:
        return f"<code>{literal(found['code'])}</code>"
    if found["url"] is not None:
        return _link(found["url"], found["url"])
    target, _, label = found["angle"].partition("|")
    for sign, make in _MENTIONS.items():
        if target.startswith(sign):
            return make(target.removeprefix(sign), label, workspace)
    return _link(target, label or target)


def _link(address: str, label: str) -> str:
    shown = emoji(literal(label))
    plain = address.replace("&amp;", "&")
    if not plain.lower().startswith(_SAFE_SCHEMES):
        return shown
    return f'<a href="{html.escape(plain)}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _mention(words: str) -> str:
    return f'<span class="mention">{html.escape(words)}</span>'


def _user(target: str, label: str, workspace: Workspace) -> str:
    user = workspace.users.get(target)
    return _mention(f"@{user.name if user else label or target}")


def _room(target: str, label: str, workspace: Workspace) -> str:
    room = workspace.channels.get(target)
    return _mention(f"#{room.name if room else label or target}")


def _group(target: str, label: str, workspace: Workspace) -> str:
    group = workspace.usergroups.get(target)
    return _mention(f"@{group.handle}" if group else label or f"@{target}")


def _date(target: str, label: str, workspace: Workspace) -> str:
    del workspace
    return literal(label or target)


def _special(target: str, label: str, workspace: Workspace) -> str:
    del workspace
    return _mention(label or f"@{target}")


_MENTIONS: dict[str, Callable[[str, str, Workspace], str]] = {
    "@": _user,
    "#": _room,
    "!subteam^": _group,
    "!date^": _date,
    "!": _special,
}
