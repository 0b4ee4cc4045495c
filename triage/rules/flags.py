"""Rules for the flags: what makes a person necessary, whatever else a message asks."""

from triage.decision import Reason
from triage.message import Message
from triage.rules.wording import asserted, found, reason, words

_FOI = words(
    r"under (?:the )?(?:terms of the )?(?:freedom of information|foi\b|foia|eir\b|"
    r"environmental information)",
    r"(?:treat|count|log|regard) (?:\w+ ){1,4}as an? (?:\w+ )?(?:foi|freedom of information|"
    r"request under)",
    r"(?:this|here|it)(?: one)?(?: is|'s)(?: an?| my)? (?:foi\b|foia|freedom of information)",
    r"^(?:an? )?(?:foia?|freedom of information)(?: act)?(?: 2000)?(?: request)?(?: "
    r"please)?\s*(?:[:\u2013\u2014-](?! ?how to\b)|$)",
    r"^request(?:ing)? (?:for information )?under",
    r"\b(?:foia?|freedom of information) request (?:for|about|on|re|regarding)\b",
    r"\bfoia? please\b",
    r"\bfoi response\b.{0,40}\breview\b",
    r"\bsection 12 (?:to|of)\b.{0,30}\b(?:act|applied)\b",
    r"\ball (?:the )?recorded (?:information|correspondence)\b",
    r"\b(?:treat|log|take|count) (?:this |it )?as (?:an? )?foi\b",
    r"\bfoi (?:just |has )?(?:landed|arrived|came in|request (?:just )?(?:in|from))\b",
    r"\bvia (?:that|the|a)(?: \w+)? foi (?:web)?site\b",
    r"\bwhatdotheyknow\b",
    r"\bwhich exemption\b",
    r"\b(?:twenty|20) working days\b",
    r"\binternal review\b",
)
_OWN_DATA = words(
    r"\bsubject access request\b",
    r"\bdsar\b",
    r"\bunder (?:the )?(?:uk )?gdpr\b",
    r"\barticles? (?:15|16|17|18|21|77)\b",
    r"\bunder (?:section \d+ of )?the data protection act\b",
    r"\bright (?:to be forgotten|to erasure|of erasure|of access|to object)\b",
    r"\bcopy of (?:all |everything |any )?(?:the |my )?(?:personal )?(?:data|information) "
    r"(?:that )?(?:you|is|are) hold",
    r"\b(?:everything|all the (?:data|information)|what) you (?:hold|have|keep) (?:about|on) "
    r"me\b",
)
_ERASE = words(
    r"\b(?:wants?|wanting|asks? for) (?:\w+ ){1,2}(?:removed|erased|deleted|taken off)\b",
    r"\b(?:tell|told) (?:them )?to delete (?:it|mine|my)\b",
    r"\bsee what (?:your|the) (?:\w+ ){0,2}(?:register|registry) has (?:\w+ ){0,2}(?:about|on) "
    r"me\b",
    r"\bje (?:m'y oppose|demande l'effacement)\b",
    r"\b(?:erase|remove|delete|take|get|strike|withdraw|wipe|scrub|leave)\b(?: \w+){0,3} "
    r"(?:me|my (?:details|name|data|record|records|information|entry)|mine|myself|his|her|"
    r"their)\b(?: \w+){0,5} (?:off|from|out of|on your|you hold|you have)\b",
    r"\bI (?:hereby )?(?:object|do not consent|withdraw (?:my )?consent)\b",
    r"\bstop (?:using|sharing|processing|passing|selling) my\b",
    r"\bopt me out\b",
    r"\bput my own opt",
    r"\b(?:she|he|they|patient|participant|lady|man) (?:objects?|wants (?:to be )?(?:removed|"
    r"erased|deleted))\b",
)
_COMPLAINT = words(
    r"\b(?:formal|official|stage one|stage 1) complaint\b",
    r"\b(?:make|making|raise|raising|lodge|lodging|submit|file|register|registering) (?:a|an|"
    r"my|our|this)(?: \w+)? complaint\b",
    r"\bI (?:wish to |want to |would like to |must |am going to )?complain\b",
    r"\bwe (?:wish to |want to |would like to |must |are )?complain(?:ing)?\b",
    r"^complaint\b",
    r"\btreat (?:this|it) as a(?: \w+)? complaint\b",
    r"\bcomplaints? (?:procedure|process|team) please\b",
    r"\bI (?:dispute|contest) (?:it|this|that|your|the)\b",
    r"\btake (?:it|this|the matter) to (?:my|our|their) MP\b",
    r"\b(?:recorded|logged|registered|taken|treated|dealt with) as a(?: \w+)? complaint\b",
    r"\b(?:your|the) complaints? (?:department|team|officer|manager|address)\b",
    r"\bwho takes complaints\b",
    r"\b(?:don't|do not|cannot|can't) (?:accept|agree with) (?:it|that|this|what you|your)\b",
    r"\b(?:you|your \w+) (?:didn't|did not|haven't|failed to) (?:actually )?(?:answer|read|"
    r"address) (?:what|my|the|our)\b",
    r"\binternal review\b",
    r"\bombudsman\b",
    r"\b(?:this|it|that|handled|as) (?:is |as )?a complaint\b",
    r"\bput (?:it |this )?on record\b",
    r"\bon record that\b",
    r"\bI(?:'m| am) complain(?:ing)\b",
    r"\bcomplained to (?:you|them)\b",
    r"\b(?:that|the|your) (?:first |last |previous |earlier )?(?:answer|reply|response) (?:was|is) "
    r"(?:\w+ )?(?:wrong|mistaken|incorrect|no (?:help|use|good)|nonsense|not good enough)\b",
    r"\b(?:plain|plainly|simply|flat) wrong\b",
    r"\bthat can't be right\b",
    r"\byour so-called\b",
    r"\b(?:no use|useless) (?:whatsoever|at all)\b",
    r"\b(?:third|fourth|fifth|sixth) time (?:about|of asking|I(?:'ve| have)? (?:ask|writ|chas))",
    r"\b(?:looked at|checked) again by (?:a|somebody|someone)\b",
    r"\bask you (?:kindly )?to reconsider\b",
    r"\bfobbed off\b",
    r"\bhad enough of\b",
    r"\bnot good enough\b",
    r"\b(?:very|deeply|extremely|so) (?:disappointed|dissatisfied|unhappy)\b",
    r"\bdoesn'?t (?:address|answer) (?:what|my|the|our)\b",
    r"\bthat isn'?t an answer\b",
    r"\b(?:disagree|disputes?) (?:with )?(?:your|the|that|what)\b",
)
_LEGAL = words(
    r"\bletter (?:before|of) (?:claim|action)\b",
    r"\bwe act (?:for|on behalf of)\b",
    r"\bissue proceedings\b",
    r"\bjudicial review\b",
    r"\bpre-action (?:letter|protocol)\b",
    r"\binstructed (?:by|to)\b.{0,40}\b(?:client|proceedings)\b",
    r"\bour client\b",
    r"\b(?:court|sealed) order\b",
    r"\bproceedings (?:will|may|shall) be (?:issued|commenced|brought)\b",
    r"\bby way of service\b",
    r"\bnotice requiring (?:the )?production\b",
    r"\bintended claim\b",
    r"\bwitness summons\b",
)
_MEDIA = words(
    r"\b(?:I am|I'm|im|we are|we're) (?!not\b)(?:a |an |the )?(?:\w+ ){0,4}(?:journalist|reporter|"
    r"correspondent|news editor|editor at|producer)\b",
    r"\b(?:running|writing|doing|preparing|working on) (?:a|an|our) (?:\w+ )?(?:story|piece|"
    r"article|feature|segment|item)\b.{0,80}\b(?:quote|comment|statement|deadline|print|"
    r"publish|paper|broadcast|tomorrow|thursday|friday|monday|tuesday|wednesday|today|line)\b",
    r"\b(?:journalist|journo|reporter|freelancer|newspaper|tv crew|press "
    r"office)\b.{0,60}\b(?:asking|asked|messaged|called|rang|wants|deadline|quote|comment|"
    r"line|statement|on air)\b",
    r"\b(?:someone|somebody) on air\b",
    r"\bgoing to print\b",
    r"\b(?:news|data|picture|city) ?desk,",
    r"\bprint day\b",
    r"\bfor a page \d+ story\b",
    r"\b(?:need|want|give me) (?:a |an )?(?:\w+ ){0,2}(?:holding line|quote|comment from|"
    r"spokesperson|on the record)\b",
    r"\bhealth (?:desk|correspondent|editor)\b",
    r"\bpress (?:enquiry|query|request)\b",
    r"\bI (?:host|produce|present|edit|write for|report for) (?:\w+ ){0,8}(?:podcast|show|"
    r"programme|radio|tv|episode|magazine|paper|newspaper|desk)\b",
    r"\b(?:drive-time|on tape|going on air|spokesperson|stringer|on mic|on camera|for broadcast|"
    r"on the record)\b",
    r"\bfreelance (?:\w+ ){0,2}(?:writer|journalist|reporter|broadcaster)\b",
    r"\bI'?ll print\b",
    r"\bwe'?re (?:putting together|running|broadcasting|filming) (?:a|an) (?:\w+ )?(?:package|"
    r"piece|item|segment|programme|episode|story)\b",
    r"\bput (?:somebody|someone) up for interview\b",
    r"\bfor a script\b",
    r"\b(?:channel|radio|tv) \w+ (?:just |has )?(?:rang|called|emailed|asked)\b",
    r"\b(?:someone|somebody|anyone) (?:from \w+ \w+ )?comment on (?:why|the|how)\b",
)
_INCIDENT = words(
    r"\b(?:data|suspected|possible|potential|security|confidentiality|privacy|personal data|"
    r"ig) (?:breach|incident|leak)\b(?! (?:officers?|managers?|leads?|coordinators?|advisers?|"
    r"teams?|desk|response|reporting|policy|procedure|guidance|&|"
    r"and \w+ (?:officer|manager|lead)))",
    r"\bopen to the (?:whole )?(?:internet|web|public|world)\b",
    r"\bexposed to the (?:internet|web|public)\b",
    r"\b(?:isn't|is not|aren't|are not|not) our (?:patients|people|data|file|cohort)\b",
    r"\b(?:someone|somebody) else'?s (?:patients?|data|file|rows|list|cohort|records)\b",
    r"\b(?:never|didn't) (?:ask(?:ed)?|order(?:ed)?|appl(?:y|ied)) for\b.{0,40}\b(?:patients|names|"
    r"rows|postcodes|NHS numbers)\b",
    r"\b(?:sent|emailed|e-mailed|mailed|went|uploaded|attached|copied|delivered|posted|"
    r"released) (?:\w+ ){0,9}(?:to the wrong|in error|by mistake|by accident|accidentally|"
    r"wrong (?:person|place|address|recipient|trust|hospital|chris))\b",
    r"\b(?:accidentally|mistakenly|inadvertently|wrongly) (?:\w+ ){0,3}(?:sent|shared|emailed|"
    r"e-mailed|uploaded|attached|published|posted|disclosed|released)\b",
    r"\b(?:another|other|someone else's|somebody else's|wrong) \*?(?:trust|customer|"
    r"organisation|patient|hospital|practice|team|people|study)'?s?\*?'?s? (?:\w+ "
    r"){0,2}(?:file|data|patients|records|rows|extract|cohort)\b",
    r"\b(?:lost|stolen|missing|mislaid) (?:\w+ ){0,3}(?:laptop|usb|drive|disc|disk|cd|stick|"
    r"memory stick|phone|parcel)\b",
    r"\b(?:laptop|usb|drive|disc|disk|cd|memory stick)\b.{0,40}\b(?:lost|stolen|missing|"
    r"gone)\b",
    r"\b(?:hacked|ransomware|phished|unauthori[sz]ed access|misdirected|re-?identif(?:y|ied) "
    r"(?:a|an|one) (?:patient|person|individual))\b",
    r"\bwrong people in (?:our|the|my)\b",
    r"\bleft (?:the|a|my|his|her|our) (?:\w+ )?(?:laptop|usb|drive|stick|disc|file|folder|papers|"
    r"print-?outs?) (?:\w+[ /]+){0,8}(?:in|on|at) (?:an?|the|my|his|her) (?:uber|taxi|train|bus|"
    r"pub|cafe|café|plane|car)\b",
    r"\b(?:families|patients|people|rows|records) in it (?:aren't|are not|isn't) (?:\w+ )?(?:from "
    r"|in )?(?:his|her|our|their|the|my|ours|theirs)\b",
    r"\bpublic (?:github|repo\w*|bucket|drive|channel|folder|link)\b",
    r"\bstill has (?:a )?(?:live )?(?:log ?in|access)\b",
    r"\bmeant for .{0,30}\b(?:it's got|it has|but it|and it)\b",
    r"\bfile that went up\b.{0,80}\bwrong\b",
    r"\b(?:emailed|e-mailed|sent|messaged|pasted|replied-all)\W .{0,40}\b(?:dob|nhs nos?|names|"
    r"diagnos\w+|dates of birth)\b",
    r"\btook copies\b",
    r"\bopenly (?:available|downloadable)\b",
    r"\breport (?:an?|our) (?:\w+ )?(?:incident|breach)\b",
)
_SAFETY = words(
    r"\b(?:kill (?:myself|himself|herself|him|her|me)|(?:feel|feeling|am|is) suicidal|end "
    r"(?:my|his|her) (?:own )?life|going to (?:hurt|harm) (?:myself|someone|somebody|him|her|"
    r"me)|(?:is|am|be|she's|he's|I'm) (?:in danger|at risk from)|threatened (?:to|me|us|him|"
    r"her))\b",
    r"\b(?:notice|miss) one more\b",
    r"\bI(?: think I)? (?:might|may|could|will|shall) be in (?:next year's|this year's|the next|"
    r"those|these)\b",
    r"\b(?:don't|do not|didn't) want to (?:be here|live|wake up|go on)\b",
    r"\b(?:better off|easier) without me\b",
    r"\b(?:cannot|can't) go on\b",
)


def foi_request(message: Message) -> Reason | None:
    """A request under the Freedom of Information Act has a legal clock."""
    if cue := asserted(message, _FOI):
        return reason("foi_request", "Asks under freedom of information law", cue)
    return None


def own_data_request(message: Message) -> Reason | None:
    """A request for one's own data, or to erase it or object to its use, has a legal clock."""
    if cue := asserted(message, _OWN_DATA) or asserted(message, _ERASE):
        return reason("own_data_request", "Uses a right under data protection law", cue)
    return None


def complaint(message: Message) -> Reason | None:
    """A complaint, or a dispute of an earlier answer, is read by a person."""
    if cue := asserted(message, _COMPLAINT):
        return reason("complaint", "Complains or disputes", cue)
    return None


def legal_letter(message: Message) -> Reason | None:
    """A lawyer's letter is read by a person."""
    if cue := asserted(message, _LEGAL):
        return reason("legal_letter", "Reads as a legal letter", cue)
    return None


def press(message: Message) -> Reason | None:
    """The press is answered by a person: a signature may say that it writes."""
    if cue := asserted(message, _MEDIA, signed=True):
        return reason("press", "Comes from or concerns the press", cue)
    return None


def incident(message: Message) -> Reason | None:
    """A suspected breach, loss or misdirection of data goes to a person at once."""
    if cue := asserted(message, _INCIDENT):
        return reason("incident", "Tells of a breach, a loss or misdirected data", cue)
    return None


def safety(message: Message) -> Reason | None:
    """Somebody may come to harm: a person must read it."""
    if cue := found(message, _SAFETY):
        return reason("safety", "Somebody may come to harm", cue)
    return None
