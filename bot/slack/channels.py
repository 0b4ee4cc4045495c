"""In which channel a case's card appears."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.posting import types_of_case
from handlers.unit import Store


@dataclass(frozen=True, slots=True)
class CaseChannels:
    """Ids of channels: `by_type` for cases of one type, and the `usual` one for the rest."""

    usual: str
    by_type: Mapping[str, str] = field(default_factory=dict)

    async def of_case(self, store: Store, case_id: int) -> str:
        """The channel of the first of the case's types that has one of its own."""
        if not self.by_type:
            return self.usual
        async with store.unit() as unit:
            types = await types_of_case(unit, case_id)
        return next((self.by_type[one] for one in types if one in self.by_type), self.usual)
