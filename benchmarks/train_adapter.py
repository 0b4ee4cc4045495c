"""Trains the encoder's adapter on our labelled messages, and writes it where `build` takes it.

Run, in the project's environment with torch and safetensors beside it (no dependency of ours):
    pip install --target TORCH torch==2.13.0 safetensors
    PYTHONPATH=TORCH python benchmarks/train_adapter.py WEIGHTS_DIR OUT.safetensors [AUTHOR ...]
Authors that are named are left out, so that what is gained can be measured on them. Every matrix
of every layer gets a change of low rank. It takes about half an hour on two cores.
"""

import hashlib
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from adapter_network import DROPOUT, MATRICES, SCALE, Heads, Layer, embedded
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from bot.mail.quotes import newly_written
from bot.settings import Settings
from knowledge.library import Library
from triage import chain, labelled
from triage.decision import Route
from triage.encoder_graph import LAYERS, SHA256, check_weights
from triage.model import KINDS, LABELS, targets
from triage.parts import full_text
from triage.tensors import read_tensors

EPOCHS, BATCH, MOST_TOKENS = 4, 16, 200
RATE, HEAD_RATE, DECAY = 1e-3, 5e-3, 0.01
WEIGHTS = {"route": 1.0, "type": 2.0, "flag": 2.0, "topic": 3.0}
"""What each kind of label counts in the loss."""
QUESTION_WEIGHT = 0.5
"""What the topic of an article's example question counts beside that of a message."""
ANCHOR, ANCHORS = 20.0, 12
"""How firmly likeness to catalogue texts is kept, and how many of them are seen a step.

Search ranks by likeness, and labels alone give no reason to keep two series apart.
"""


class Texts:
    """Messages, then example questions, then texts of the catalogue, with labels and lengths."""

    def __init__(self, without: Sequence[str]) -> None:
        self.messages = [
            one
            for one in labelled.read([labelled.DATA / "train"])
            if one.id.rpartition("-")[0] not in without
        ]
        heard = [chain.hear(one.message(newly_written)).message for one in self.messages]
        library = Library.load(None, dict.fromkeys(Settings.model_fields, "here"))
        asked = [(words, one.topic) for one in library.passages for words in one.questions]
        series = [
            text for one in library.series for text in (one.description, *one.topics, *one.answers)
        ]
        self.texts = [
            *(full_text(one.subject, one.new_text) for one in heard),
            *(words for words, _ in asked),
            *series,
        ]
        known = [[label in (topic, Route.ANSWER) for label in LABELS] for _, topic in asked]
        self.labels = torch.tensor(np.vstack([targets(self.messages), known]), dtype=torch.float32)
        self.border, self.catalogue = len(heard), len(heard) + len(asked)


class Trainer:
    """The network under training, and the embeddings of all texts."""

    def __init__(self, texts: Texts, weights: dict[str, Tensor], tokenizer: Tokenizer) -> None:
        self._texts = texts
        self.layers = nn.ModuleList(Layer(weights, number) for number in range(LAYERS))
        self._heads = Heads()
        self._states = list(embedded(weights, tokenizer.encode_batch(texts.texts)))
        self.layers.eval()
        with torch.no_grad():
            rows = [self._read(range(at, at + 1))[2] for at in range(len(texts.texts))]
        self._first = torch.cat(rows)

    def _read(self, rows: Sequence[int] | NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Token vectors, which of them are text, and their mean of length one, as we pool them."""
        state = nn.utils.rnn.pad_sequence([self._states[row] for row in rows], batch_first=True)
        lengths = torch.tensor([len(self._states[row]) for row in rows])
        mask = torch.arange(state.shape[1])[None] < lengths[:, None]
        state = functional.dropout(state, DROPOUT / 2, self.layers.training)
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                state = layer(state, mask)
        tokens = state.float()
        return tokens, mask, functional.normalize((tokens * mask[..., None]).sum(1), dim=-1)

    def train(self) -> None:
        """Some epochs, at a rate that falls to nothing."""
        draw = np.random.default_rng(0)
        rates = [(self.layers, RATE), (self._heads, HEAD_RATE)]
        groups = [{"params": one.parameters(), "lr": rate} for one, rate in rates]
        optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
        steps = EPOCHS * math.ceil(self._texts.catalogue / BATCH)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min(1, (step + 1) / 50) * (1 - step / steps)
        )
        self.layers.train()
        for epoch in range(EPOCHS):
            losses = []
            for batch in self._batches(draw):
                loss = self._loss(batch, draw)
                optimiser.zero_grad()
                loss.backward()
                learned = [*self.layers.parameters(), *self._heads.parameters()]
                nn.utils.clip_grad_norm_(learned, 1.0)
                optimiser.step()
                schedule.step()
                losses.append(loss.item())
            print(f"epoch {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.4f}", flush=True)

    def _batches(self, draw: np.random.Generator) -> list[NDArray[np.int64]]:
        """Messages and questions of like length together, in any order."""
        lengths = np.array([len(state) for state in self._states[: self._texts.catalogue]])
        order = np.argsort(lengths * draw.uniform(0.8, 1.2, len(lengths)))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        return [batches[number] for number in draw.permutation(len(batches))]

    def _loss(self, batch: NDArray[np.int64], draw: np.random.Generator) -> Tensor:
        tokens, mask, vectors = self._read(batch)
        labels, asked = self._texts.labels[batch], torch.tensor(batch >= self._texts.border)
        loss = self._anchor(batch, vectors, labels, asked, draw)
        for logits in self._heads(tokens, mask, vectors):
            if not asked.all():
                loss = loss + _labels_loss(logits[~asked], labels[~asked]) / 2
            if asked.any():
                topic = KINDS["topic"]
                missed = functional.binary_cross_entropy_with_logits(
                    logits[asked, topic], labels[asked, topic]
                )
                share = QUESTION_WEIGHT * WEIGHTS["topic"] * asked.float().mean()
                loss = loss + share * missed / 2
        return loss

    def _anchor(
        self,
        batch: NDArray[np.int64],
        vectors: Tensor,
        labels: Tensor,
        asked: Tensor,
        draw: np.random.Generator,
    ) -> Tensor:
        """How far likeness to catalogue texts, and among questions of a topic, has moved."""
        catalogue = np.arange(self._texts.catalogue, len(self._texts.texts))
        chosen = draw.choice(catalogue, ANCHORS, replace=False)
        anchors, before, own = self._read(chosen)[2], self._first[chosen], self._first[batch]
        moved = functional.mse_loss(vectors @ anchors.T, own @ before.T)
        moved = moved + functional.mse_loss(anchors @ anchors.T, before @ before.T)
        topics = labels[:, KINDS["topic"]]
        alike = (topics @ topics.T > 0) & asked[:, None] & asked[None]
        if alike.any():
            moved = moved + (vectors @ vectors.T - own @ own.T)[alike].square().mean() / 2
        return ANCHOR * moved


def _labels_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Routes compete; types, flags and topics stand each by itself."""
    routes = KINDS["route"]
    loss = WEIGHTS["route"] * functional.cross_entropy(
        logits[:, routes], labels[:, routes].argmax(1)
    )
    for kind in ("type", "flag", "topic"):
        columns = KINDS[kind]
        loss = loss + WEIGHTS[kind] * functional.binary_cross_entropy_with_logits(
            logits[:, columns], labels[:, columns]
        )
    return loss


def write(layers: nn.ModuleList, messages: Sequence[labelled.Labelled], out: Path) -> None:
    """Save the pairs as float16, with what they were learned on and from."""
    pairs = {}
    for number, layer in enumerate(layers):
        for name, one in zip(MATRICES, layer.matrices, strict=True):
            matrix = f"encoder.layer.{number}.{name}.weight"
            pairs[f"{matrix}.up"] = (SCALE * one.up.detach().numpy()).astype(np.float16)
            pairs[f"{matrix}.down"] = one.down.detach().numpy().astype(np.float16)
    notes = {
        "base": SHA256["model.safetensors"],
        "data": labelled.fingerprint(messages),
        "messages": str(len(messages)),
        "licence": "Apache-2.0",
    }
    save_file(pairs, out, notes)
    print(f"{out}: {out.stat().st_size} bytes, {hashlib.sha256(out.read_bytes()).hexdigest()}")


def main(weights_dir: Path, out: Path, without: Sequence[str]) -> None:
    """Read, train, write."""
    torch.manual_seed(0)
    check_weights(weights_dir)
    stored = read_tensors(weights_dir / "model.safetensors").values
    weights = {name: torch.tensor(value) for name, value in stored.items()}
    tokenizer = Tokenizer.from_file(str(weights_dir / "tokenizer.json"))
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.no_padding()
    texts = Texts(without)
    trainer = Trainer(texts, weights, tokenizer)
    trainer.train()
    write(trainer.layers, texts.messages, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
