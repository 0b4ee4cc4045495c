"""Slack's markup becomes HTML in which nothing stands that was not ours."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.slack
from bot.sandbox.slack import User, Workspace
from bot.sandbox.slack.composer import typed
from bot.sandbox.slack.mrkdwn import plain_html, to_html

OURS = {"strong", "em", "s", "br", "a", "span", "code", "pre", "blockquote"}


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace()
    made.add_user(User("U1", "asha", "Asha Verma"))
    return made


class Seen(HTMLParser):
    """Collects tags and addresses of what a browser would build."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("*bold* _slant_ ~gone~", "<strong>bold</strong> <em>slant</em> <s>gone</s>"),
        ("`x*y*`", "<code>x*y*</code>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("a &lt;b&gt; &amp;amp;", "a &lt;b&gt; &amp;amp;"),
        ("&gt; quoted\nand not", "<blockquote>quoted</blockquote>and not"),
        ("```\na < b\n```", "<pre>a &lt; b</pre>"),
        ("<@U1> <!here>", '<span class="mention">@asha</span> <span class="mention">@here</span>'),
        ("<javascript:alert(1)|press>", "press"),
        ("<!date^1^{date}|today>", "today"),
    ],
)
def test_markup_is_drawn_as_slack_draws_it(workspace: Workspace, text: str, made: str) -> None:
    assert str(to_html(text, workspace)) == made


def test_a_link_within_bold_keeps_its_label(workspace: Workspace) -> None:
    made = str(to_html("*<https://example.org/?a=1&amp;b=2|Case *12*>*", workspace))
    assert 'href="https://example.org/?a=1&amp;b=2"' in made
    assert made.startswith("<strong><a ")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<https://x" onmouseover="alert(1)|x>',
        "<https://example.org|<b>x</b>>",
        "```</pre><script>alert(1)</script>```",
        "`</code><script>`",
        '<@U1" onclick="x>',
        '<!subteam^S1|"><script>alert(1)</script>>',
        "\ue0000\ue001<script>",
        " javascript:alert(1)",
        "<data:text/html,<script>alert(1)</script>|x>",
    ],
)
def test_no_message_can_bring_its_own_markup(workspace: Workspace, text: str) -> None:
    _only_ours(str(to_html(text, workspace)))
    _only_ours(str(plain_html(text)))


@given(st.text(alphabet=st.sampled_from("<>&\"'`*_~|@#!:/ab \n\ue000\ue0010")))
def test_whatever_is_written_only_our_tags_stand(text: str) -> None:
    workspace = Workspace()
    _only_ours(str(to_html(text, workspace)))
    _only_ours(str(to_html(typed(text, workspace), workspace)))


def _only_ours(made: str) -> None:
    seen = Seen()
    seen.feed(made)
    assert seen.tags <= OURS
    for name, value in seen.attributes:
        assert name in {"href", "target", "rel", "class", "role", "aria-label"}
        if name == "href":
            assert re.match(r"https?://|mailto:|tel:", value or "", re.IGNORECASE)


def test_each_sign_that_the_bot_uses_is_drawn(workspace: Workspace) -> None:
    code = "".join(one.read_text() for one in Path(bot.slack.__file__).parent.rglob("*.py"))
    used = set(re.findall(r"[\"{ ](:[a-z_]+:)[ \"]", code))
    assert ":rotating_light:" in used
    assert {one for one in used if str(to_html(one, workspace)) == one} == set()
