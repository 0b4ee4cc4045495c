"""The encoder's adapter: what it learned from our labelled messages, as a change of low rank."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.tensors import read_tensors

ADAPTER = Path(__file__).parent / "adapters" / "enquiries.safetensors"
"""The one that is merged when the encoder is built; its card stands beside it."""

Matrix = NDArray[np.float32]


class AdapterError(ValueError):
    """The adapter's file is damaged, or belongs to other weights; the words say which."""


@dataclass(frozen=True)
class Adapter:
    """For some matrices of the encoder a product of two narrow ones, to be added to them.

    The method is LoRA (Hu et al. 2021). `base` is the sha256 of the weights that it was learned
    on, `data` the fingerprint of the messages; `identity` names the file by its content.
    """

    base: str
    data: str
    identity: str
    factors: Mapping[str, tuple[Matrix, Matrix]]
    """By name of the matrix: rows by rank, and rank by columns."""

    @classmethod
    def read(cls, path: Path = ADAPTER) -> "Adapter":
        """Read a file of float16 pairs `<matrix>.up` and `<matrix>.down`.

        Raises:
            AdapterError: when it is missing, damaged, or a pair is not whole.
        """
        try:
            values, notes = read_tensors(path)
            names = {name.rpartition(".")[0] for name in values}
            factors = {name: (values[f"{name}.up"], values[f"{name}.down"]) for name in names}
            base, data = notes["base"], notes["data"]
        except (OSError, ValueError, KeyError) as error:
            raise AdapterError(f"{path.name} cannot be used as an adapter: {error}") from error
        return cls(base, data, hashlib.sha256(path.read_bytes()).hexdigest()[:16], factors)

    def merged(self, weights: Mapping[str, Matrix], base: str) -> dict[str, Matrix]:
        """The weights with every product added; what it does not name stays as it is.

        Merged weights cost nothing at run time: the network keeps its size and its speed.

        Raises:
            AdapterError: when `base`, the sha256 of the weights, is another, or a shape is.
        """
        if base != self.base:
            raise AdapterError(f"adapter {self.identity} was learned on other weights")
        changed = dict(weights)
        for name, (up, down) in self.factors.items():
            known = weights.get(name)
            if known is None or known.shape != (up.shape[0], down.shape[-1]):
                raise AdapterError(f"adapter {self.identity} does not fit the matrix {name}")
            changed[name] = known + up @ down
        return changed
