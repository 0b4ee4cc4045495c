# ruff: noqa: E501 - lists of alternatives read better as long lines
"""The words by which people say for what area, nation and years they want figures, and how split.

Of levels, nations and splits: a name, fragments of which one must stand in the text, and a pattern.
"""

import re

EACH = (
    r"\b(?:by|per|each|every|individual|single|our|my|which|between|across|named|at) (?:\w+ ){0,2}?"
)
LEVELS = (
    (
        "person",
        "consultant|surgeon|midwife|ward",
        rf"{EACH}(?:consultants?|surgeons?|midwife team|midwives)\b|\b(?:named|one) (?:consultant|surgeon)\b|\bhospital wards?\b",
    ),
    (
        "school",
        "school|nurser|estate|prison|regiment|shelter",
        rf"{EACH}(?:(?:primary|secondary|infant|special) )?(?:schools?|nurser(?:y|ies)|prisons?|regiments?|shelters?)\b|{EACH}(?:council|housing) estates?\b|\bthe estate\b",
    ),
    (
        "postcode",
        "post|street|output area|village|our road|hamlet|parish",
        r"\bpost ?codes?\b|\bstreets?\b|(?<!super )\boutput areas?\b|\bvillages?\b|\bour road\b|\bhamlets?\b|\bparish(?:es)?\b",
    ),
    ("lsoa", "lsoa|super output", r"\blsoas?\b|\blower(?: layer)? super output areas?\b"),
    (
        "msoa",
        "msoa|super output|neighbourhood",
        r"\bmsoas?\b|\bmiddle(?: layer)? super output areas?\b|\bneighbourhoods?\b",
    ),
    ("ward", "ward", rf"\b(?:electoral|council) wards?\b|{EACH}wards?\b|\bwards?[- ]level\b"),
    (
        "gp-practice",
        "practice|surger",
        rf"{EACH}(?:practices?|surger(?:y|ies))\b|\bpractice[- ]level\b",
    ),
    ("pcn", "pcn|primary care network", r"\bpcns?\b|\bprimary care networks?\b"),
    (
        "trust",
        "trust|hospital|provider",
        rf"{EACH}(?:trusts?|hospitals?|providers?)\b|\b(?:trust|provider)[- ]level\b",
    ),
    (
        "local-authority",
        "council|borough|district|local auth",
        rf"{EACH}(?:councils?|boroughs?|district|local authorit(?:y|ies))\b",
    ),
    ("icb", "icb|integrated", r"\bicbs?\b|\bintegrated care (?:boards?|systems?)\b"),
    ("cancer-alliance", "alliance", r"\bcancer alliances?\b"),
)
NATIONS = (
    ("scotland", "scot", r"\bscot(?:land|tish)\b"),
    ("wales", "wales|welsh", r"(?<!south )\bwales\b|\bwelsh\b"),
    ("northern ireland", "northern", r"\bnorthern (?:ireland|irish)\b"),
    ("england", "engl", r"\bengland\b|\benglish\b"),
    (
        "abroad",
        "ireland|irish|isle of man|jersey|guernsey|gibraltar|franc|french|german|spain|spanish|portug|usa|america|europe|abroad|austral|zealand|canad|netherl|dutch|swed|norw|denmark|danish|finland|finnish|ital|poland|polish|belgi|switz|swiss|austria|greece|greek|turk|israel|india|china|chinese|japan|brazil|africa|wales, aus|new south wales",
        r"(?<!northern )(?<!and )\bireland\b|\b(?:irish republic|isle of man|jersey|guernsey|gibraltar|france|french|germany|german|spain|spanish|portugal|portuguese|usa|united states|america|europe|european countries|abroad|australian?|new zealand|canad(?:a|ian)|netherlands|dutch|sweden|swedish|norway|norwegian|denmark|danish|finland|finnish|italy|italian|poland|belgium|switzerland|swiss|austria|greece|turkey|israel|india|china|japan|brazil|south africa|new south wales)\b",
    ),
)
SPLITS = (
    ("age", "age", r"\bage(?:s|d)?\b|\bage[- ]?(?:group|band)s?\b"),
    ("sex", "sex|gender", r"\b(?:sex|gender)\b"),
    ("ethnicity", "ethnic", r"\bethnic(?:ity| groups?)?\b"),
    ("deprivation", "depriv|imd", r"\bdepriv(?:ation|ed)\b|\bimd\b"),
    ("stage", "stage ", r"\bstage (?:at|of|[1-4i])"),
)
WORK = r"(?:[\w-]+ ){0,2}?(?:workers|staff of|firefighters|fire fighters|teachers|farmers|miners|drivers|builders|welders|cleaners|soldiers|veterans|pilots|cabin crew|hairdressers|police officers|footballers|athletes)"
TRAITS = (
    (
        "occupation",
        "occupation|profession|job|worked|work in|work as|worker|fighter|teacher|farmer|miner|driver|builder|welder|cleaner|soldier|veteran|pilot|crew|dresser|officer|player|footballer|athlete",
        rf"\b(?:by|their|his|her|patients'|parents'|per) (?:occupations?|professions?|jobs?)\b|\b(?:people|patients|those|women|men)\b.{{0,40}}\b(?:worked|work|working) (?:in|as|at|with)\b|\b(?:among|amongst|in|of) {WORK}\b",
    ),
    (
        "religion",
        "religio|faith|muslim|christian|jewish|hindu|sikh|catholic",
        r"\b(?:religions?|religious|faiths?)\b|\b(?:muslim|christian|jewish|hindu|sikh|catholic) (?:people|patients|women|men|mothers)\b",
    ),
    (
        "income",
        "income|earning|salar|wealth",
        r"\b(?:by|their|household|family|patients'|personal) (?:incomes?|earnings|salar(?:y|ies)|wealth)\b|\bincomes? of (?:people|patients|those)\b",
    ),
    (
        "diet",
        "vegan|vegetarian|diet|meat",
        r"\bvegans?\b|\bvegetarians?\b|\bby diet\b|\bmeat[- ]eaters?\b",
    ),
    (
        "marital-status",
        "marital|married|divorced|widow",
        r"\bmarital\b|\bmarried\b|\bdivorced\b|\bwidow(?:ed|s|ers)\b",
    ),
    (
        "schooling",
        "educat|graduate|school leaving",
        r"\b(?:level of|by) education\b|\beducation(?:al)? (?:level|attainment)\b|\b(?:university )?graduates\b(?! training)",
    ),
    ("language", "language", r"\b(?:first|native|spoken|by|main) languages?\b"),
    ("politics", "political|voted|voter", r"\bpolitical (?:party|views)\b|\bvoted\b|\bvoters\b"),
    (
        "body",
        "handed|tattoo|blood group|blood type|eye colour|hair colour|star sign",
        r"\b(?:left|right)[- ]handed\b|\btattoo\w*|\bblood (?:group|type)s?\b|\b(?:eye|hair) colour\b|\bstar signs?\b",
    ),
    (
        "possessions",
        "own a|owns a|owner|pet",
        r"\bowns? (?:a|their) (?:car|house|home|dog|cat|pet)\b|\b(?:car|home|house|dog|cat|pet)[- ]owners?\b",
    ),
)
RECORD_CUES = "level|pseudon|identified|anonymi|individual|birth|listing|row|line|nhs number|link|record|raw|free|text|image|slides|scans|pictures|genom|sequence|matched|our |joined"
RECORDS = (
    r"\b(?:patient|record|individual|person|row|episode|tumour)[- ]level\b|\bdates? of birth\b|\bpseudonymi[sz]ed\b|\bde-?identified\b"
    r"|\banonymi[sz]ed (?:rows|records|cases|patients?|individual)\b|\bindividual (?:[\w-]+ ){0,2}?(?:cases|patients|records?|deaths)\b"
    r"|\bline listings?\b|\b(?:one|a|each) (?:row|line|record)s? (?:is |per|for|a)\b|\bnhs numbers?\b"
    r"|\b(?:patient|case|individual|clinical) records\b|\braw (?:data|records|hes|\w+ registrations)\b"
    r"|\bfree[- ]text\b|\breport texts?\b|\b(?:images|slides|scans|pictures|recordings) of\b|\b(?:ct|mri|x-ray) images\b|\bgenom(?:e|es|ic)\b|\bdna sequence\b"
    r"|\bmatched (?:to|with|against) (?:our|my|a|the)\b|\bour (?:cohort|trial|participants|volunteers|donors|sample)\b"
    r"|\blinkage\b|\blinked (?:records?|data|datasets?|extract|mortality)\b"
    r"|\blink(?:ed|ing)? (?:[\w-]+ ){0,6}?(?:to|with) (?:the )?(?:hes|ons|mortality|hospital|cancer|deaths?|gp|sact|national|your|census|pupil)\b"
    r"|\bjoined (?:up )?(?:to|with) (?:the )?(?:hes|ons|census|mortality|deaths?|ambulance|gp|prescribing|hospital)\b"
    r"|\blinked (?:[\w-]+ ){1,4}?and (?:[\w-]+ ){0,2}?data\b"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
FUTURE = re.compile(
    r"\bforecasts?\b|\bin (?:five|ten|twenty|\d+) years\b(?! ago)|\bexpected\b.{0,40}\bin 20[3-9]\d|\bproject(?:ed|ions?)\b|\bwill there be\b|\bpredict(?:ed|ions?)\b"
    r"|\bnext year's\b|\b20(?:[3-9]\d|2[89])\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"(?:\bno(?: need (?:for|of))?|\bnot(?: need| want| after| asking for| looking for)?|n't(?: need| want)?|\bwithout|\brather than|\binstead of|\bnever|\bnothing (?:about|on|at|with)|\bnone of|\bnot about) (?:any |the )?$"
)
