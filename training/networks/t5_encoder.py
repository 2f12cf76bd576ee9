"""A text encoder of T5's kind: bidirectional, without positions of its own, normalized by root mean squares."""

import math

import torch
import torch.nn as nn

from networks.layers import RMSNorm, TransformerBlock, zero_

WIDTH = 128
# As many tokens as DeepFloyd IF has of a prompt.
LENGTH = 77

_BUCKETS, _FARTHEST = 32, 128


class T5Encoder(nn.Module):
    """Token ids [B, S] and which of them are no padding, 1 or 0, [B, S], to hidden states [B, S, 128], 0 of padding.

    What is T5's (arXiv:1910.10683): every token sees every other; how far it is away adds a number to a head's scores,
    the same in all blocks; norms without a mean, before each part and after the last. What is not: scores are divided
    by the root of a head's width, which T5 has in its first weights, and the hidden layer is GELU without a gate. As
    in the other text encoder, embeddings are large and residual branches start from zero.
    """

    def __init__(self, vocabulary: int, blocks: int = 3, heads: int = 4):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        nn.init.normal_(self.tokens.weight, std=0.5)
        self.distances = nn.Embedding(_BUCKETS, heads)
        nn.init.zeros_(self.distances.weight)
        self.blocks = nn.ModuleList([TransformerBlock(WIDTH, heads=heads, expansion=2, norm=RMSNorm)
                                     for _ in range(blocks)])
        for block in self.blocks:
            zero_(block.attention1.o)
            zero_(block.feed_forward[-1])
        self.norm = RMSNorm(WIDTH)
        self.register_buffer("buckets", _buckets(LENGTH), persistent=False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        length = input_ids.shape[1]
        x = self.tokens(input_ids)
        is_said = attention_mask.to(x.dtype)
        distances = self.distances(self.buckets[:length, :length]).permute(2, 0, 1)
        mask = distances + (is_said[:, None, None, :] - 1) * 1e4
        for block in self.blocks:
            x = block(x, mask=mask)
        return self.norm(x) * is_said[:, :, None]


def _buckets(length: int) -> torch.Tensor:
    """T5's bucket of each token (column) as seen from each (row), int64 [length, length].

    Half of them are for tokens behind; of either half, half for a distance each, and half for distances that grow
    logarithmically up to 128.
    """
    positions = torch.arange(length)
    behind = positions[None] - positions[:, None]
    distance, half = behind.abs(), _BUCKETS // 2
    exact = half // 2
    far = (distance.clamp(min=1).double() / exact).log() / math.log(_FARTHEST / exact) * (half - exact)
    near = torch.where(distance < exact, distance, (exact + far.floor().long()).clamp(max=half - 1))
    return near + half * (behind > 0).long()
