"""The encoder: its graph computes the network, and wrong weights are refused."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from triage.encoder import Encoder
from triage.encoder_graph import EPSILON, HEADS, HIDDEN, LAYERS, WeightsError, build, graph_of

WORDS = 50
Rows = NDArray[np.float32]


@pytest.fixture(scope="module")
def weights() -> dict[str, Rows]:
    """Random weights with the published names and shapes, for a language of fifty words."""
    draw = np.random.default_rng(5)

    def some(*shape: int) -> Rows:
        return (draw.normal(size=shape) * 0.05).astype(np.float32)

    found = {
        "embeddings.word_embeddings.weight": some(WORDS, HIDDEN),
        "embeddings.position_embeddings.weight": some(512, HIDDEN),
        "embeddings.token_type_embeddings.weight": some(2, HIDDEN),
        "embeddings.LayerNorm.weight": 1 + some(HIDDEN),
        "embeddings.LayerNorm.bias": some(HIDDEN),
    }
    shapes = {
        "attention.self.query": (HIDDEN, HIDDEN),
        "attention.self.key": (HIDDEN, HIDDEN),
        "attention.self.value": (HIDDEN, HIDDEN),
        "attention.output.dense": (HIDDEN, HIDDEN),
        "intermediate.dense": (4 * HIDDEN, HIDDEN),
        "output.dense": (HIDDEN, 4 * HIDDEN),
    }
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        for name, shape in shapes.items():
            found[f"{prefix}{name}.weight"] = some(*shape)
            found[f"{prefix}{name}.bias"] = some(shape[0])
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            found[f"{prefix}{name}.weight"] = 1 + some(HIDDEN)
            found[f"{prefix}{name}.bias"] = some(HIDDEN)
    return found


def _norm(rows: Rows, weights: dict[str, Rows], name: str) -> Rows:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + EPSILON)
    normed: Rows = centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return normed


def _by_hand(weights: dict[str, Rows], ids: list[int]) -> Rows:
    """The network for one text, written out (Devlin et al. 2019; mean pooling, length one)."""

    def dense(rows: Rows, name: str) -> Rows:
        product: Rows = rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
        return product

    rows = weights["embeddings.word_embeddings.weight"][ids]
    rows = rows + weights["embeddings.position_embeddings.weight"][: len(ids)]
    rows = rows + weights["embeddings.token_type_embeddings.weight"][0]
    rows = _norm(rows, weights, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        query, key, value = (
            dense(rows, f"{prefix}attention.self.{part}")
            .reshape(len(ids), HEADS, -1)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(HIDDEN / HEADS))
        mixed = scores / scores.sum(axis=-1, keepdims=True) @ value
        heads = mixed.transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        attended = dense(heads, f"{prefix}attention.output.dense") + rows
        rows = _norm(attended, weights, f"{prefix}attention.output.LayerNorm")
        wide = dense(rows, f"{prefix}intermediate.dense")
        active = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        rows = _norm(
            dense(active.astype(np.float32), f"{prefix}output.dense") + rows,
            weights,
            f"{prefix}output.LayerNorm",
        )
    mean = rows.mean(axis=0)
    unit: Rows = mean / np.linalg.norm(mean)
    return unit


def test_the_fused_graph_computes_the_network(weights: dict[str, Rows]) -> None:
    session = onnxruntime.InferenceSession(
        graph_of(weights).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    short, long = [3, 14, 15, 9], [2, 6, 5, 35, 8, 9, 7]
    ids = np.array([short + [0] * 3, long])
    mask = np.array([[1] * 4 + [0] * 3, [1] * 7], dtype=np.int32)
    rows = session.run(["mean"], {"ids": ids, "mask": mask})[0]
    assert rows[0] == pytest.approx(_by_hand(weights, short), abs=2e-5)
    assert rows[1] == pytest.approx(_by_hand(weights, long), abs=2e-5)


def test_weights_with_another_hash_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="missing"):
        build(tmp_path, tmp_path / "out")
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(WeightsError, match="sha256"):
        build(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_without_an_encoder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="set-up builds it"):
        Encoder.load(tmp_path)


def test_sentences_of_like_sense_lie_closer(encoder: Encoder) -> None:
    """The published model gives 0.755 for the first two; int8 may differ a little."""
    eating, bread, baby = encoder.encode(
        [
            "A man is eating food.",
            "A man is eating a piece of bread.",
            "The girl is carrying a baby.",
        ]
    )
    assert float(eating @ bread) == pytest.approx(0.755, abs=0.03)
    assert float(eating @ baby) < 0.1


def test_rows_have_length_one_whatever_the_text(encoder: Encoder) -> None:
    rows = encoder.encode(["", "word", "words " * 1000])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)


def test_parts_come_from_the_run_of_the_whole(encoder: Encoder) -> None:
    text = "What does it cost? Who may apply?"
    whole, parts = encoder.encode_parts(text, [(0, 18), (19, len(text)), (900, 950)])
    assert float(whole @ encoder.encode([text])[0]) > 0.999
    assert np.linalg.norm(parts, axis=1) == pytest.approx([1, 1, 0], abs=1e-4)
    assert float(parts[0] @ encoder.encode(["What does it cost?"])[0]) > 0.5


def test_loading_the_encoder_reports_nothing_to_its_makers(tmp_path: Path) -> None:
    """Without a home onnxruntime complains when it wants to keep its identifier of this machine."""
    code = "import triage.encoder, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert list(tmp_path.rglob("*")) == []
