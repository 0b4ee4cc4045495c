# ruff: noqa: RUF001 - words of other languages are meant
"""Words by which machines' mail is known: addresses, subjects and texts, in many languages."""

import re

NO_REPLY = re.compile(
    r"(?:^|[-_.+])(?:(?:no|not|do[-_.]?not|dont|donot|never)[-_.]?re(?:ply|spond|plies)"
    r"|nicht[-_.]?antworten|keine[-_.]?antwort|ne[-_.]?pas[-_.]?repondre|no[-_.]?responder|nao[-_.]?responda"
    r"|non[-_.]?rispondere|niet[-_.]?beantwoorden|unattended|auto-?reply|auto-?responder|autoresponse)"
    r"(?:$|[-_.+0-9])",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"""^\W*(?:\[?\s*(?:auto(?:matic|mated)?[-\s]?(?:reply|response|answer)|auto(?=:)|autoreply|auto-reply\b
    |out[-\s]of[-\s](?:the[-\s])?office(?:\s+(?:auto\S*|repl\w*|response|message|notification|notice|assistant))?
    |i(?:'m|\s+am|\s+will\s+be)\s+(?:currently\s+)?out\s+of\s+(?:the\s+)?office|ooo|away\s+from\s+(?:my\s+|the\s+)?(?:office|e?-?mail|desk)|on\s+(?:annual\s+)?(?:leave|holiday|vacation)
    |vacation\s+(?:reply|response|message|notice)|(?:annual|maternity|sick|study)\s+leave
    |automatische\s+(?:antwort|e-?mail|mail)|abwesen\w*|abwesend
    |r[ée]ponse\s+automatique|absence\s+du\s+bureau|message\s+d'absence|absent(?:e)?\s+du\s+bureau
    |respuesta\s+autom[aá]tica|fuera\s+de\s+(?:la\s+)?oficina|mensaje\s+autom[aá]tico
    |risposta\s+automatica|fuori\s+(?:sede|ufficio)|assente\s+dall'ufficio
    |resposta\s+autom[aá]tica|fora\s+do\s+escrit[oó]rio|aus[eê]ncia\s+tempor[aá]ria
    |automatisch\s+antwoord|afwezig(?:heid\w*)?|niet\s+aanwezig
    |autosvar|automatiskt?\s+svar|fr[aå]nvaro\w*|frav[æe]r\w*|ikke\s+til\s+stede
    |automaattinen\s+vastaus|poissa(?:olo\w*)?
    |autoodpowied[zź]|automatyczna\s+odpowied[zź]|odpowied[zź]\s+automatyczna|poza\s+biurem
    |automatick[aá]\s+odpov[eě][dď]\w*|nep[rř][ií]tomnost|mimo\s+kancel[aá][rř]
    |automatikus\s+v[aá]lasz|h[aá]zon\s+k[ií]v[uü]l|r[aă]spuns\s+automat|otomatik\s+(?:yan[ıi]t|cevap)
    |автоответ\w*|автоматическ\w+\s+ответ|автоматична\s+відповідь|нет\s+на\s+месте|вне\s+офиса
    |αυτόματη\s+απάντηση|εκτός\s+γραφείου|atebiad\s+awtomatig|allan\s+o'r\s+swyddfa
    |自動(?:応答|返信)|自动(?:答复|回复)|自動(?:回覆|答覆)|不在通知|자동\s*(?:회신|응답)|부재\s*중
    |הודעה\s+אוטומטית|תשובה\s+אוטומטית|رد\s+تلقائي)\s*\]?\s*)(?:$|[:\-\u2013\u2014\uff1a,(\[<|/.!]|(?<=\w)\s+(?:re|aw|until|from|till|bis|vom|jusqu'|du|hasta|fino|tot|re:|\d)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""How programs begin the subject of an absence notice. 'Re:' or 'Fwd:' before it is a person's."""

ABSENT_OR_TOPIC = re.compile(
    r"^\W*(?:on\s+(?:annual\s+)?(?:leave|holiday|vacation)|(?:annual|maternity|sick|study)\s+leave|abwesen\w*|absen|afwezig|fr[aå]nvaro|frav[æe]r"
    r"|poissa|nep[rř][ií]tomnost|aus[eê]ncia|assente|ooo|away\b)",
    re.IGNORECASE,
)
"""Of these, the words that may as well name what a person writes about."""

RECEIPT_SUBJECT = re.compile(
    r"^(?:(?:not\s+)?read|gelesen|lu|lue|leído|letto|lido|gelezen|läst|lest|læst|przeczytano|прочтено"
    r"|return\s+receipt\b.*|read\s+receipt\b.*|disposition\s+notification\b.*)\s*[:(]?",
    re.IGNORECASE,
)
RECEIPT_TEXT = re.compile(
    r"\b(?:was|has\s+been)\s+(?:read|displayed|opened|deleted\s+without\s+being\s+read)\b|return\s+receipt\s+for"
    r"|this\s+is\s+a\s+(?:return|read)\s+receipt|wurde\s+(?:am\s.{0,60})?gelesen|a\s+été\s+(?:lu|affiché)|fue\s+leído|ha\s+sido\s+leído|è\s+stat[oa]\s+(?:letto|letta|visualizzat[oa])|foi\s+lid[ao]|is\s+gelezen|(?:har\s+lästs|er\s+(?:blevet\s+)?læst|ble\s+lest)|przeczytan|прочитано",
    re.IGNORECASE,
)
