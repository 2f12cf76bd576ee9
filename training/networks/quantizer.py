"""The codebook of the VQ variant of the autoencoder."""

import torch
import torch.nn as nn

from networks.autoencoder import LATENT_CHANNELS

ENTRIES = 8192

_COMMITMENT = 0.25
_ROUNDS, _CHUNK = 5, 4096


class Quantizer(nn.Module):
    """Replaces each latent vector by the nearest of 8192 entries of a codebook.

    How far apart two vectors are is told by their pictures: `scale` says how much each channel counts there, [8], and
    the codebook holds entries that are multiplied by it.
    """

    def __init__(self, entries: int = ENTRIES, channels: int = LATENT_CHANNELS):
        super().__init__()
        self.codebook = nn.Embedding(entries, channels)
        self.register_buffer("scale", torch.ones(channels))

    def nearest(self, vectors: torch.Tensor) -> torch.Tensor:
        """The number of the entry nearest to scaled vectors, [..., 8] to [...]."""
        # |v - e|^2 is smallest where this is largest. Not table * table, which the export would make a float16 weight.
        table = self.codebook.weight
        return (vectors @ table.t() - table.pow(2).sum(1) / 2).argmax(-1)

    def numbers(self, latents: torch.Tensor) -> torch.Tensor:
        """The number of the entry nearest to latents [B, 8, h, w], [B, h, w]."""
        return self.nearest(self._vectors(latents))

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        """The nearest entries, [B, 8, h, w], of latents."""
        return self._latents(self.codebook(self.numbers(latents)))

    def train_step(self, latents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The nearest entries, with the gradient passed straight through, and the codebook's and commitment losses."""
        vectors = self._vectors(latents)
        entries = self.codebook(self.nearest(vectors))
        codebook_loss = (entries - vectors.detach()).pow(2).mean()
        commitment_loss = (vectors - entries.detach()).pow(2).mean()
        return latents + (self._latents(entries) - latents).detach(), codebook_loss + _COMMITMENT * commitment_loss

    @torch.no_grad()
    def start(self, latents: torch.Tensor, scale: torch.Tensor) -> None:
        """Makes the entries centres of these latents, by rounds of k-means. One that is nearest to none stays."""
        self.scale.copy_(scale)
        vectors = self._vectors(latents).flatten(0, 2)
        vectors = vectors[torch.randperm(len(vectors), generator=torch.Generator().manual_seed(0))]
        table = self.codebook.weight
        table.copy_(vectors[torch.arange(len(table)) % len(vectors)])
        for _ in range(_ROUNDS):
            numbers = torch.cat([self.nearest(chunk) for chunk in vectors.split(_CHUNK)])
            counts = numbers.bincount(minlength=len(table))[:, None]
            sums = torch.zeros_like(table).index_add_(0, numbers, vectors)
            table.copy_(torch.where(counts > 0, sums / counts, table))

    @torch.no_grad()
    def standardize(self, mean: torch.Tensor, deviation: torch.Tensor) -> None:
        """The same entries for latents whose channels, with this mean and deviation, were brought to 0 and 1."""
        self.codebook.weight.sub_(self.scale * mean)
        self.scale.mul_(deviation)

    def _vectors(self, latents: torch.Tensor) -> torch.Tensor:
        return latents.permute(0, 2, 3, 1) * self.scale

    def _latents(self, vectors: torch.Tensor) -> torch.Tensor:
        return (vectors / self.scale).permute(0, 3, 1, 2)
