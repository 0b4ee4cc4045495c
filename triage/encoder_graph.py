"""Builds the encoder's graph: all-MiniLM-L6-v2 from its published weights to an int8 ONNX file."""

import hashlib
import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from triage.adapter import ADAPTER, Adapter, AdapterError
from triage.tensors import read_tensors

SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The files of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243 (Apache-2.0)."""

LAYERS, HEADS, HIDDEN, EPSILON = 6, 12, 384, 1e-12
"""Shape of the network, from its published config.json."""

MICROSOFT = "com.microsoft"
NOTE = "made-from.txt"
"""Names what the graph beside it was made from; written last."""
Weights = Mapping[str, NDArray[np.float32]]


class WeightsError(ValueError):
    """A weights file is missing, or is not the one whose hash is known."""


def check_weights(folder: Path) -> None:
    """Refuse a folder that does not hold both files with the known hashes.

    Raises:
        WeightsError: naming the first file at fault.
    """
    for name, expected in SHA256.items():
        path = folder / name
        if not path.is_file():
            raise WeightsError(f"{path} is missing")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise WeightsError(f"{path} has sha256 {found}, expected {expected}")


def build(
    weights_dir: Path, out_dir: Path, *, adapter: Path | None = ADAPTER, quantise: bool = True
) -> Path:
    """Write `encoder.onnx` and `tokenizer.json` into `out_dir`; takes seconds, returns the graph.

    `adapter` is merged into the weights; None leaves them as published. `quantise=False` keeps
    float32, which serves to measure what int8 costs and gains.

    Raises:
        WeightsError: when the weights are not the known ones, or the adapter does not fit them.
    """
    check_weights(weights_dir)
    weights = read_tensors(weights_dir / "model.safetensors").values
    if adapter is not None:
        try:
            weights = Adapter.read(adapter).merged(weights, SHA256["model.safetensors"])
        except AdapterError as error:
            raise WeightsError(str(error)) from error
    out_dir.mkdir(parents=True, exist_ok=True)
    note = out_dir / NOTE
    note.unlink(missing_ok=True)
    target = out_dir / "encoder.onnx"
    with tempfile.TemporaryDirectory(dir=out_dir) as scratch:
        made = Path(scratch) / "float.onnx"
        onnx.save(graph_of(weights), made)
        if quantise:
            made = _quantised(made)
        tokenizer = Path(scratch) / "tokenizer.json"
        tokenizer.write_bytes((weights_dir / "tokenizer.json").read_bytes())
        tokenizer.replace(out_dir / "tokenizer.json")
        # The graph comes last: where it stands, the folder is whole.
        made.replace(target)
    note.write_text(_made_from(adapter, quantise=quantise), encoding="utf-8")
    return target


def is_built(folder: Path, adapter: Path | None = ADAPTER, *, quantise: bool = True) -> bool:
    """Whether a folder holds the encoder that `build` would make again, adapter included."""
    note = folder / NOTE
    return (
        (folder / "encoder.onnx").is_file()
        and note.is_file()
        and note.read_text(encoding="utf-8") == _made_from(adapter, quantise=quantise)
    )


def _made_from(adapter: Path | None, *, quantise: bool) -> str:
    """Names weights and adapter; an adapter that cannot be read is told by `build`."""
    parts = [SHA256["model.safetensors"], *([] if quantise else ["float32"])]
    if adapter is not None and adapter.is_file():
        parts.append(hashlib.sha256(adapter.read_bytes()).hexdigest())
    return "\n".join(parts)


def _quantised(source: Path) -> Path:
    target = source.with_name("int8.onnx")
    # The quantiser advises a pre-processing pass, on the root logger; our graph needs none.
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        quantize_dynamic(
            source,
            target,
            op_types_to_quantize=["MatMul", "Gather", "Attention"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    finally:
        root.setLevel(level)
    return target


class _Graph:
    """Nodes and constants as they are added, in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        name = f"{output}_{operator}"
        self.nodes.append(helper.make_node(operator, inputs, [output], name=name, **attributes))
        return output


def graph_of(weights: Weights) -> onnx.ModelProto:
    """The network with fused operators: tokens in, token vectors and their normed mean out.

    `weights` go by the names of the published file; the number of words may be any.
    """
    graph = _Graph()
    state = _embed(graph, weights)
    for number in range(LAYERS):
        state = _layer(graph, weights, number, state)
    graph.node("Identity", [state], "tokens")
    _pool(graph)
    inputs = [
        helper.make_tensor_value_info(name, kind, ["batch", "length"])
        for name, kind in (("ids", TensorProto.INT64), ("mask", TensorProto.INT32))
    ]
    outputs = [
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["batch", "length", HIDDEN]),
        helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["batch", HIDDEN]),
    ]
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
    made = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, outputs, graph.constants)
    return helper.make_model(made, opset_imports=opsets, ir_version=10)


def _embed(graph: _Graph, weights: Weights) -> str:
    """Word plus position, normed; the one token type is folded into the positions."""
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    positions = graph.constant(
        "positions",
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
    )
    graph.node("Gather", [words, "ids"], "word")
    graph.node("Shape", ["ids"], "length", start=1, end=2)
    zero, row = (graph.constant(f"int_{n}", np.array([n], dtype=np.int64)) for n in (0, 1))
    graph.node("Slice", [positions, zero, "length", zero, row], "position")
    graph.node("Add", ["word", "position"], "embedded")
    return graph.node(
        "LayerNormalization",
        [
            "embedded",
            graph.constant("embed_gamma", weights["embeddings.LayerNorm.weight"]),
            graph.constant("embed_beta", weights["embeddings.LayerNorm.bias"]),
        ],
        "state",
        axis=-1,
        epsilon=EPSILON,
    )


def _layer(graph: _Graph, weights: Weights, number: int, state: str) -> str:
    """One transformer layer: fused attention, then the two-step feed-forward with exact GELU."""
    prefix, tag = f"encoder.layer.{number}.", f"l{number}_"

    def stored(part: str) -> str:
        value = weights[prefix + part]
        turned = value.T if value.ndim == 2 else value  # noqa: PLR2004 -- a matrix, not a bias
        return graph.constant(tag + part, turned)

    def joined(kind: str) -> NDArray[np.float32]:
        names = [f"{prefix}attention.self.{part}.{kind}" for part in ("query", "key", "value")]
        return np.concatenate([weights[name] for name in names])

    matrix = graph.constant(tag + "qkv", joined("weight").T)
    bias = graph.constant(tag + "qkv_bias", joined("bias"))
    inputs = [state, matrix, bias, "mask"]
    graph.node("Attention", inputs, tag + "heads", domain=MICROSOFT, num_heads=HEADS)

    def add_and_norm(part: str, source: str, skip: str, output: str) -> str:
        graph.node("MatMul", [source, stored(f"{part}.dense.weight")], f"{output}_product")
        norms = [stored(f"{part}.LayerNorm.{kind}") for kind in ("weight", "bias")]
        given = [f"{output}_product", skip, *norms, stored(f"{part}.dense.bias")]
        return graph.node(
            "SkipLayerNormalization", given, output, domain=MICROSOFT, epsilon=EPSILON
        )

    attended = add_and_norm("attention.output", tag + "heads", state, tag + "attended")
    graph.node("MatMul", [attended, stored("intermediate.dense.weight")], tag + "wide")
    widened = [tag + "wide", stored("intermediate.dense.bias")]
    graph.node("BiasGelu", widened, tag + "active", domain=MICROSOFT)
    return add_and_norm("output", tag + "active", attended, tag + "state")


def _pool(graph: _Graph) -> None:
    """Mean over the tokens that are not padding, then length one (as the model was trained)."""
    graph.node("Cast", ["mask"], "mask_float", to=TensorProto.FLOAT)
    last = graph.constant("last_axis", np.array([-1], dtype=np.int64))
    middle = graph.constant("middle_axis", np.array([1], dtype=np.int64))
    graph.node("Unsqueeze", ["mask_float", last], "mask_column")
    graph.node("Mul", ["tokens", "mask_column"], "kept")
    graph.node("ReduceSum", ["kept", middle], "total", keepdims=0)
    # The mean's divisor falls away in the norm, so the sum is normed at once.
    graph.node("LpNormalization", ["total"], "mean", axis=-1, p=2)
