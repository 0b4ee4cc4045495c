"""Runs the encoder: plain text to vectors of length one, on one thread."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Vectors = NDArray[np.float32]
Span = tuple[int, int]

DIMENSIONS = 384
MAX_TOKENS = 256
"""The length at which the published model truncates."""
BATCH = 16
"""Texts a run; beyond it padding costs more than the larger matrices save."""


class Encoder:
    """The encoder in memory, about 60 MB. Safe to share between threads.

    `fingerprint` names the graph, so that cached vectors of another graph are not used.
    """

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, fingerprint: str
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, folder: Path) -> "Encoder":
        """Load what `encoder_graph.build` wrote into `folder`.

        Raises:
            FileNotFoundError: when the folder holds no built encoder.
        """
        graph = folder / "encoder.onnx"
        if not graph.is_file():
            raise FileNotFoundError(f"no encoder in {folder}: set-up builds it")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The arena keeps the largest batch's memory for good, and gains nothing measurable here.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        content = graph.read_bytes()
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        return cls(session, tokenizer, hashlib.sha256(content).hexdigest()[:16])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of 384 numbers a text; rows have length one. Text past 256 tokens is not read.

        Texts of like length share a run. Dynamic quantisation measures a run as a whole, so a
        text's vector differs a little (cosine about 0.999) with its company.
        """
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for chosen, encodings in self._batches(texts):
            rows[chosen] = self._run(encodings, "mean")
        return rows

    def encode_peaks(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """For each text the mean of its token vectors, and the largest of each of their numbers.

        What one word says stands out in the largest, and drowns in the mean.
        """
        means, peaks = (np.empty((len(texts), DIMENSIONS), dtype=np.float32) for _ in range(2))
        for chosen, encodings in self._batches(texts):
            tokens = self._run(encodings, "tokens")
            for row, encoding, found in zip(chosen, encodings, tokens, strict=True):
                own = found[: len(encoding.ids)]
                means[row] = own.mean(axis=0)
                # The first and the last token stand for the text's begin and end.
                peaks[row] = own[1:-1].max(axis=0) if len(own) > 2 else own.max(axis=0)  # noqa: PLR2004
        return means, peaks

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoding]]]:
        """Rows of like length, and their tokens, for a run each."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            yield chosen, [encodings[index] for index in chosen]

    def encode_parts(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
        """The whole text's vector and one for each span of characters, from a single run.

        A span's vector is the mean of its tokens as they stand in context, of length one. A span
        past the 256th token has no token; its row is all zeros.
        """
        encoding = self._tokenizer.encode(text)
        return _pooled(encoding, self._run([encoding], "tokens")[0], spans)

    def encode_parts_of_many(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[tuple[Vectors, Vectors]]:
        """What `encode_parts` gives for each text, in runs of many: quicker a text.

        Vectors differ a little from those of single runs, as `encode` says.
        """
        found: dict[int, tuple[Vectors, Vectors]] = {}
        for chosen, encodings in self._batches(texts):
            for row, encoding, tokens in zip(
                chosen, encodings, self._run(encodings, "tokens"), strict=True
            ):
                found[row] = _pooled(encoding, tokens[: len(encoding.ids)], spans[row])
        return [found[row] for row in range(len(texts))]

    def _run(self, encodings: Sequence[Encoding], output: str) -> Vectors:
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int64)
        mask = np.zeros((len(encodings), longest), dtype=np.int32)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        result: Vectors = self._session.run([output], {"ids": ids, "mask": mask})[0]
        return result


def _pooled(encoding: Encoding, tokens: Vectors, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
    """The mean of all tokens, and of those of each span, each of length one."""
    inner = np.array(encoding.special_tokens_mask) == 0
    offsets = np.array(encoding.offsets)
    parts = np.zeros((len(spans), DIMENSIONS), dtype=np.float32)
    for row, (start, end) in enumerate(spans):
        chosen = inner & (offsets[:, 0] >= start) & (offsets[:, 0] < end)
        if chosen.any():
            parts[row] = _unit(tokens[chosen].mean(axis=0))
    return _unit(tokens.mean(axis=0)), parts


def _unit(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
