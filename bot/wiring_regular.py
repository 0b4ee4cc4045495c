"""What a worker does by the clock, as far as it is switched on."""

from bot.brain import Brain
from bot.clocks import CLOCKS_AT, SILENCE_AT, ClockWatch, SilenceWatch
from bot.gaps import GAPS_AT, GapSearch
from bot.jobs import Regular
from bot.settings import Settings
from bot.snoozing import EACH_MINUTE, Waking
from handlers.desk import Desk
from handlers.unit import Store


def regular_work(settings: Settings, store: Store, brain: Brain, desk: Desk) -> list[Regular]:
    """All regular work of this deployment."""
    work = [
        Regular("gaps", GAPS_AT, GapSearch(store, brain).morning),
        Regular("snoozed", EACH_MINUTE, Waking(store).minute),
    ]
    if settings.reminders:
        clocks = ClockWatch(store, desk, settings.reminding())
        work.append(Regular("clocks", CLOCKS_AT, clocks.look))
    if settings.close_after_days:
        silence = SilenceWatch(store, desk, settings.patience())
        work.append(Regular("silence", SILENCE_AT, silence.look))
    return work
