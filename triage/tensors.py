"""Reads the tensors of a safetensors file: a length, a JSON header, then raw little-endian data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

KINDS = {"F32": "<f4", "F16": "<f2"}
"""Kinds of numbers that are read, by their names in the format; others are passed over."""


class Tensors(NamedTuple):
    """Named arrays, all as float32, and what the file says of itself."""

    values: Mapping[str, NDArray[np.float32]]
    notes: Mapping[str, str]


def read_tensors(path: Path) -> Tensors:
    """Read the floating-point tensors of a file (format: github.com/huggingface/safetensors).

    Raises:
        ValueError: when the file is not of that form.
        OSError: when it cannot be read.
    """
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    try:
        header = json.loads(raw[8:start])
        notes = header.pop("__metadata__", {})
        values = {
            name: _array(raw, start, entry)
            for name, entry in header.items()
            if entry["dtype"] in KINDS
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is no safetensors file: {error}") from error
    return Tensors(values, notes)


def _array(raw: bytes, start: int, entry: Mapping[str, object]) -> NDArray[np.float32]:
    begin, end = np.array(entry["data_offsets"], dtype=int)
    values = np.frombuffer(raw[start + begin : start + end], dtype=KINDS[str(entry["dtype"])])
    shaped: NDArray[np.float32] = values.astype(np.float32, copy=False).reshape(
        np.array(entry["shape"], dtype=int)
    )
    return shaped
