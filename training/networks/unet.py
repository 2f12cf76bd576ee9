"""The UNet that predicts the noise (epsilon) in latents, or in small pictures."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.layers import GroupNorm, ResidualBlock, TransformerBlock, zero_
from networks.text_encoder import WIDTH, pooled


class SpatialTransformer(nn.Module):
    """A transformer block over the positions of a feature map [B, C, H, W], with a skip."""

    def __init__(self, channels: int, context_width: int, heads: int = 4):
        super().__init__()
        self.norm = GroupNorm(channels)
        self.block = TransformerBlock(channels, context_width, heads, expansion=2)
        self.out = zero_(nn.Conv2d(channels, channels, 1))

    def forward(self, x: torch.Tensor, context: torch.Tensor | None) -> torch.Tensor:
        positions = self.norm(x).permute(0, 2, 3, 1).flatten(1, 2)
        batch, channels, height, width = x.shape
        return x + self.out(self.block(positions, context).reshape(batch, height, width, channels).permute(0, 3, 1, 2))


def timestep_embedding(timesteps: torch.Tensor, width: int) -> torch.Tensor:
    """Sinusoids of the timesteps [B] with wavelengths up to 2 pi 10000: cosines, then sines, [B, width]."""
    half = width // 2
    exponents = torch.arange(half, dtype=torch.float32, device=timesteps.device) / half
    angles = timesteps.float()[:, None] * torch.exp(-math.log(10000) * exponents)
    return torch.cat([angles.cos(), angles.sin()], -1)


class StepLabels(nn.Module):
    """Labels that are timesteps themselves, [B], to embeddings [B, width]."""

    def __init__(self, sinusoids: int, width: int):
        super().__init__()
        self.sinusoids = sinusoids
        self.net = nn.Sequential(nn.Linear(sinusoids, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, labels: torch.Tensor) -> torch.Tensor:
        return self.net(timestep_embedding(labels, self.sinusoids))


class UNet(nn.Module):
    """A sample [B, inputs, h, w], timesteps [B] and a condition to [B, outputs, h, w].

    h and w are halved between levels. One residual block a level on the way down and one on the way up, attention at
    every resolution but the finest, most of the parameters in the middle, where they cost least. The condition is a
    context of hidden states [B, S, context_width], which pooled are added to the embedding of the timestep too, or
    labels [B], or none. Labels are classes, or with label_steps timesteps of another noise, or with label_width vectors
    [B, label_width]. Without attention every layer is a convolution.
    """

    def __init__(self, inputs: int, outputs: int, channels: tuple[int, ...] = (64, 128, 192),
                 context_width: int = WIDTH, classes: int = 0, label_steps: bool = False, label_width: int = 0,
                 attends: bool = True):
        super().__init__()
        self.time_width = 2 * channels[0]
        width = 4 * channels[0]
        self.time = nn.Sequential(nn.Linear(self.time_width, width), nn.SiLU(), nn.Linear(width, width))
        self.pooled = nn.Linear(context_width, width) if context_width else None
        self.labels = nn.Embedding(classes, width) if classes else None
        if label_steps:
            self.labels = StepLabels(self.time_width, width)
        if label_width:
            self.labels = nn.Linear(label_width, width)
        self.enter = nn.Conv2d(inputs, channels[0], 3, padding=1)

        def attention(level: int) -> nn.Module | None:
            return SpatialTransformer(channels[level], context_width) if attends and level > 0 else None

        last = len(channels) - 1
        self.down = nn.ModuleList([Level(channels[i], channels[i], width, attention(i)) for i in range(last)])
        self.shrink = nn.ModuleList([nn.Conv2d(channels[i], channels[i + 1], 3, stride=2, padding=1)
                                     for i in range(last)])
        self.middle = nn.ModuleList([Level(channels[-1], channels[-1], width, attention(last)),
                                     Level(channels[-1], channels[-1], width, attention(last)),
                                     Level(channels[-1], channels[-1], width, None)])
        self.grow = nn.ModuleList([nn.Conv2d(channels[i + 1], 4 * channels[i], 1) for i in range(last)])
        self.up = nn.ModuleList([Level(2 * channels[i], channels[i], width, attention(i)) for i in range(last)])
        self.norm = GroupNorm(channels[0])
        self.leave = zero_(nn.Conv2d(channels[0], outputs, 3, padding=1))

    def forward(self, sample: torch.Tensor, timesteps: torch.Tensor, context: torch.Tensor | None = None,
                labels: torch.Tensor | None = None) -> torch.Tensor:
        time = self.time(timestep_embedding(timesteps, self.time_width))
        if self.pooled is not None:
            time = time + self.pooled(pooled(context))
        if self.labels is not None:
            time = time + self.labels(labels)
        time = F.silu(time)
        h, skips = self.enter(sample), []
        for level, shrink in zip(self.down, self.shrink):
            h = level(h, time, context)
            skips.append(h)
            h = shrink(h)
        for level in self.middle:
            h = level(h, time, context)
        for level, grow in zip(reversed(self.up), reversed(self.grow)):
            h = torch.cat([F.pixel_shuffle(grow(h), 2), skips.pop()], 1)
            h = level(h, time, context)
        return self.leave(F.silu(self.norm(h)))


class Level(nn.Module):
    """A residual block, followed by attention where there is one."""

    def __init__(self, inputs: int, outputs: int, time_width: int, attention: SpatialTransformer | None):
        super().__init__()
        self.residual = ResidualBlock(inputs, outputs, time_width)
        self.attention = attention

    def forward(self, x: torch.Tensor, time: torch.Tensor, context: torch.Tensor | None) -> torch.Tensor:
        x = self.residual(x, time)
        return x if self.attention is None else self.attention(x, context)
