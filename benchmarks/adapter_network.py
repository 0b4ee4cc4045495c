"""The network under training: all-MiniLM-L6-v2, a change of low rank to each matrix, and heads."""

import math
from collections.abc import Iterator

import torch
from tokenizers import Encoding
from torch import Tensor, nn
from torch.nn import functional

from triage.encoder_graph import EPSILON, HEADS, HIDDEN
from triage.model import LABELS

RANK, SCALE = 16, 2.0
DROPOUT, HEAD_DROPOUT = 0.1, 0.2
MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


class Changed(nn.Module):
    """A matrix of the encoder, and the product that is learned beside it (LoRA)."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias = weight, bias
        rows, columns = weight.shape
        self.down = nn.Parameter(torch.randn(RANK, columns) / math.sqrt(columns))
        self.up = nn.Parameter(torch.zeros(rows, RANK))

    def forward(self, rows: Tensor) -> Tensor:
        """The product, and the change to it."""
        narrow = functional.linear(functional.dropout(rows, DROPOUT, self.training), self.down)
        change = SCALE * functional.linear(narrow, self.up)
        return functional.linear(rows, self.weight, self.bias) + change


class Layer(nn.Module):
    """One transformer layer (Devlin et al. 2019)."""

    def __init__(self, weights: dict[str, Tensor], number: int) -> None:
        super().__init__()
        prefix = f"encoder.layer.{number}."
        self.matrices = nn.ModuleList(
            Changed(weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"])
            for name in MATRICES
        )
        self.norms = [
            (weights[f"{prefix}{name}.LayerNorm.weight"], weights[f"{prefix}{name}.LayerNorm.bias"])
            for name in ("attention.output", "output")
        ]

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """Attention, then the two-step feed-forward, each added and normed."""
        query, key, value, joined, wide, narrow = self.matrices
        heads = [
            one(state).unflatten(-1, (HEADS, -1)).transpose(1, 2) for one in (query, key, value)
        ]
        mixed = functional.scaled_dot_product_attention(*heads, attn_mask=mask[:, None, None, :])
        state = self._norm(joined(mixed.transpose(1, 2).flatten(2)) + state, 0)
        return self._norm(narrow(functional.gelu(wide(state))) + state, 1)

    def _norm(self, rows: Tensor, which: int) -> Tensor:
        return functional.layer_norm(rows, (HIDDEN,), *self.norms[which], eps=EPSILON)


class Heads(nn.Module):
    """What labels are told by in training: the text's vector, and tokens that each label picks.

    The second (a query and a value a label) lets one sentence of a long mail count, so that its
    loss does not push the whole mail's vector about. Both are thrown away at the end.
    """

    def __init__(self) -> None:
        super().__init__()
        self.by_vector = nn.Linear(HIDDEN, len(LABELS))
        self.queries = nn.Parameter(torch.randn(len(LABELS), HIDDEN) * 0.02)
        self.values = nn.Linear(HIDDEN, len(LABELS), bias=False)
        self.bias = nn.Parameter(torch.zeros(len(LABELS)))
        nn.init.zeros_(self.values.weight)

    def forward(self, tokens: Tensor, mask: Tensor, vectors: Tensor) -> tuple[Tensor, Tensor]:
        """Logits by the vector, and by picked tokens."""
        whole = self.by_vector(functional.dropout(8 * vectors, HEAD_DROPOUT, self.training))
        kept = functional.dropout(tokens, HEAD_DROPOUT, self.training)
        picked = (kept @ self.queries.T / 4).masked_fill(~mask[..., None], -1e4).softmax(1)
        return whole, (picked * self.values(kept)).sum(1) + self.bias


def embedded(weights: dict[str, Tensor], encodings: list[Encoding]) -> Iterator[Tensor]:
    """What goes into the first layer: words and positions, normed."""
    norm = [weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")]
    for encoding in encodings:
        rows = weights["embeddings.word_embeddings.weight"][encoding.ids]
        rows = rows + weights["embeddings.position_embeddings.weight"][: len(encoding.ids)]
        rows = rows + weights["embeddings.token_type_embeddings.weight"][0]
        yield functional.layer_norm(rows, (HIDDEN,), *norm, eps=EPSILON)
