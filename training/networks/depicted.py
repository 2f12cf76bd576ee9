"""The predictor that knows the embedding of the picture that x0 is of."""

import torch
import torch.nn as nn

from networks.autoencoder import LATENT_CHANNELS
from networks.captioned import resized
from networks.drawing import PLACED_SIDE, Drawing
from networks.informed import InformedPredictor
from networks.layers import zero_
from networks.pair import EMBEDDING
from networks.prior import ambiguity, mean_and_variance
from networks.unet import UNet

CHANNELS = (32, 64, 96)

_WIDTH, _HIDDEN = 96, 256


class EmbeddingDrawing(Drawing):
    """Embeddings [B, 128] to mean and log-variance of each latent of the picture, [B, 16, 16, 16]: told and said in one."""

    def __init__(self):
        values = 2 * _WIDTH * PLACED_SIDE ** 2
        super().__init__(nn.Linear(EMBEDDING, values), nn.Linear(EMBEDDING, _HIDDEN), zero_(nn.Linear(_HIDDEN, values)),
                         _WIDTH, LATENT_CHANNELS, EMBEDDING)

    def forward(self, embeddings: torch.Tensor) -> torch.Tensor:
        return self.draw(embeddings, embeddings)

    def sketch(self, told: torch.Tensor) -> torch.Tensor:
        return super().sketch(told).view(-1, 2 * _WIDTH, PLACED_SIDE, PLACED_SIDE)


class DepictedPredictor(InformedPredictor):
    """Epsilon [B, 8, h, w] of noisy latents, timesteps [B] and embeddings [B, 128]; h and w are multiples of 4.

    The UNet is shown how the sample differs from what is drawn of the embedding, and that drawing, which is of 16x16
    latents; other sizes have it enlarged or reduced.
    """

    def __init__(self, drawing: EmbeddingDrawing):
        super().__init__(UNet(2 * LATENT_CHANNELS, LATENT_CHANNELS, CHANNELS, context_width=0, label_width=EMBEDDING),
                         LATENT_CHANNELS)
        self.drawing = drawing.requires_grad_(False)

    def evaluate(self, sample: torch.Tensor, timestep: torch.Tensor, image_embeds: torch.Tensor) -> torch.Tensor:
        return self.unet(sample, timestep, labels=image_embeds)

    def prior(self, sample: torch.Tensor, timestep: torch.Tensor,
              image_embeds: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mean, variance = self.drawn(image_embeds)
        alpha, sigma = self.levels(timestep)
        variance = ambiguity(variance, (sigma / alpha) ** 2)
        return resized(mean, sample.shape[2:]), resized(variance, sample.shape[2:])

    def drawn(self, image_embeds: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and variance of x0 by the embedding alone, [B, 8, 16, 16]."""
        return mean_and_variance(self.drawing(image_embeds))

    def shown(self, sample: torch.Tensor, mean: torch.Tensor, surprise: torch.Tensor) -> torch.Tensor:
        return torch.cat([surprise, mean], 1)
