"""What the embedding of a picture says of its latents."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.autoencoder import LATENT_CHANNELS
from networks.layers import ResidualBlock, zero_
from networks.pair import EMBEDDING

_SIDE = 4
_SKETCH, _COARSE, _FINE, _HIDDEN = 192, 96, 48, 256


class Drawing(nn.Module):
    """Embeddings [B, 128] to mean and log-variance of each latent of the picture, [B, 16, 16, 16].

    As the caption's prior draws: 4x4 places, linear in the embedding, plus what is remembered of it, which are doubled
    in size twice.
    """

    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(EMBEDDING, _SIDE ** 2 * _SKETCH)
        self.recall = nn.Linear(EMBEDDING, _HIDDEN)
        self.memory = zero_(nn.Linear(_HIDDEN, _SIDE ** 2 * _SKETCH))
        self.grow1 = nn.Conv2d(_SKETCH, 4 * _COARSE, 1)
        self.block1 = ResidualBlock(_COARSE, _COARSE, EMBEDDING)
        self.grow2 = nn.Conv2d(_COARSE, 4 * _FINE, 1)
        self.block2 = ResidualBlock(_FINE, _FINE, EMBEDDING)
        self.leave = nn.Conv2d(_FINE, 2 * LATENT_CHANNELS, 3, padding=1)

    def forward(self, embeddings: torch.Tensor) -> torch.Tensor:
        sketch = self.enter(embeddings) + self.memory(F.silu(self.recall(embeddings)))
        h = self.grow1(F.silu(sketch.view(-1, _SKETCH, _SIDE, _SIDE)))
        h = self.block1(F.pixel_shuffle(h, 2), embeddings)
        h = self.block2(F.pixel_shuffle(self.grow2(F.silu(h)), 2), embeddings)
        return self.leave(F.silu(h))
