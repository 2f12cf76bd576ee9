"""Layers that several networks use."""

from collections.abc import Callable

import torch
import torch.nn as nn
import torch.nn.functional as F


class GroupNorm(nn.GroupNorm):
    """Group normalization whose weights follow the activation's type.

    PyTorch 1.13's CPU autocast leaves the weights in float32 and then refuses bfloat16 activations.
    """

    def __init__(self, channels: int):
        super().__init__(min(16, channels // 4), channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.group_norm(x, self.num_groups, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


class LayerNorm(nn.LayerNorm):
    """Layer normalization whose weights follow the activation's type; see GroupNorm."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.layer_norm(x, self.normalized_shape, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


class RMSNorm(nn.Module):
    """Divides by the root mean square of the last dimension (arXiv:1910.07467), as T5 does."""

    def __init__(self, width: int, epsilon: float = 1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon)) * self.weight.to(x.dtype)


def zero_(layer: nn.Module) -> nn.Module:
    """Zeroes the layer, so that the residual branch it ends starts as the identity."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class ResidualBlock(nn.Module):
    """Two normalized 3x3 convolutions with a skip, [B, inputs, H, W] to [B, outputs, H, W].

    With time_width the embedding of the timestep, [B, time_width], scales and shifts what the second one sees.
    """

    def __init__(self, inputs: int, outputs: int, time_width: int = 0):
        super().__init__()
        self.norm1 = GroupNorm(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2 = GroupNorm(outputs)
        self.conv2 = zero_(nn.Conv2d(outputs, outputs, 3, padding=1))
        self.time = zero_(nn.Linear(time_width, 2 * outputs)) if time_width else None
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: torch.Tensor, time: torch.Tensor | None = None) -> torch.Tensor:
        h = self.norm2(self.conv1(F.silu(self.norm1(x))))
        if self.time is not None:
            scale, shift = self.time(time)[:, :, None, None].chunk(2, 1)
            h = h * (1 + scale) + shift
        return self.skip(x) + self.conv2(F.silu(h))


class Attention(nn.Module):
    """Multi-head attention of [B, N, width] to a context [B, M, context_width]."""

    def __init__(self, width: int, context_width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.head_width = width // heads
        self.q = nn.Linear(width, width, bias=False)
        self.k = nn.Linear(context_width, width, bias=False)
        self.v = nn.Linear(context_width, width, bias=False)
        self.o = nn.Linear(width, width)

    def forward(self, x: torch.Tensor, context: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        batch, length, width = x.shape

        def heads(projected: torch.Tensor) -> torch.Tensor:
            return projected.view(batch, projected.shape[1], self.heads, self.head_width).transpose(1, 2)

        scores = heads(self.q(x)) @ heads(self.k(context)).transpose(2, 3) * self.head_width ** -0.5
        if mask is not None:
            scores = scores + mask
        attended = scores.softmax(-1) @ heads(self.v(context))
        return self.o(attended.transpose(1, 2).reshape(batch, length, width))


class TransformerBlock(nn.Module):
    """Self-attention, cross-attention where there is a context_width, and a feed-forward part, normalized before."""

    def __init__(self, width: int, context_width: int = 0, heads: int = 4, expansion: int = 4,
                 norm: Callable[[int], nn.Module] = LayerNorm):
        super().__init__()
        self.norm1 = norm(width)
        self.attention1 = Attention(width, width, heads)
        self.crosses = context_width > 0
        if self.crosses:
            self.norm2 = norm(width)
            self.attention2 = Attention(width, context_width, heads)
        self.norm3 = norm(width)
        inner = expansion * width
        self.feed_forward = nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, width))

    def forward(self, x: torch.Tensor, context: torch.Tensor | None = None,
                mask: torch.Tensor | None = None) -> torch.Tensor:
        h = self.norm1(x)
        x = x + self.attention1(h, h, mask)
        if self.crosses:
            x = x + self.attention2(self.norm2(x), context)
        return x + self.feed_forward(self.norm3(x))
