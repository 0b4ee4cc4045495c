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

ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|mailto:", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}[-./年]\s?\d{1,2}|\b(?:19|20)\d\d\b")

_ROLES = {
    "from": "from|de|von|da|van|från|fra|od|от|від|kimden|gönderen|lähettäjä|feladó|发件人|寄件者"
    "|差出人|보낸 사람|보낸사람|από|expéditeur|absender|remitente|mittente|afzender|nadawca"
    "|отправитель|odesílatel|oddi wrth|de la|من|מאת|từ|dari|nga",
    "date": "sent|date|envoyé|envoyé le|gesendet|datum|enviado|enviado el|enviada em|enviado em|fecha"
    "|inviato|data|verzonden|skickat|sendt|dato|wysłano|wysłane|отправлено|дата|дата отправки"
    "|надіслано|gönderildi|gönderilen|gönderme tarihi|tarih|lähetetty|päivämäärä|päiväys|elküldve"
    "|dátum|发送时间|日期|寄件日期|傳送時間|送信日時|日付|日時|보낸 날짜|날짜|στάλθηκε|ημερομηνία|odesláno"
    "|odoslané|trimis|anfonwyd|dyddiad|تاريخ|תאריך|ngày|sent on|tanggal",
    "to": "to|à|a|an|para|aan|till|til|do|кому|kime|alıcı|vastaanottaja|címzett|收件人|宛先|받는 사람"
    "|받는사람|προς|komu|către|at|إلى|אל|đến|kepada|destinataire|empfänger|destinatario|destinatário",
    "subject": "subject|objet|betreff|asunto|oggetto|onderwerp|ämne|emne|temat|тема|konu|aihe|tárgy"
    "|主题|主旨|件名|제목|assunto|θέμα|předmět|predmet|subiect|pwnc|الموضوع|נושא|chủ đề|perihal|re",
    "other": "cc|copie|kopie|kopi|kopia|cópia|copia|bcc|reply-to|importance|attachments|priority"
    "|organisation|organization|antwort an|répondre à|rispondi a|抄送|копия|kopio|dw|udh|cyfeirio",
}
ROLE_OF = {label: role for role, labels in _ROLES.items() for label in labels.split("|")}
"""What a label at the head of a quoted message stands for, by its lower-case word."""

HEADER_LINE = re.compile(
    r"^\s*[*_|]{0,3}\s*([^\W\d_][^\W\d_ -]{0,14}(?:[ -][^\W\d_]{1,12}){0,2})\s?\*{0,2}\s?[:：]\*{0,2}\s*(.*)$"
)
"""A line such as `*From:* Jane Doe`; the first group is the label."""

RUN_LABELS = tuple(
    re.compile(label) for label in (r"\bFrom:\s", r"\b(?:Sent|Date):\s", r"\bTo:\s", r"\bSubject:")
)
"""The labels of the same block when a program has run it together on one line."""

_DASHES = r"[-_=*~\u2013\u2014]"
ORIGINAL = re.compile(
    rf"^\s*{_DASHES}{{2,}}\s*(?:original\s+(?:message|appointment|e-?mail)|original(?:-)?nachricht"
    r"|ursprüngliche\s+nachricht|message\s+d'origine|message\s+original|mensaje\s+original"
    r"|messaggio\s+originale|mensagem\s+original|oorspronkelijk\s+bericht|ursprungligt\s+meddelande"
    r"|originalmeddelande|oprindelig\s+meddelelse|opprinnelig\s+melding|alkuperäinen\s+viesti"
    r"|wiadomość\s+oryginalna|oryginalna\s+wiadomość|původní\s+zpráva|pôvodná\s+správa"
    r"|исходное\s+сообщение|пересылаемое\s+сообщение|eredeti\s+üzenet|orijinal\s+mesaj"
    r"|özgün\s+ileti|mesaj\s+original|原始邮件|原始郵件|original\s*message|元のメッセージ|원본\s*메시지"
    r"|reply\s+message|neges\s+wreiddiol|αρχικό\s+μήνυμα|in\s+reply\s+to)"
    rf".{{0,40}}?{_DASHES}{{2,}}\s*$",
    re.IGNORECASE,
)
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
    r"^\W*(?:##-?\s*)?(?:please\s+)?(?:type|write|reply|enter|respond|add)\b.{0,60}\babove\s+this\s+line\b.{0,40}$",
    re.IGNORECASE,
)
"""What helpdesks print above the message that they quote."""

_DEVICE = (
    r"(?:i-?phone|i-?pad|i-?pod|blackberry|android|samsung|galaxy|huawei|nokia|xiaomi|pixel|nexus"
    r"|windows|outlook|yahoo|aol|proton|mail|gmail|smartphone|mobile|phone|tablet|handheld|lumia"
    r"|htc|motorola|oneplus|sony|xperia|lg|verizon|telstra|t-mobile|bell|rogers|cricket|wireless"
    r"|handy|mobil\w*|téléphone|portable|móvil|celular|cellulare|telefon\w*|mobiel\w*|телефон\w*)"
)
MOBILE = re.compile(
    r"^\s*[-_*\[(<>]{0,3}\s*(?:"
    rf"(?:sent|posted)\s+(?:from|via|using|with|by|through|on)\b.{{0,40}}\b{_DEVICE}\b.{{0,60}}"
    rf"|sent\s+from\s+my\b.{{0,40}}|sent\s+on\s+the\s+go.{{0,40}}|get\s+outlook\s+for\s+.{{2,60}}"
    rf"|(?:envoyé|envoyée)\s+(?:de|depuis|à\s+partir|via|avec)\b.{{0,60}}"
    rf"|(?:von|mit)\s+mein\w+\s.{{0,50}}(?:gesendet|geschickt|verschickt).{{0,20}}"
    rf"|(?:gesendet|diese\s+nachricht\s+wurde)\s+(?:von|mit|über)\b.{{0,30}}{_DEVICE}.{{0,50}}"
    rf"|enviado\s+(?:desde|do|a\s+partir|de|via|con)\b.{{0,60}}|inviato\s+(?:da|dal|con)\b.{{0,60}}"
    rf"|(?:verzonden|verstuurd)\s+(?:vanaf|vanuit|met|via)\b.{{0,60}}"
    rf"|skickat\s+från\b.{{0,60}}|(?:sendt|skickad)\s+(?:fra|från)\b.{{0,60}}"
    rf"|(?:wysłane|wysłano)\s+(?:z|za)\b.{{0,60}}|odesláno\s+z\b.{{0,60}}|odoslané\s+z\b.{{0,60}}"
    rf"|отправлено\s+(?:с|из|от)\b.{{0,60}}|надіслано\s+з\b.{{0,60}}|lähetetty\s.{{0,60}}"
    rf"|.{{0,40}}(?:gönderildi|lähetetty|から送信|から送信されました|에서\s*보냄)\W*"
    rf"|(?:发自|從我的|从我的|傳送自).{{1,40}}|trimis\s+de\s+pe\b.{{0,60}}|anfonwyd\s+o\b.{{0,60}}"
    rf"|elküldve\s.{{0,60}}|στάλθηκε\s+από\b.{{0,60}}"
    rf"|(?:please\s+)?(?:excuse|forgive|pardon)\b.{{0,40}}\b(?:brevity|typos?|spelling|autocorrect|errors)\b.{{0,60}}"
    r")\s*[\])>]?\s*$",
    re.IGNORECASE,
)
"""A line that a telephone or a mail program adds under what a person wrote."""

BANNER = re.compile(
    r"^\W*(?:caution|warning|external(?:\s+(?:e-?mail|sender|message))?|\[?external\]?"
    r"|this\s+(?:e-?mail|message))\b.{0,120}\b(?:originated|sent|came|comes|received|is)\s+from\s+"
    r"(?:an?\s+)?(?:outside|external|unknown)",
    re.IGNORECASE | re.DOTALL,
)
"""What a gateway puts above mail from outside."""

DISCLAIMER_CUES = re.compile(
    r"intended\s+(?:recipient|solely|only|for\s+the)|(?:is|are|be|contain\w*)\s+(?:strictly\s+)?(?:private\s+(?:and|or)\s+)?"
    r"(?:confidential|(?:legally\s+)?privileged)|confidential\s+(?:and|information)|received\s+(?:it|this\s+\S+|the\s+message)\s+in\s+error"
    r"|(?:notify|inform)\s+the\s+sender|unauthori[sz]ed\s+(?:use|disclosure|copying)|strictly\s+prohibited"
    r"|disclose,?\s+copy|views\s+(?:or\s+opinions\s+)?expressed|accepts?\s+no\s+(?:liability|responsibility)"
    r"|(?:is|are|be)\s+(?:scanned|monitored|recorded)|scanned\s+for\s+virus|swept\s+for"
    r"|freedom\s+of\s+information\s+act|(?:released|disclos\w+)\s+under|registered\s+(?:in\s+(?:england|scotland)|office|charity)"
    r"|NHSmail\s+is\s+the\s+secure|monitored\s+(?:and|or|for)|before\s+printing|company\s+(?:number|registered)",
    re.IGNORECASE,
)
DISCLAIMER_START = re.compile(
    r"^\W*(?:(?:this|the\s+information\s+(?:contained\s+)?in\s+this|the\s+contents?\s+of\s+this)\s+"
    r"(?:e-?mail|message|communication|transmission)|confidential(?:ity)?(?:\s+notice)?\b|disclaimer\b"
    r"|privileged|important\s+notice|please\s+consider\s+the\s+environment|think\s+before\s+you\s+print"
    r"|the\s+university\s+of\b.{1,60}\b(?:charity|charitable)|.{1,80}\bis\s+a\s+(?:registered\s+charity|company\s+limited)"
    r"|if\s+you\s+(?:are\s+not\s+the\s+intended|have\s+received\s+this)|NHSmail\s+is\s+the\s+secure"
    r"|dieses?\s+(?:e-?mail|nachricht)\s+(?:kann|enthält)|ce\s+(?:message|courriel)\b.{1,80}\bconfidenti"
    r"|este\s+(?:mensaje|correo|e-?mail)\b.{1,80}\bconfidenc|mae'r\s+(?:e-?bost|neges)\b)",
    re.IGNORECASE | re.DOTALL,
)

STRONG_RULE = re.compile(r"^\s*(?:--|\u2014|\u2013|-- |_{2,}|--\s*-*|\u2014{2,})\s*$")
"""A line that opens a signature (RFC 3676 section 4.3 and what is typed in its stead)."""

WEAK_RULE = re.compile(
    r"^\s*(?:-{3,}|_{5,}|={3,}|\*{3,}|~{3,}|#{3,}|\+{3,}|(?:[-_=*~#.] ?){8,})\s*$"
)
"""A line of decoration: it may open a signature or a footer, or divide what a person wrote."""

ASKING = re.compile(
    r"(?<!questions)(?<!queries)(?<!question)(?<!query)\?(?:\s|$)|\b(?:please\s+(?:can|could|would|let|send|advise|confirm|provide"
    r"|tell(?!\s+(?:the\s+sender|us\s+and\s+delete)))|could\s+you|can\s+you"
    r"|would\s+like|we\s+(?:need|want|require|are\s+(?:looking|seeking))|i\s+(?:need|want|am\s+(?:looking|writing)))\b",
    re.IGNORECASE,
)
"""Words by which a person asks for something: such lines are not taken for a footer."""
