"""The one edge where whatever the standard library raises on hostile mail is stopped."""

from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def guarded(read: Callable[[], _T], otherwise: _T) -> _T:
    """What the standard library reads, or the other value where it raises.

    Its `email` package raises errors of many kinds (Lookup, Index, Attribute, Assertion,
    Type, Recursion) on hostile headers; this is the one edge where they are stopped.
    """
    try:
        return read()
    except Exception:  # noqa: BLE001 - the edge named above: any error means "cannot be read"
        return otherwise
