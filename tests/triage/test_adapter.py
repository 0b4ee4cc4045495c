"""The adapter: it changes just the matrices that it names, of just the weights it was made for."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from triage.adapter import ADAPTER, Adapter, AdapterError
from triage.encoder_graph import HIDDEN, LAYERS, SHA256, WeightsError, build, is_built
from triage.tensors import read_tensors

MATRIX = "encoder.layer.5.attention.self.query.weight"
CARD = json.loads(ADAPTER.with_name("card.json").read_text(encoding="utf-8"))


def _write(path: Path, arrays: dict[str, NDArray[np.float16]], notes: dict[str, str]) -> Path:
    """A safetensors file, by its published form."""
    header: dict[str, object] = {"__metadata__": notes}
    content = b""
    for name, array in arrays.items():
        end = len(content) + array.nbytes
        header[name] = {
            "dtype": "F16",
            "shape": array.shape,
            "data_offsets": [len(content), end],
        }
        content += array.tobytes()
    head = json.dumps(header).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + content)
    return path


def _pair(rows: int = 4, columns: int = 3, rank: int = 2) -> dict[str, NDArray[np.float16]]:
    up = np.arange(rows * rank, dtype=np.float16).reshape(rows, rank)
    down = np.ones((rank, columns), dtype=np.float16)
    return {f"{MATRIX}.up": up, f"{MATRIX}.down": down}


def test_the_product_of_a_pair_is_added_to_its_matrix_and_nothing_else(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.safetensors", _pair(), {"base": "b", "data": "d"})
    weights = {MATRIX: np.ones((4, 3), np.float32), "other": np.ones((2, 2), np.float32)}
    changed = Adapter.read(path).merged(weights, "b")
    assert changed[MATRIX][:, 0].tolist() == [2, 6, 10, 14]
    assert changed["other"] is weights["other"]
    assert weights[MATRIX].max() == 1


def test_an_adapter_is_refused_by_weights_that_it_was_not_learned_on(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.safetensors", _pair(), {"base": "b", "data": "d"})
    with pytest.raises(AdapterError, match="other weights"):
        Adapter.read(path).merged({MATRIX: np.ones((4, 3), np.float32)}, "another")


@pytest.mark.parametrize("weights", [{}, {MATRIX: np.ones((3, 3), np.float32)}])
def test_an_adapter_that_does_not_fit_a_matrix_names_it(
    tmp_path: Path, weights: dict[str, NDArray[np.float32]]
) -> None:
    path = _write(tmp_path / "a.safetensors", _pair(), {"base": "b", "data": "d"})
    with pytest.raises(AdapterError, match=r"attention\.self\.query"):
        Adapter.read(path).merged(weights, "b")


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:0],
        lambda raw: raw[:40],
        lambda raw: raw[:-1],
        lambda raw: raw.replace(b".down", b".doom"),
        lambda raw: raw.replace(b'"base"', b'"bass"'),
    ],
)
def test_a_damaged_file_is_told_from_a_whole_one(tmp_path: Path, damage) -> None:
    path = _write(tmp_path / "a.safetensors", _pair(), {"base": "b", "data": "d"})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(AdapterError, match=r"a\.safetensors"):
        Adapter.read(path)


def test_a_missing_adapter_is_named_and_builds_no_encoder(tmp_path: Path) -> None:
    with pytest.raises(AdapterError, match=r"none\.safetensors"):
        Adapter.read(tmp_path / "none.safetensors")
    with pytest.raises(WeightsError):
        build(tmp_path, tmp_path / "out")
    assert not is_built(tmp_path / "out")


def test_an_encoder_made_from_another_adapter_is_not_current(tmp_path: Path) -> None:
    """Set-up asks this, and builds again where the adapter in the code has changed."""
    (tmp_path / "encoder.onnx").write_bytes(b"")
    assert not is_built(tmp_path)
    adapter = hashlib.sha256(ADAPTER.read_bytes()).hexdigest()
    note = tmp_path / "made-from.txt"
    note.write_text(f"{SHA256['model.safetensors']}\n{adapter}", encoding="utf-8")
    assert is_built(tmp_path)
    assert not is_built(tmp_path, adapter=None)


class TestOurs:
    """The adapter that is kept with the code."""

    def test_is_small_and_is_the_one_that_its_card_describes(self) -> None:
        raw = ADAPTER.read_bytes()
        assert len(raw) <= 2_000_000
        assert hashlib.sha256(raw).hexdigest() == CARD["sha256"]
        notes = read_tensors(ADAPTER).notes
        assert {name: CARD[name] for name in ("base", "data", "licence")} == {
            name: notes[name] for name in ("base", "data", "licence")
        }

    def test_was_learned_on_the_weights_that_set_up_fetches(self) -> None:
        assert Adapter.read().base == SHA256["model.safetensors"]

    def test_changes_matrices_of_the_encoder_by_finite_numbers(self) -> None:
        factors = Adapter.read().factors
        layers = {name.split(".")[2] for name in factors}
        assert layers <= {str(number) for number in range(LAYERS)}
        for up, down in factors.values():
            assert up.shape[1] == down.shape[0] == CARD["rank"]
            assert up.shape[0] % HIDDEN == down.shape[1] % HIDDEN == 0
            assert np.isfinite(up).all()
            assert np.isfinite(down).all()
            assert (up @ down).any()
