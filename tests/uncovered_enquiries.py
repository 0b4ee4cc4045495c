"""Thirty enquiries on three subjects that no approved article covers, and what officers replied."""

ABROAD = (
    "Can our analyst open the data from abroad while she works from Spain for a month?",
    "Is it allowed to access the data from abroad on a work laptop?",
    "A colleague will be working from abroad in July. May he still access the data from there?",
    "We have a researcher abroad in Canada. Can she access the data from abroad?",
    "One of our team moves to Ireland. Is access to the data from abroad permitted?",
    "What are the rules on working from abroad with access to the data?",
    "Can somebody access the data remotely when abroad for a conference?",
    "Does access from abroad, say on holiday in France, break the rules on the data?",
    "Our statistician is abroad until May. Could she access the data from abroad by VPN?",
    "I will be abroad for six weeks. Can I access the data while abroad?",
)
THESIS = (
    "Do small numbers have to be suppressed in a PhD thesis before it is deposited?",
    "My thesis has tables with small numbers. Must I suppress cells under five?",
    "For a student thesis, is suppression of small numbers needed in the tables?",
    "Which small numbers must be suppressed in tables of a thesis?",
    "A thesis chapter shows small numbers by district. Do we suppress them?",
    "Before my thesis is deposited, do the small numbers in its tables need suppression?",
    "Please confirm the suppression rule for small numbers in a doctoral thesis.",
    "Is rounding enough, or must small numbers in the thesis tables be suppressed?",
    "The examiners ask whether small numbers in the thesis were suppressed. What is the rule?",
    "How are small numbers to be suppressed in the tables of a master thesis?",
)
MODELS = (
    "May we train a machine learning model on the data and share the trained model?",
    "Can the weights of a machine learning model trained on the data be published?",
    "We trained a neural model. Is sharing the trained model outside the agreement allowed?",
    "Is a trained machine learning model an output that we can share?",
    "Can a trained model be released as open source when it was trained on patient records?",
    "Do we need approval to publish a trained machine learning model?",
    "Who owns a machine learning model trained on the data, and may we share it?",
    "Could a company use the trained model that our university built by machine learning?",
    "What checks does a trained machine learning model need before we share the model?",
    "May we share our trained model with another trust? Is a machine learning model data?",
)
SUBJECTS = {"Abroad": ABROAD, "Thesis": THESIS, "Models": MODELS}

REPLIES = {
    "Abroad": "Opening the records outside the United Kingdom counts as sharing them abroad, and "
    "your agreement must name that country.",
    "Thesis": "Cells under eight are replaced by a star, and totals are rounded to the nearest "
    "five, in a dissertation as in a paper.",
    "Models": "Weights are treated as record-level until a disclosure review shows that nobody can "
    "be found in them.",
}

SIGNED = (
    "Dear team,\n\n{asked} This is for 999 000 0018 of LS1 4AP and DARS-NIC-123456-A1B2C, from "
    "Robin Asker: robin.asker@uni.example or 0113 496 0123.\n\nMany thanks\nRobin Asker\n"
    "Department of Examples\nUniversity of Nowhere"
)
"""How each is written: with all that no example may show."""
NAMED = ("robin", "asker", "uni.example", "999 000", "ls1 4ap", "0113", "123456", "nowhere")
"""What of it would tell who wrote, or about whom."""


def letter(subject: str, place: int) -> str:
    """The body of one enquiry."""
    return SIGNED.format(asked=SUBJECTS[subject][place])


def officers_letter(subject: str) -> str:
    """An officer's reply, with greeting and signature."""
    return f"Dear Robin,\n\n{REPLIES[subject]}\n\nKind regards,\nAsha Verma\nCase officer"
