"""How a value may look: small checks that are combined into the description of a block."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
"""Given a value and its JSON pointer, yields a sentence for each thing that is wrong."""


def at(pointer: str, sentence: str) -> str:
    """A problem in the words and form of Slack's `response_metadata.messages`."""
    return f"{sentence} [json-pointer:{pointer or '/'}]"


def string(most: int, least: int = 0) -> Check:
    """A string of a length in characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield at(pointer, "must be a string")
        elif len(value) > most:
            yield at(pointer, f"must be less than {most + 1} characters")
        elif len(value) < least:
            yield at(pointer, f"must be more than {least - 1} characters")

    return check


def integer(least: int, most: int) -> Check:
    """A whole number in a range, both ends included."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield at(pointer, "must be an integer")
        elif not least <= value <= most:
            yield at(pointer, f"must be between {least} and {most}")

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    """True or false, and nothing that merely resembles it."""
    if not isinstance(value, bool):
        yield at(pointer, "must be a boolean")


def anything(value: Any, pointer: str) -> Iterator[str]:
    """Any value: Slack looks closer than this server does."""
    del value, pointer
    yield from ()


def choice(*allowed: str) -> Check:
    """One of some words."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield at(pointer, f"must be one of: {', '.join(allowed)}")

    return check


def items(each: Check, most: int, least: int = 0) -> Check:
    """An array whose elements all pass a check."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield at(pointer, "must be an array")
            return
        if len(value) > most:
            yield at(pointer, f"no more than {most} items allowed")
        if len(value) < least:
            yield at(pointer, f"no less than {least} items allowed")
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """An object with these fields and no others."""
    known = {**required, **optional}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield at(pointer, "must provide an object")
            return
        for name in required:
            if name not in value:
                yield at(pointer, f"missing required field: {name}")
        for name, part in value.items():
            if name not in known:
                yield at(pointer, f"invalid additional property: {name}")
            elif part is not None or name in required:
                yield from known[name](part, f"{pointer}/{name}")

    return check


def tagged(types: Mapping[str, Check], allowed: Iterable[str] | None = None) -> Check:
    """An object whose `type` says which check it must pass."""
    permitted = set(types if allowed is None else allowed)

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield at(pointer, "must provide an object")
        elif not isinstance(value.get("type"), str):
            yield at(pointer, "missing required field: type")
        elif value["type"] not in permitted or value["type"] not in types:
            yield at(f"{pointer}/type", f"unsupported type: {value['type']}")
        else:
            yield from types[value["type"]](value, pointer)

    return check


def every(*checks: Check) -> Check:
    """A value that passes all of several checks."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, pointer)

    return check


def one_of_fields(*names: str) -> Check:
    """An object that has at least one of these fields."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, dict) and not any(value.get(name) for name in names):
            yield at(pointer, f"must define either {' or '.join(names)}")

    return check
