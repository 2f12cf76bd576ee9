"""How a prior draws what it expects of a picture."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.layers import ResidualBlock

# What is told is drawn in 4x4 places first.
PLACED_SIDE = 4


class Drawing(nn.Module):
    """What is told to mean and log-variance of each value of a picture, [B, 2 channels, 16, 16].

    It is drawn in 4x4 places and doubled in size twice; what is said in all, [B, said], modulates the blocks. What is
    drawn is linear in what is told, plus what is remembered of it: `enter` and `memory` give [B, 2 width, 4, 4], the
    latter of what `recall` gives.
    """

    def __init__(self, enter: nn.Module, recall: nn.Module, memory: nn.Module, width: int, channels: int, said: int):
        super().__init__()
        self.enter, self.recall, self.memory = enter, recall, memory
        self.grow1 = nn.Conv2d(2 * width, 4 * width, 1)
        self.block1 = ResidualBlock(width, width, said)
        self.grow2 = nn.Conv2d(width, 2 * width, 1)
        self.block2 = ResidualBlock(width // 2, width // 2, said)
        self.leave = nn.Conv2d(width // 2, 2 * channels, 3, padding=1)

    def draw(self, told: torch.Tensor, said: torch.Tensor) -> torch.Tensor:
        """Mean and log-variance."""
        h = self.sketch(told)
        h = self.block1(F.pixel_shuffle(self.grow1(F.silu(h)), 2), said)
        h = self.block2(F.pixel_shuffle(self.grow2(F.silu(h)), 2), said)
        return self.leave(F.silu(h))

    def sketch(self, told: torch.Tensor) -> torch.Tensor:
        """What is told and what is remembered of it, [B, 2 width, 4, 4]."""
        return self.enter(told) + self.memory(F.silu(self.recall(told)))
