# ruff: noqa: RUF001, E501 - words of other languages and long alternatives are this file's purpose
"""How mail programs of many languages mark what is quoted, forwarded, signed or added.

The words are those that Outlook, Exchange, Gmail, Apple Mail, Thunderbird, Yahoo and the
like insert; each table is one language a line where the languages differ.
"""

import re

_WROTE = (
    r"wrote|writes|said",
    r"a\s+écrit(?:\s*\(e\))?|a\s+ecrit",
    r"schrieb(?:en)?|geschrieben",
    r"escribió|escribio",
    r"ha\s+scritto|scrive",
    r"escreveu|escreveram",
    r"schreef|geschreven",
    r"skrev|skreiv|skrifaði",
    r"kirjoitti|kirjutas",
    r"napisał(?:\(a\)|a)?|pisze",
    r"napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?",
    r"je\s+napisa[ol](?:/la|\(la\)|la)?|rašė|rakstīja",
    r"a\s+scris|va\s+escriure|ysgrifennodd|idatzi\s+du",
    r"ezt\s+írta(?:\s*\([^)]{0,60}\))?|írta",
    r"yazdı|şunu\s+yazdı|şunları\s+yazdı|đã\s+viết|menulis",
    r"пишет|написал(?:\(а\)|а)?|пише|написав|написа",
    r"έγραψε|כתב|כתבה|كتب|เขียน(?:ว่า)?",
    r"写道|寫道|のメール|さんは書きました|が書きました|님이\s*작성|작성",
)
_ON = (
    r"on|at|le|am|el|il|em|op|den|på|i\s+dag|no|dnia|w\s+dniu|dne|dňa|dana|lúc|pada|ar|la|dia|data"
    r"|в|вт|пн|ср|чт|пт|сб|вс|από|στις|ב|בתאריך|في|ที่|בתאריך|ma|ti|ke|to|pe|su|în|vào|els|hin"
)

WROTE = re.compile(
    rf"(?:{'|'.join(_WROTE)})\b[^:：\n]{{0,120}}[:：]\s*$|(?:{'|'.join(_WROTE)})\s*[:：]?\s*$",
    re.IGNORECASE,
)
"""The end of the line above a quotation: 'Jane Doe wrote:'."""

ON = re.compile(rf"^\s*[*_>-]{{0,3}}\s*(?:{_ON})\b|^\s*[\"'<]?\d{{1,4}}[-./年]", re.IGNORECASE)
"""How that line begins: 'On 3 March …', or straight with the date."""

WHEN = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d{2}|\d{4}\s?[年-]|\d{1,2}시|\d{1,2}\s*[ap]\.?m\b", re.IGNORECASE
)
"""A time of day, or a date as machines write it. People who tell of a letter leave it out."""

STAMPED = re.compile(r"(?:^|<)[^<>\s]+@[^<>\s]+>\s*[:：]$")
DATED_FIRST = re.compile(r"^(?:[^\W\d_]{2,12}\.?,?\s+\d{1,2}\b|\d{1,2}[:.]\d{2}\b)")
"""Some programs say no verb: `Wed, 3 March 2022, 10:15, Jane Doe <jane@uni.example>:`."""

SHARED = re.compile(
    r"(?<=\S)(?:\s+|\s*-{2,}\s*)((?:On|Le|Am|El|Il|Op)\s\S[^:]{0,40}\b(?:19|20)\d\d\b.{0,120}"
    rf"\b(?:{'|'.join(_WROTE)})\s?:)\s*$"
)
"""An attribution that stands on the line of the words above it."""

ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|mailto:", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}[-./年]\s?\d{1,2}|\b(?:19|20)\d\d\b")

_ROLES = {
    "from": "from|de|von|da|van|från|fra|od|от|від|kimden|gönderen|lähettäjä|feladó|发件人|寄件者"
    "|差出人|보낸 사람|보낸사람|από|expéditeur|absender|remitente|mittente|afzender|nadawca"
    "|отправитель|odesílatel|oddi wrth|de la|จาก|من|מאת|từ|dari|nga",
    "date": "sent|date|envoyé|envoyé le|gesendet|datum|enviado|enviado el|enviada em|enviado em|fecha"
    "|inviato|data|verzonden|skickat|sendt|dato|wysłano|wysłane|отправлено|дата|дата отправки"
    "|надіслано|gönderildi|gönderilen|gönderme tarihi|tarih|lähetetty|päivämäärä|päiväys|elküldve"
    "|dátum|发送时间|日期|寄件日期|傳送時間|送信日時|日付|日時|보낸 날짜|날짜|στάλθηκε|ημερομηνία|odesláno"
    "|odoslané|trimis|anfonwyd|dyddiad|تاريخ|תאריך|ngày|sent on|tanggal|enviat|poslano|изпратено|ส่งเมื่อ|đã gửi",
    "to": "to|à|a|an|para|aan|till|til|do|кому|kime|alıcı|vastaanottaja|címzett|收件人|宛先|받는 사람"
    "|받는사람|προς|komu|către|at|إلى|אל|đến|kepada|destinataire|empfänger|destinatario|destinatário|per a|prima|до|ถึง",
    "subject": "subject|objet|betreff|asunto|oggetto|onderwerp|ämne|emne|temat|тема|konu|aihe|tárgy"
    "|主题|主旨|件名|제목|assunto|θέμα|předmět|predmet|subiect|pwnc|الموضوع|נושא|chủ đề|เรื่อง|perihal|re",
    "other": "cc|copie|kopie|kopi|kopia|cópia|copia|bcc|reply-to|importance|attachments|priority"
    "|organisation|organization|antwort an|répondre à|rispondi a|抄送|копия|kopio|dw|udh|cyfeirio",
}
ROLE_OF = {label: role for role, labels in _ROLES.items() for label in labels.split("|")}
"""What a label at the head of a quoted message stands for, by its lower-case word."""

HEADER_LINE = re.compile(
    r"^\s*[*_|]{0,3}\s*([\u0e00-\u0e7f]{2,14}|[^\W\d_][^\W\d_ -]{0,14}(?:[ -][^\W\d_]{1,12}){0,2})\s?\*{0,2}\s?[:：]\*{0,2}\s*(.*)$"
)
"""A line such as `*From:* Jane Doe`; the first group is the label."""

TO_ALONE = re.compile(r"^(?:to|an|à|a|para|per|aan|til|till)\s*:?$", re.IGNORECASE)
SUBJECT_ALONE = re.compile(
    r"^(?:subject|thema|betreff|objet|asunto|oggetto|onderwerp|emne|ämne)\s*:?$", re.IGNORECASE
)
"""The labels of a head whose values stand below them."""

RUN_LABELS = tuple(
    re.compile(label) for label in (r"\bFrom:\s", r"\b(?:Sent|Date):\s", r"\bTo:\s", r"\bSubject:")
)
"""The labels of the same block when a program has run it together on one line."""

_DASHES = r"[-_=*~\u2010-\u2015\u2500\u2501]"
ORIGINAL = re.compile(
    rf"^\s*{_DASHES}{{2,}}\s*(?:original\s+(?:message|appointment|e-?mail)|original(?:-)?nachricht"
    r"|ursprüngliche\s+nachricht|message\s+d'origine|message\s+original|mensaje\s+original"
    r"|messaggio\s+originale|mensagem\s+original|oorspronkelijk\s+bericht|ursprungligt\s+meddelande"
    r"|originalmeddelande|oprindelig\s+meddelelse|opprinnelig\s+melding|alkuperäinen\s+viesti"
    r"|wiadomość\s+oryginalna|oryginalna\s+wiadomość|původní\s+(?:zpráva|e-?mail)|pôvodná\s+správa"
    r"|исходное\s+сообщение|пересылаемое\s+сообщение|eredeti\s+üzenet|orijinal\s+mesaj"
    r"|özgün\s+ileti|mesaj\s+original|原始邮件|原始郵件|original\s*message|元のメッセージ|원본\s*메시지"
    r"|reply\s+message|neges\s+wreiddiol|αρχικό\s+μήνυμα|in\s+reply\s+to)"
    rf".{{0,40}}?{_DASHES}{{2,}}\s*$"
    r"|^\s*>>> .{0,200}\d.{0,200}>>>\s*$"  # GroupWise
    rf"|^\s*-{{2,}}[^-].{{0,150}}\b(?:{'|'.join(_WROTE)})\s*[:：]?\s*-{{2,}}\s*$"  # Android, Zoho
    r"|^\s*\|-{3,}\+-{3,}>\s*$",  # Notes draws a table of sender, date and subject
    re.IGNORECASE,
)
FRAMED = re.compile(rf"^\s*{_DASHES}{{2,}}\s*[^\W\d_].{{0,60}}?{_DASHES}{{2,}}\s*$")
"""Words between rules. Above the head of a message they announce it, in whatever language."""

FORWARDED = re.compile(
    rf"^\s*(?:{_DASHES}{{2,}}\s*(?:forwarded\s+(?:message|by|e-?mail).{{0,60}}"
    r"|weitergeleitete\s+nachricht|message\s+transféré|message\s+transmis|mensaje\s+reenviado"
    r"|messaggio\s+inoltrato|mensagem\s+encaminhada|doorgestuurd\s+bericht"
    r"|vidarebefordrat\s+meddelande|videresendt\s+(?:melding|meddelelse)|välitetty\s+viesti"
    r"|wiadomość\s+przekazana|treść\s+przekazanej\s+wiadomości|přeposlaná\s+zpráva"
    r"|пересланное\s+сообщение|пересылаемое\s+письмо|továbbított\s+üzenet|iletilen\s+mesaj"
    r"|yönlendirilmiş\s+ileti|mesaj\s+redirecționat|转发的?邮件|轉寄郵件|転送メッセージ|전달된\s+메시지)"
    rf"\s*{_DASHES}{{0,}}\s*|begin\s+forwarded\s+message\s*:\s*|début\s+du\s+message\s+transféré\s*:\s*"
    r"|anfang\s+der\s+weitergeleiteten\s+nachricht\s*:\s*|inizio\s+messaggio\s+inoltrato\s*:\s*"
    r"|inicio\s+del\s+mensaje\s+reenviado\s*:\s*|início\s+da\s+mensagem\s+reencaminhada\s*:\s*"
    r"|begin\s+doorgestuurd\s+bericht\s*:\s*|vidarebefordrat\s+brev\s*:\s*"
    r"|videresendt\s+besked\s*:\s*|forwarded\s+message\s*:\s*)$",
    re.IGNORECASE,
)
REPLY_ABOVE = re.compile(
    r"^\W*(?:##-?\s*)?(?:please\s+)?(?:type|write|reply|enter|respond|add)\b.{0,60}\babove\s+(?:this|the)\s+line\b.{0,40}$"
    r"|^\W*(?:please\s+)?(?:do\s+not|don't)\s+(?:write|type|reply|edit|add)\b.{0,30}\bbelow\s+(?:this|the)\s+line\b.{0,20}$",
    re.IGNORECASE,
)
"""What helpdesks print above the message that they quote."""
