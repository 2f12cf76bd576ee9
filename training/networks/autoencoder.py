"""The variational autoencoder: pictures [B, 3, 4h, 4w] in [-1, 1] and latents [B, 4, h, w]."""

import torch
import torch.nn as nn

from networks.layers import GroupNorm, ResidualBlock

LATENT_CHANNELS = 4


class Encoder(nn.Module):
    """Pictures to what the latents are made from, [B, outputs, h, w]: for the KL variant mean and log-variance."""

    def __init__(self, outputs: int = 2 * LATENT_CHANNELS, width: int = 48):
        super().__init__()
        self.net = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(12, width, 3, padding=1),
            ResidualBlock(width, width),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 2 * width),
            GroupNorm(2 * width),
            nn.SiLU(),
            nn.Conv2d(2 * width, outputs, 3, padding=1),
        )

    def forward(self, sample: torch.Tensor) -> torch.Tensor:
        return self.net(sample)


class Decoder(nn.Module):
    """Latents to pictures."""

    def __init__(self, width: int = 48):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(LATENT_CHANNELS, 2 * width, 3, padding=1),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 2 * width),
            nn.Conv2d(2 * width, 4 * width, 1),
            nn.PixelShuffle(2),
            ResidualBlock(width, width),
            ResidualBlock(width, width),
            GroupNorm(width),
            nn.SiLU(),
            nn.Conv2d(width, 12, 3, padding=1),
            nn.PixelShuffle(2),
        )

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return self.net(latents)


def sample_latents(moments: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, ...]:
    """Latents drawn from the encoder's output, with the mean and log-variance, all float32 [B, 4, h, w]."""
    mean, log_variance = moments.float().chunk(2, 1)
    log_variance = log_variance.clamp(-20, 5)
    noise = torch.randn(mean.shape, generator=generator, device=mean.device)
    return mean + torch.exp(0.5 * log_variance) * noise, mean, log_variance
