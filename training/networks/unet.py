"""The UNet that predicts the noise (epsilon) in latents."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.layers import GroupNorm, ResidualBlock, TransformerBlock, zero_


class SpatialTransformer(nn.Module):
    """A transformer block over the positions of a feature map [B, C, H, W], with a skip."""

    def __init__(self, channels: int, context_width: int, heads: int = 4):
        super().__init__()
        self.n = GroupNorm(channels)
        self.i = nn.Conv2d(channels, channels, 1)
        self.b = TransformerBlock(channels, context_width, heads, expansion=2)
        self.o = zero_(nn.Conv2d(channels, channels, 1))

    def forward(self, x: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        positions = self.i(self.n(x)).flatten(2).transpose(1, 2)
        return x + self.o(self.b(positions, context).transpose(1, 2).reshape(x.shape))


def timestep_embedding(timesteps: torch.Tensor, width: int) -> torch.Tensor:
    """Sinusoids of the timesteps [B] with wavelengths up to 2 pi 10000: cosines, then sines, [B, width]."""
    half = width // 2
    exponents = torch.arange(half, dtype=torch.float32, device=timesteps.device) / half
    angles = timesteps.float()[:, None] * torch.exp(-math.log(10000) * exponents)
    return torch.cat([angles.cos(), angles.sin()], -1)


class UNet(nn.Module):
    """Noisy latents [B, 4, h, w], timesteps [B] and hidden states [B, S, 192] to the noise [B, 4, h, w].

    Attention at every resolution but the finest. Each entry of `down` and `up` is either a residual block with what
    follows it, or the one convolution that changes the resolution.
    """

    def __init__(self, latent_channels: int = 4, channels: tuple[int, ...] = (64, 96, 128),
                 context_width: int = 192, blocks: int = 1):
        super().__init__()
        self.time_width = channels[0]
        embedding = 4 * channels[0]
        self.te = nn.Sequential(nn.Linear(channels[0], embedding), nn.SiLU(), nn.Linear(embedding, embedding),
                                nn.SiLU())
        self.cin = nn.Conv2d(latent_channels, channels[0], 3, padding=1)

        def block(inputs: int, level: int) -> nn.ModuleList:
            outputs = channels[level]
            attention = SpatialTransformer(outputs, context_width) if level > 0 else nn.Identity()
            return nn.ModuleList([ResidualBlock(inputs, outputs, embedding), attention])

        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        width, skips = channels[0], [channels[0]]
        last = len(channels) - 1
        for level, outputs in enumerate(channels):
            for _ in range(blocks):
                self.down.append(block(width, level))
                width = outputs
                skips.append(width)
            if level < last:
                self.down.append(nn.ModuleList([nn.Conv2d(width, width, 3, stride=2, padding=1)]))
                skips.append(width)
        self.mid = nn.ModuleList([ResidualBlock(width, width, embedding), SpatialTransformer(width, context_width),
                                  ResidualBlock(width, width, embedding)])
        for level in range(last, -1, -1):
            for _ in range(blocks + 1):
                self.up.append(block(width + skips.pop(), level))
                width = channels[level]
            if level > 0:
                self.up.append(nn.ModuleList([nn.Conv2d(width, width, 3, padding=1)]))
        self.no = GroupNorm(width)
        self.co = zero_(nn.Conv2d(width, latent_channels, 3, padding=1))

    def forward(self, sample: torch.Tensor, timesteps: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        time = self.te(timestep_embedding(timesteps, self.time_width))
        h = self.cin(sample)
        skips = [h]
        for entry in self.down:
            h = entry[0](h) if len(entry) == 1 else self._block(entry, h, time, context)
            skips.append(h)
        h = self.mid[2](self.mid[1](self.mid[0](h, time), context), time)
        for entry in self.up:
            if len(entry) == 1:
                h = entry[0](F.interpolate(h, scale_factor=2.0, mode="nearest"))
            else:
                h = self._block(entry, torch.cat([h, skips.pop()], 1), time, context)
        return self.co(F.silu(self.no(h)))

    @staticmethod
    def _block(entry: nn.ModuleList, h: torch.Tensor, time: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        residual, attention = entry
        h = residual(h, time)
        return attention(h, context) if isinstance(attention, SpatialTransformer) else h
