"""How often search offers something where nothing fits is measured, and told as it is."""

from bot.mail.quotes import newly_written
from knowledge.library import Library
from triage.chain import decide
from triage.decision import EnquiryType
from triage.labelled import Labelled
from triage.model import Model


def test_the_card_counts_the_messages_for_which_nothing_fits(
    model: Model, calibration: list[Labelled]
) -> None:
    shown = model.card.search
    figures = [one for one in calibration if EnquiryType.PUBLISHED_DATA in one.types]
    assert shown["passages"].messages == sum(not one.topics for one in calibration)
    assert 0 < shown["series"].messages <= len(calibration) - len(figures)


def test_what_is_counted_as_offered_is_what_decisions_hold(
    model: Model, library: Library, calibration: list[Labelled]
) -> None:
    without = [one for one in calibration if not one.topics]
    decisions = [decide(one.message(newly_written), model, library) for one in without]
    kept = [one for one in decisions if one.route != "ignore"]
    offered = sum(bool(one.passages) for one in kept)
    ignored = len(decisions) - len(kept)
    assert offered <= model.card.search["passages"].offered <= offered + ignored


def test_a_limit_is_no_lower_than_what_was_seen(model: Model) -> None:
    for one in model.card.search.values():
        assert 0 <= one.sent <= one.offered <= one.messages
        assert one.offered / one.messages <= one.at_most
        assert one.sent / one.messages <= one.sent_at_most <= one.at_most
        assert one.holds == (one.at_most <= one.risk)


def test_the_bound_outlives_storing(model: Model) -> None:
    stored = type(model.card).model_validate_json(model.card.model_dump_json())
    assert stored.search == model.card.search


def test_a_card_of_an_earlier_version_can_be_read(model: Model) -> None:
    earlier = model.card.model_dump(mode="json", exclude={"search"})
    assert type(model.card).model_validate(earlier).search == {}
