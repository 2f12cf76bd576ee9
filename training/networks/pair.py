"""A pair of towers in the manner of CLIP (arXiv:2103.00020): pictures and texts to embeddings of the same space."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.layers import ResidualBlock, zero_
from networks.text_encoder import WIDTH, pooled

EMBEDDING, PICTURE_SIZE = 128, 64
_CHANNELS, _PATCH = (48, 96, 128), 4
_HIDDEN = 512


class PictureTower(nn.Module):
    """Pictures [B, 3, 64, 64] in [-1, 1] to embeddings [B, 128], of numbers that are 1 in quadratic mean.

    From the start the embedding is linear in the picture, but for its length: the blocks start as the identity.
    """

    def __init__(self):
        super().__init__()
        first, second, third = _CHANNELS
        self.enter = nn.Conv2d(3, first, _PATCH, stride=_PATCH)
        self.block1 = ResidualBlock(first, first)
        self.shrink1 = nn.Conv2d(first, second, 3, stride=2, padding=1)
        self.block2 = ResidualBlock(second, second)
        self.shrink2 = nn.Conv2d(second, third, 3, stride=2, padding=1)
        self.block3 = ResidualBlock(third, third)
        self.leave = nn.Linear(third * (PICTURE_SIZE // _PATCH // 4) ** 2, EMBEDDING)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        h = self.shrink1(self.block1(self.enter(pictures)))
        h = self.block3(self.shrink2(self.block2(h)))
        return of_unit_numbers(self.leave(h.flatten(1)))

    def nothing(self) -> torch.Tensor:
        """The embedding of no picture, [1, 128]: the answer to zeros, which are no drawing."""
        return self(self.enter.weight.new_zeros(1, 3, PICTURE_SIZE, PICTURE_SIZE))


class TextTower(nn.Module):
    """Hidden states [B, S, 192] of the text encoder to embeddings [B, 128] near those of the pictures they describe."""

    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(WIDTH, EMBEDDING)
        self.recall = nn.Linear(WIDTH, _HIDDEN)
        self.memory = zero_(nn.Linear(_HIDDEN, EMBEDDING))

    def forward(self, context: torch.Tensor) -> torch.Tensor:
        said = pooled(context)
        return of_unit_numbers(self.enter(said) + self.memory(F.silu(self.recall(said))))


def of_unit_numbers(embeddings: torch.Tensor) -> torch.Tensor:
    """Vectors [B, E] of the length sqrt(E)."""
    return embeddings / (embeddings.pow(2).mean(-1, keepdim=True) + 1e-12).sqrt()


def contrast(pictures: torch.Tensor, texts: torch.Tensor, sharpness: torch.Tensor) -> torch.Tensor:
    """CLIP's loss of embeddings [B, E] that belong together row by row: which text is of which picture, and back."""
    logits = sharpness * F.normalize(pictures, dim=-1) @ F.normalize(texts, dim=-1).t()
    rows = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, rows) + F.cross_entropy(logits.t(), rows)) / 2
