# ruff: noqa: RUF001, E501 - words of other languages and long alternatives are this file's purpose
"""What is signed or added below a letter: rules, telephones' lines, banners, disclaimers, sign-offs."""

import re

_DEVICE = (
    r"(?:i-?phone|i-?pad|i-?pod|blackberry|android|samsung|galaxy|huawei|nokia|xiaomi|pixel|nexus"
    r"|windows|outlook|yahoo|aol|proton|mail|gmail|smartphone|mobile|phone|tablet|handheld|lumia"
    r"|htc|motorola|oneplus|sony|xperia|lg|verizon|telstra|t-mobile|bell|rogers|cricket|wireless"
    r"|handy|mobil\w*|téléphone|portable|móvil|celular|cellulare|telefon\w*|mobiel\w*|телефон\w*)"
)
_PROGRAM = (
    r"\W{0,2}(?:spark|airmail|postbox|mailbird|edison|newton|spike|superhuman|canary|blue\s?mail|em\s+client"
    r"|mailspring|front|proton\s?mail|tutanota|tuta|zoho|yandex|mail\.ru|mymail|fairemail|k-?9|thunderbird|fastmail"
    r"|hey|mailbox|gmx|web\.de|libero|rediff\w*|zimbra|roundcube|mailo|skiff|missive|vivaldi|evolution|kmail|seznam)"
)
MOBILE = re.compile(
    r"^\s*[-_*\[(<>]{0,3}\s*(?:"
    rf"(?:sent|posted)\s+(?:from|via|using|with|by|through|on)\b.{{0,40}}\b{_DEVICE}\b.{{0,60}}"
    rf"|sent\s+(?:from|via|with|using)\s+{_PROGRAM}\b.{{0,80}}"
    rf"|from\s+my\s+{_DEVICE}.{{0,12}}|sent\s+from\s+my\b.{{0,40}}|sent\s+on\s+the\s+go.{{0,40}}|get\s+outlook\s+for\s+.{{2,60}}"
    rf"|(?:holen\s+sie\s+sich|laden\s+sie|obtenir|obtenez|télécharger|téléchargez|obtener|obtén|descargar|obter\s+o|baixar|scarica|download|downloaden?|hämta|hent|pobierz(?:\s+program)?|získat|загрузить|скачать)\s+outlook\s+\S{{1,6}}\s+.{{2,60}}"
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
    rf"|(?:נשלח\s+מ|أرسلت\s+من|أُرسلت\s+من|تم\s+الإرسال\s+من|ส่งจาก|được\s+gửi\s+từ|gửi\s+từ|dikirim\s+dari|enviat\s+des|poslano\s+(?:sa?|z)\b|изпратено\s+от|sent\s+frå).{{0,60}}"
    rf"|.{{0,40}}(?:küldve|bidalia)\W*|elküldve\s.{{0,60}}|στάλθηκε\s+από\b.{{0,60}}"
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
    r"|NHSmail\s+is\s+the\s+secure|monitored\s+(?:and|or|for)|before\s+printing|company\s+(?:number|registered)"
    r"|intended\s+addressee|delete\s+(?:this|the|it|all\s+copies)\b|opened\s+at\s+your\s+own\s+risk"
    r"|vertraulich|(?:beabsichtigte|richtige|vorgesehene|bestimmte)\w*\s+(?:adressat|empfänger)|irrtümlich|vernichten\s+sie|löschen\s+sie\s+dies"
    r"|confidentiel|destinataires?|intention\s+exclusive|par\s+erreur|usage\s+exclusif|détruire|toute\s+(?:diffusion|utilisation)"
    r"|confidencia(?:l|is)|destinat[aá]ri[oa]|por\s+(?:error|engano|erro)\b|protección\s+de\s+datos|uso\s+exclusivo|elimin(?:e|ar)lo"
    r"|riservat[aeio]|destinatari[o]?\b|per\s+errore|confidenzial|divulgazione|distrugger"
    r"|vertrouwelijk|geadresseerde|abusievelijk|per\s+(?:abuis|vergissing)|uitsluitend\s+bestemd"
    r"|konfidentiell|avsedd[a]?\s+mottagare|av\s+misstag|fortrolig|ved\s+en\s+fejl|rette\s+(?:modtager|mottaker)|luottamuksel"
    r"|poufn|adresat|omyłkow|důvěrn|конфиденциальн|адресат|по\s+ошибке"
    r"|cyfrinachol|derbynnydd|drwy\s+gamgymeriad|gwybod\s+i'r\s+anfonwr",
    re.IGNORECASE,
)
DISCLAIMER_START = re.compile(
    r"^\W*(?:(?:this|the\s+information\s+(?:contained\s+)?in\s+this|the\s+contents?\s+of\s+this)\s+"
    r"(?:e-?mail|message|communication|transmission)|confidential(?:ity)?(?:\s+notice)?\b|disclaimer\b"
    r"|privileged|important\s+notice|please\s+consider\s+the\s+environment|think\s+before\s+you\s+print"
    r"|the\s+university\s+of\b.{1,60}\b(?:charity|charitable)|(?-i:[A-Z])[^:.?\n]{1,80}\bis\s+a\s+(?:registered\s+charity|charitable\b|company\s+limited)"
    r"|if\s+you\s+(?:are\s+not\s+the\s+intended|have\s+received\s+this)|NHSmail\s+is\s+the\s+secure"
    r"|diese[sr]?\s+(?:e-?mail|nachricht|mail)\b|(?:ce|le\s+présent|cet)\s+(?:message|courriel|e-?mail)\b|ce\s+mail\b"
    r"|(?:este|esta|el\s+presente)\s+(?:mensaje|correo|e-?mail|mensagem)\b|(?:questo|il\s+presente)\s+(?:messaggio|e-?mail)\b"
    r"|le\s+informazioni\s+contenute|dit\s+(?:bericht|e-?mail\w*)\b|de\s+informatie\s+in\s+di|de[tn](?:ta|te|ne)\s+(?:e-?post\w*|meddelande|e-?mail|besked|mail)\b"
    r"|tämä\s+(?:viesti|sähköposti)\b|ta\s+wiadomość\b|tato\s+zpráva\b|(?:данное|это)\s+(?:сообщение|письмо)\b|mae'r\s+(?:e-?bost|neges)\b)",
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

SIGN_OFF = re.compile(
    r"^\W*(?:(?:(?:with\s+)?(?:kind(?:est)?|best|warm(?:est)?|many)\s+(?:regards|wishes|thanks)|kindest|regards|best(?:\s+of\s+wishes)?|cheers|thanks|thank\s+you"
    r"|yours(?:\s+(?:sincerely|faithfully|truly))?|sincerely(?:\s+yours)?|all\s+the\s+best|with\s+thanks|br|kr|rgds)(?:\s+(?:again|and\s+(?:kind|best)\s+(?:regards|wishes)|in\s+advance|for\s+your\s+help))?"
    r"|(?:mit\s+)?(?:freundliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?|herzliche[nm]?|schöne[nm]?)\s+(?:grü(?:ß|ss)en?|dank|gruß)|mfg|vg|lg"
    r"|(?:bien\s+)?cordialement|(?:bien\s+à\s+(?:vous|toi))|salutations(?:\s+distinguées)?|merci(?:\s+d'avance)?"
    r"|(?:un\s+(?:cordial\s+)?|cordiales\s+|atentos\s+)?saludos?|atentamente|gracias|(?:cordiali|distinti)\s+saluti|saluti|grazie"
    r"|atenciosamente|cumprimentos|com\s+os\s+melhores\s+cumprimentos|obrigad[oa]|(?:met\s+)?(?:vriendelijke|hartelijke)\s+groet(?:en)?|mvg|groet(?:en|jes)?"
    r"|(?:med\s+)?(?:vänlig(?:a)?|venlig|vennlig|bästa|bedste|beste)\s+(?:hälsning(?:ar)?|hilsen(?:er)?)|mvh|vh|(?:ystävällisin\s+)?terveisin|t\.\s"
    r"|pozdrawiam|z\s+poważaniem|s\s+pozdravem|с\s+уважением|з\s+повагою|saygılarımla|(?:szívélyes\s+)?üdvözlettel|με\s+εκτίμηση|cu\s+(?:respect|stimă)"
    r"|cofion(?:\s+(?:cynnes|gorau))?|diolch(?:\s+yn\s+fawr)?|此致|祝好|敬具|よろしくお願い(?:いた)?します|감사합니다|בברכה|مع\s+التحية)"
    r"\s*[,.!\-\u2013\u3002\uff0c]?\s*$",
    re.IGNORECASE,
)
"""A line by which a letter ends, above the writer's name."""
