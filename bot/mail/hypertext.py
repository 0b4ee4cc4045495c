"""HTML to text, with what mail programs mark as quoted set apart."""

import re
from dataclasses import dataclass

from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree, html  # type: ignore[import-untyped]  # lxml publishes no types

from bot.mail.charsets import storable
from bot.mail.edge import guarded
from bot.mail.footer_words import ASKING
from bot.mail.quote_words import FORWARDED

MOST_CHARACTERS = 500_000
"""So much of a page is laid out, a second's work; of the rest only the words are taken."""

MOST_ELEMENTS = 50_000
"""A page with more elements is turned to text without a layout."""

_MOST_SLOTS = 1_000
_QUOTE_CLASSES = {
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "ms-outlook-mobile-reference-message",
    "replyforwardmessage",
    "mail-quote-collapse",
    "clean_bq",
}
_SIGNATURES = {
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-signature",
    "signature",
    "x_signature",
    "protonmail_signature_block",
    "ms-outlook-mobile-signature",
    "applemailsignature",
    "tutanota_signature",
    "mobile-signature",
}
_LONGEST_SIGNATURE = 2_000
_QUOTE_IDS = {"olk_src_body_section", "mail-editor-reference-message-container", "isreplycontent"}
_CUT_IDS = {"divrplyfwdmsg", "x_divrplyfwdmsg", "appendonsend", "x_appendonsend"}
_OUTLOOK_RULE = re.compile(
    r"border(?:-top)?:\s*(?:none;\s*)?(?:border-top:\s*)?solid\s+#(?:e1e1e1|b5c4df)\s+1\.0pt"
)
_END_OF_PAGE = re.compile(r"</(?:html|body)\s{0,9}>", re.IGNORECASE)
"""Programs put text below the end of a page, where the parser would not look for it."""

_SLOT = re.compile("\ue000([0-9]+)\ue001")
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"].copy(), display_links=False)
_CUT = "-----Original Message-----"


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page twice: as it reads, and with `>` before the lines that are quoted."""

    text: str
    marked: str


@dataclass(frozen=True, slots=True)
class _Slot:
    """What stands in the place of an element: as it reads, and as quotes are looked for."""

    text: str
    marked: str
    opened: bool = False
    """Whether the element stays, the slot before it."""


def read(page: str) -> PageText:
    """The text of an HTML mail. Nothing is raised."""
    page = re.sub(r"[\ue000\ue001]", "", page)
    page = re.sub(r"^\s*<\?xml[^>]*>", "", page)
    page = _END_OF_PAGE.sub(" ", page)
    first, rest = page[:MOST_CHARACTERS], page[MOST_CHARACTERS:]
    bare = _without_layout(first)
    laid_out = PageText(bare, bare)
    if first.count("<") <= 2 * MOST_ELEMENTS:
        laid_out = guarded(lambda: _read(first), laid_out)
    below = _without_layout(rest)
    return PageText(f"{laid_out.text}\n{below}".strip(), f"{laid_out.marked}\n{below}".strip())


def _read(page: str) -> PageText:
    if not page.strip():
        return PageText("", "")
    tree = html.document_fromstring(page)
    etree.strip_elements(tree, "script", "style", "head", "title", etree.Comment, with_tail=False)
    slots: list[_Slot] = []
    waiting = [tree]
    while waiting and len(slots) < _MOST_SLOTS:
        element = waiting.pop()
        slot = _put_slot(element, len(slots)) if isinstance(element.tag, str) else None
        if slot is not None:
            slots.append(slot)
        if slot is None or slot.opened:
            waiting.extend(reversed(element))
    laid_out = _rendered(tree)
    text = _tidy(_SLOT.sub(lambda slot: slots[int(slot[1])].text, laid_out))
    marked = _tidy(_SLOT.sub(lambda slot: slots[int(slot[1])].marked, laid_out))
    return PageText(text, marked or text)


def _put_slot(element: etree._Element, number: int) -> _Slot | None:
    """Put a numbered slot in the place of a quotation, or of what a program signed."""
    parent = element.getparent()
    if parent is None:
        return None
    slot = etree.Element("p")
    slot.text = f"\ue000{number}\ue001"
    if _is_cut(element):
        parent.insert(parent.index(element), slot)
        return _Slot("", _CUT, opened=True)
    quote, signature = _is_quote(element), _is_signature(element)
    if not quote and not signature:
        return None
    tail, element.tail = element.tail, None
    text = _rendered(element).strip("\n")
    element.tail = tail
    if not quote and (len(text) > _LONGEST_SIGNATURE or ASKING.search(text)):
        return None  # some write their letter into the signature's place
    slot.tail, element.tail = tail, None
    parent.replace(element, slot)
    return _Slot(text, _marked(text) if quote else "")


def _is_signature(element: etree._Element) -> bool:
    names = {*element.get("class", "").lower().split(), element.get("id", "").lower()}
    return bool(names & _SIGNATURES)


def _is_quote(element: etree._Element) -> bool:
    classes = set(element.get("class", "").lower().split())
    if element.tag == "blockquote":
        return (
            element.get("type", "").lower() == "cite"
            or element.get("cite") is not None
            or any("quote" in name for name in classes)
            or "border-left" in element.get("style", "").lower()
        )
    if element.get("name", "").lower() == "quote" and element.tag == "div":
        return True
    if "gmail_quote" in classes:
        # Answers that are typed below or between stand in this element too.
        return element.find(".//blockquote") is None
    return bool(classes & _QUOTE_CLASSES) or element.get("id", "").lower() in _QUOTE_IDS


def _is_cut(element: etree._Element) -> bool:
    if element.get("id", "").lower() in _CUT_IDS:
        return True
    style = element.get("style", "").lower() if element.tag == "div" else ""
    return "1.0pt" in style and _OUTLOOK_RULE.search(style) is not None


def _rendered(element: etree._Element) -> str:
    return str(Inscriptis(element, _CONFIG).get_text())


def _marked(quotation: str) -> str:
    """A quotation as plain-text mail would show it; a forwarded message is not marked."""
    first = next((line for line in quotation.split("\n") if line.strip()), "")
    if FORWARDED.search(first):
        return quotation
    return "\n".join(f"> {line}".rstrip() for line in quotation.split("\n"))


def _without_layout(page: str) -> str:
    """The words of a page that is too large or too broken to lay out."""
    for name in ("script", "style", "head"):
        page = _without_element(page, name)
    page = re.sub(r"(?i)<(?:br|p|div|tr|li|h[1-6])\b[^>]*>", "\n", page)
    return _tidy(re.sub(r"<[^<>]*>", " ", page))


def _without_element(page: str, name: str) -> str:
    """The page without what stands between the tags of one name; one pass, whatever it holds."""
    kept: list[str] = []
    position = 0
    opens, closes = re.compile(rf"(?i)<{name}\b"), re.compile(rf"(?i)</{name}\s{{0,9}}>")
    while (start := opens.search(page, position)) and (end := closes.search(page, start.end())):
        kept += [page[position : start.start()], " "]
        position = end.end()
    return "".join(kept) + page[position:]


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in storable(text).replace("\u00a0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
