"""The text encoders: small transformers over the tokens of a caption."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.layers import LayerNorm, TransformerBlock, zero_

WIDTH = 192

# As many hidden states as a usual caption has: pooling divides by it, so that padding changes nothing.
USUAL_LENGTH = 8


class TextTransformer(nn.Module):
    """Token ids [B, S], S of at most 32, to hidden states [B, S, 192], those of padding zero.

    What a token is stays clear from the first step of training on: embeddings are large beside those of positions,
    residual branches start from zero, and neither sums nor attention see padding. With embeddings of deviation 0.02 and
    padding of which each state says something, what a caption is about is lost among what all captions share.
    """

    def __init__(self, vocabulary: int, length: int = 32, blocks: int = 3, heads: int = 4):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Parameter(torch.randn(length, WIDTH) * 0.1)
        nn.init.normal_(self.tokens.weight, std=0.5)
        self.blocks = nn.ModuleList([TransformerBlock(WIDTH, heads=heads) for _ in range(blocks)])
        for block in self.blocks:
            zero_(block.attention1.o)
            zero_(block.feed_forward[-1])
        self.norm = LayerNorm(WIDTH)

    def states(self, ids: torch.Tensor, is_said: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The hidden states, zero where is_said [B, S] is zero; the mask is added to what tokens ask of each other."""
        x = self.tokens(ids) + self.positions[:ids.shape[1]]
        for block in self.blocks:
            x = block(x, mask=mask)
        return self.norm(x) * is_said[:, :, None]

    def said(self, ids: torch.Tensor) -> torch.Tensor:
        """The hidden states up to the end of the longest text. Those of padding are zero, so pooling does not miss them."""
        return self(self.without_padding(ids))


class TextEncoder(TextTransformer):
    """CLIP's kind: causal, over a caption with a start and an end; trained together with the prior."""

    def __init__(self, vocabulary: int, length: int = 32, blocks: int = 3, heads: int = 4):
        super().__init__(vocabulary, length, blocks, heads)
        # The tokenizer's last entry; what follows the first end is padding.
        self.end_id = vocabulary - 1
        self.register_buffer("mask", torch.full((length, length), -1e4).triu(1), persistent=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        length = ids.shape[1]
        ends = (ids == self.end_id).to(self.positions.dtype)
        is_said = torch.cat([torch.ones_like(ends[:, :1]), 1 - ends[:, 1:] * ends[:, :-1]], 1)
        return self.states(ids, is_said, self.mask[:length, :length])

    def without_padding(self, ids: torch.Tensor) -> torch.Tensor:
        """The ids up to the end of the longest text.

        On a GPU they stay as they are: Python would wait for it to learn how long the longest is.
        """
        return ids if ids.is_cuda else ids[:, :int((ids != self.end_id).sum(1).max()) + 1]

    def context(self, ids: torch.Tensor) -> torch.Tensor:
        """All 32 hidden states, without computing more of padding than has to be."""
        states = self.said(ids)
        return F.pad(states, (0, 0, 0, len(self.positions) - states.shape[1]))


class BertEncoder(TextTransformer):
    """BERT's kind, as the first latent diffusion models have it (arXiv:2112.10752): tokens attend to all that are said.

    Id 0 is padding.
    """

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        padding = (input_ids == 0).to(self.positions.dtype)
        return self.states(input_ids, 1 - padding, -1e4 * padding[:, None, None])

    def without_padding(self, ids: torch.Tensor) -> torch.Tensor:
        """The ids up to the end of the longest text."""
        return ids[:, :int((ids != 0).sum(1).max())]


def pooled(context: torch.Tensor) -> torch.Tensor:
    """What hidden states [B, S, 192] say together, [B, 192]."""
    return context.sum(1) / USUAL_LENGTH
