"""The codebook of the VQ variant of the autoencoder."""

import torch
import torch.nn as nn

from networks.autoencoder import LATENT_CHANNELS

_COMMITMENT = 0.25


class Quantizer(nn.Module):
    """Replaces each latent vector of eight numbers by the nearest of 1024 entries of a codebook."""

    def __init__(self, entries: int = 1024, channels: int = LATENT_CHANNELS):
        super().__init__()
        self.codebook = nn.Embedding(entries, channels)
        nn.init.normal_(self.codebook.weight, std=1.0)

    def indices(self, latents: torch.Tensor) -> torch.Tensor:
        """The number of the nearest entry, [B, h, w]."""
        # Channel by channel: differences of float16 entries stay exact, where sums of their squares would not.
        table = self.codebook.weight
        distances = sum((latents[:, c, :, :, None] - table[:, c]) ** 2 for c in range(latents.shape[1]))
        return distances.argmin(-1)

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        """The nearest entries, [B, 8, h, w]."""
        return self.codebook(self.indices(latents)).permute(0, 3, 1, 2)

    def train_step(self, latents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The nearest entries, with the gradient passed straight through, and the codebook's and commitment losses."""
        quantized = self(latents)
        codebook_loss = (quantized - latents.detach()).pow(2).mean()
        commitment_loss = (latents - quantized.detach()).pow(2).mean()
        return latents + (quantized - latents).detach(), codebook_loss + _COMMITMENT * commitment_loss
