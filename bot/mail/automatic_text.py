# ruff: noqa: RUF001, E501 - words of other languages and long alternatives are this file's purpose
"""Automatic mail that only its words give away: absence notices, acknowledgements, challenges.

A person may use any one of these phrases, so two of different kinds are asked for, in a
short text that asks nothing; a message that a person forwards is never judged by them.
"""

import re

from bot.mail.footer_words import ASKING

_MOST_WORDS = 160
_FORWARDED = re.compile(r"^\W*(?:fwd?|wg|tr|rv|vs|vb|i|pd|enc|doorst)\s*:", re.IGNORECASE)

_ABSENT = re.compile(
    r"\b(?:i\s+am|i'm|i\s+will\s+be|i'll\s+be|we\s+are)\s+(?:currently\s+|now\s+|presently\s+)?(?:away\b|out\s+of\s+(?:the\s+)?office|on\s+(?:\w+\s+){0,2}(?:leave|holiday|vacation)|not\s+in\s+the\s+office|absent)"
    r"|\bich\s+bin\s.{0,60}(?:nicht\s+(?:im\s+büro|im\s+haus|erreichbar|da)|abwesend|im\s+urlaub|außer\s+haus)|bin\s+ich\s.{0,40}(?:nicht\s+im\s+büro|abwesend|im\s+urlaub)"
    r"|\bje\s+(?:suis|serai)\s+(?:actuellement\s+)?(?:absente?|en\s+(?:congés?|vacances|déplacement))"
    r"|\b(?:estoy|estaré)\s.{0,30}(?:fuera\s+de\s+(?:la\s+)?oficina|de\s+vacaciones|ausente)|\b(?:sono|sarò)\s.{0,20}(?:fuori\s+(?:ufficio|sede)|in\s+ferie|assente)"
    r"|\b(?:estou|estarei)\s.{0,20}(?:ausente|fora\s+do\s+escritório|de\s+férias)|\bik\s+ben\s.{0,40}(?:afwezig|niet\s+(?:aanwezig|op\s+kantoor)|met\s+(?:vakantie|verlof))"
    r"|\bjag\s+är\s.{0,40}(?:på\s+semester|inte\s+på\s+kontoret|frånvarande|tjänstledig|föräldraledig)|\bjeg\s+er\s.{0,40}(?:på\s+ferie|ikke\s+på\s+kontoret|fraværende|på\s+orlov|bortreist)"
    r"|\bolen\s.{0,30}(?:lomalla|poissa|vapaalla)|\bprzebywam\s+na\s+(?:urlopie|zwolnieniu)|\bjestem\s.{0,30}(?:na\s+urlopie|nieobecn|poza\s+biurem)"
    r"|\b(?:jsem|budu)\s.{0,30}(?:mimo\s+kancelář|na\s+dovolené|nepřítom)|\bя\s.{0,30}(?:в\s+отпуске|в\s+командировке|отсутствую)|\bя\s.{0,30}(?:у\s+відпустці|відсутн)"
    r"|\bszabadságon\s+vagyok|\b(?:izindeyim|izinde\s+olacağım|ofis\s+dışındayım)|\brydw\s+i\s.{0,30}(?:allan\s+o'r\s+swyddfa|ar\s+wyliau|i\s+ffwrdd)"
    r"|休暇|不在にして|休假|出差|外出|휴가|부재중|εκτός\s+γραφείου|σε\s+άδεια",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:until|returning|return\s+on|back\s+(?:on|in)|limited\s+access|no\s+access|urgent|in\s+my\s+absence|on\s+my\s+return|when\s+i\s+return)\b"
    r"|\bbis\s+(?:zum|einschließlich)\b|dringend|keinen\s+zugriff|\bjusqu'au\b|urgence|urgent|\bhasta\b|urgente|urgencia|\bfino\s+al\b|urgenz"
    r"|\baté\b|urgência|\btot\s+(?:en\s+met\s+)?\d|dringende|brådskande|åter\s+(?:på|den|i)|tilbag?ke\b|hastesager|haster|palaan|kiireelli|\bdo\s+\d|pilnych"
    r"|naléhav|\bdo\s+dne|до\s+\d|срочн|терміново|sürgős|acil|\btan\b|brys|緊急|戻り|紧急|急|긴급|복귀|επείγ",
    re.IGNORECASE,
)
_MADE_BY_MACHINE = re.compile(
    r"(?:^|[.!\n(*]\s*)(?:please\s+note\s+(?:that\s+)?)?(?:this\s+(?:is\s+an?|e-?mail\s+is\s+an|message\s+is\s+an)\s+auto(?:mated|matic|matically\s+generated|-?generated|-?reply|-?response)\b"
    r"|this\s+(?:e-?mail|message|reply|response|notification|mail)\s+(?:has\s+been|was|is)\s+(?:sent\s+)?automatically\b"
    r"|(?:please\s+)?do\s+not\s+(?:reply|respond)\s+(?:directly\s+)?to\s+this\b|this\s+(?:mailbox|inbox|address|e-?mail\s+address)\s+(?:is\s+not|isn't)\s+(?:monitored|read|attended)\b"
    r"|diese\s+(?:e-?mail|nachricht)\s+wurde\s+automatisch|dies\s+ist\s+eine\s+automati|ce(?:ci\s+est\s+un)?\s+(?:message|courriel|e-?mail)\s+(?:est\s+)?(?:a\s+été\s+)?(?:généré\s+)?automatique"
    r"|este\s+(?:es\s+un\s+|é\s+um[a]?\s+)?(?:mensaje|correo|mensagem|e-?mail)\s.{0,20}autom[aá]tic|questo\s+(?:è\s+un\s+)?messaggio\s.{0,20}automatic|dit\s+is\s+een\s+automati"
    r"|detta\s+är\s+ett\s+automat|dette\s+er\s+e[tn]\s+automat|tämä\s+on\s+automaatti|wiadomość\s+(?:została\s+)?wygenerowana\s+automatycznie|это\s+автоматическ)"
    r"|\bthis\s+message\s+has\s+been\s+automatically\s+generated\b",
    re.IGNORECASE,
)
_RECEIVED = re.compile(
    r"\b(?:ticket|case|request|reference|incident|call|enquiry)\s+(?:number|id|no\.?|ref\w*|has\s+been|#|\d)|(?:has|have)\s+been\s+(?:received|logged|created|registered|assigned)"
    r"|\bwe\s+(?:have\s+)?received\s+your\b|thank\s+you\s+for\s+(?:contacting|your\s+(?:e-?mail|message|enquiry|request))|\bvorgangsnummer|\bnuméro\s+de\s+(?:ticket|dossier)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"\b(?:confirm|verify|prove)\s+(?:that\s+)?you\s+are\s+(?:a\s+(?:real\s+)?(?:person|human)|human|not\s+a\s+(?:robot|bot|spammer))"
    r"|\b(?:message|mail|e-?mail)\b.{0,80}\bis\s+being\s+held\s+until\b|\breply\s+to\s+this\s+(?:message|e-?mail)\s+(?:so\s+that|and|to\s+have)\s+your\b.{0,60}\bdeliver"
    r"|\b(?:message|mail|e-?mail)\s+has\s+been\s+(?:held|quarantined)\b.{0,120}\b(?:confirm|click|verify)",
    re.IGNORECASE | re.DOTALL,
)
_RECALLS = re.compile(r"\bwould\s+like\s+to\s+recall\s+the\s+message\b", re.IGNORECASE)


def automatic_text(subject: str, written: str) -> str | None:
    """Why the newly written words are a machine's, in one word; None where they may be a person's."""
    words = written.split()
    if not words or len(words) > _MOST_WORDS or _FORWARDED.match(subject):
        return None
    # Patterns take long over long runs of blanks.
    written = "\n".join(" ".join(line.split()) for line in written.splitlines() if line.strip())
    quiet = not asks(written)
    by_machine = _MADE_BY_MACHINE.search(written) is not None
    found = {
        "recall": subject.lower().startswith("recall:") and _RECALLS.search(written),
        # Acknowledgements often ask something, such as whether one has more questions.
        "acknowledgement": by_machine and _RECEIVED.search(written) and "?" not in subject,
        "out-of-office": quiet and _ABSENT.search(written) and _INSTEAD.search(written),
        "challenge": quiet and _CHALLENGE.search(written),
        "automatic-words": quiet and by_machine,
    }
    return next((reason for reason, holds in found.items() if holds), None)


def asks(written: str) -> bool:
    """Whether the words ask something of us, as no receipt and no absence notice does."""
    without_courtesy = re.sub(
        r"(?i)\bplease\s+(?:confirm\s+that\s+you\s+are|contact|do\s+not|note|reply\s+to\s+this)\b",
        "",
        written,
    )
    return ASKING.search(without_courtesy) is not None or "？" in written
