"""The text encoder: a small causal transformer, trained together with the UNet."""

import torch
import torch.nn as nn

from networks.layers import LayerNorm, TransformerBlock


class TextEncoder(nn.Module):
    """Token ids [B, S], S of at most 32, to hidden states [B, S, 192]."""

    def __init__(self, vocabulary: int, length: int = 32, width: int = 192, blocks: int = 3, heads: int = 4):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(length, width) * 0.01)
        nn.init.normal_(self.tokens.weight, std=0.02)
        self.blocks = nn.ModuleList([TransformerBlock(width, heads=heads) for _ in range(blocks)])
        self.norm = LayerNorm(width)
        self.register_buffer("mask", torch.full((length, length), -1e4).triu(1))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        length = ids.shape[1]
        x = self.tokens(ids) + self.positions[:length]
        for block in self.blocks:
            x = block(x, mask=self.mask[:length, :length])
        return self.norm(x)
