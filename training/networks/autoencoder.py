"""The variational autoencoder: pictures [B, 3, 8h, 8w] in [-1, 1] and latents [B, 8, h, w].

Both halves are a linear map of 8x8 blocks of pixels, and what a network adds to it, at first nothing. The linear maps
start as the principal components of such blocks, so that the networks need to learn only what is not linear.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.layers import GroupNorm, ResidualBlock, zero_

FACTOR = 8
LATENT_CHANNELS = 8

_BLOCK = 3 * FACTOR ** 2
# Between 0, the components as they are, and 1, all of the same deviation.
_WHITENING = 0.5
_FIRST_LOG_VARIANCE = -5.0


class Encoder(nn.Module):
    """Pictures to what the latents are made from, [B, outputs, h, w]: for the KL variant mean and log-variance."""

    def __init__(self, outputs: int = 2 * LATENT_CHANNELS, width: int = 64):
        super().__init__()
        self.blocks = nn.PixelUnshuffle(FACTOR)
        self.linear = zero_(nn.Conv2d(_BLOCK, outputs, 1))
        self.leave = zero_(nn.Conv2d(2 * width, outputs, 3, padding=1))
        self.net = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, width, 3, padding=1),
            ResidualBlock(width, width),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 2 * width),
            GroupNorm(2 * width),
            nn.SiLU(),
            self.leave,
        )

    def forward(self, sample: torch.Tensor) -> torch.Tensor:
        return self.linear(self.blocks(sample)) + self.net(sample)


class Decoder(nn.Module):
    """Latents to pictures."""

    def __init__(self, width: int = 32):
        super().__init__()
        self.linear = nn.Conv2d(LATENT_CHANNELS, _BLOCK, 1)
        self.blocks = nn.PixelShuffle(FACTOR)
        # Not 3x3, whose zero padding would mean another latent after standardize.
        self.enter = nn.Conv2d(LATENT_CHANNELS, 4 * width, 1)
        self.net = nn.Sequential(
            self.enter,
            *_blocks(4, 4 * width),
            nn.Conv2d(4 * width, 8 * width, 1),
            nn.PixelShuffle(2),
            *_blocks(3, 2 * width),
            nn.Conv2d(2 * width, 4 * width, 1),
            nn.PixelShuffle(2),
            *_blocks(2, width),
            GroupNorm(width),
            nn.SiLU(),
            zero_(nn.Conv2d(width, 12, 3, padding=1)),
            nn.PixelShuffle(2),
        )

    def forward(self, latent_sample: torch.Tensor) -> torch.Tensor:
        return self.blocks(self.linear(latent_sample)) + self.net(latent_sample)


def _blocks(count: int, width: int) -> list[ResidualBlock]:
    return [ResidualBlock(width, width) for _ in range(count)]


@torch.no_grad()
def start_linear(encoder: Encoder, decoder: Decoder, pictures: torch.Tensor) -> None:
    """Makes the linear maps the best ones for these pictures: the first principal components of their blocks."""
    blocks = F.pixel_unshuffle(pictures, FACTOR).permute(0, 2, 3, 1).flatten(0, 2).double()
    mean = blocks.mean(0)
    centered = blocks - mean
    variances, components = torch.linalg.eigh(centered.t() @ centered / len(blocks))
    components = components.flip(1)[:, :LATENT_CHANNELS]
    scale = variances.flip(0)[:LATENT_CHANNELS].sqrt() ** _WHITENING
    projection = (components / scale).t()
    encoder.linear.weight[:LATENT_CHANNELS, :, 0, 0] = projection.float()
    encoder.linear.bias[:LATENT_CHANNELS] = -(projection @ mean).float()
    encoder.linear.bias[LATENT_CHANNELS:] = _FIRST_LOG_VARIANCE
    decoder.linear.weight[:, :, 0, 0] = (components * scale).float()
    decoder.linear.bias.copy_(mean)


@torch.no_grad()
def standardize(encoder: Encoder, decoder: Decoder, mean: torch.Tensor, deviation: torch.Tensor) -> None:
    """Makes latents with this mean and deviation of each channel, [8], ones with mean 0 and deviation 1.

    Only weights change, so that whoever uses the model need not know of it; the pictures stay the same.
    """
    for layer in (encoder.linear, encoder.leave):
        layer.weight[:LATENT_CHANNELS] /= deviation[:, None, None, None]
        layer.bias[:LATENT_CHANNELS] /= deviation
    encoder.linear.bias[:LATENT_CHANNELS] -= mean / deviation
    log_variances = encoder.linear.bias[LATENT_CHANNELS:]  # of the KL variant
    log_variances -= 2 * deviation.log()[:len(log_variances)]
    for layer in (decoder.linear, decoder.enter):
        layer.bias += layer.weight[:, :, 0, 0] @ mean
        layer.weight *= deviation[:, None, None]


def sample_latents(moments: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, ...]:
    """Latents drawn from the encoder's output, with the mean and log-variance, all float32 [B, 8, h, w]."""
    mean, log_variance = moments.float().chunk(2, 1)
    log_variance = log_variance.clamp(-20, 5)
    noise = torch.randn(mean.shape, generator=generator, device=mean.device)
    return mean + torch.exp(0.5 * log_variance) * noise, mean, log_variance
