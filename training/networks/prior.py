"""The prior: what a caption alone says of the latents."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.autoencoder import LATENT_CHANNELS
from networks.layers import ResidualBlock, zero_
from networks.text_encoder import WIDTH, pooled

_START = 4
# Of the variance, so that the UNet can always correct the mean a little, and of what may be unknown of unit latents.
_LOWEST_LOG_VARIANCE, _HIGHEST_LOG_VARIANCE = -6.0, 0.5
_LIKELIHOOD_WEIGHT = 0.1
# The variance at which half of it is the prior's own error.
_OWN_ERROR = 0.2


class CaptionPrior(nn.Module):
    """A context [B, S, 192] to mean and log-variance of each latent of the picture that it describes, [B, 16, 16, 16].

    What all tokens say together is spread over 4x4 places and doubled in size twice; it modulates the blocks, too.
    What is spread is linear in it, plus what is remembered of it: a wide layer, for there are more emojis than numbers
    in a caption. Memory starts from zero.
    """

    def __init__(self, width: int = 192):
        super().__init__()
        self.width = width
        self.enter = nn.Linear(WIDTH, _START ** 2 * 2 * width)
        self.memory = nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.SiLU(),
                                    zero_(nn.Linear(2 * WIDTH, _START ** 2 * 2 * width)))
        self.grow1 = nn.Conv2d(2 * width, 4 * width, 1)
        self.block1 = ResidualBlock(width, width, WIDTH)
        self.grow2 = nn.Conv2d(width, 2 * width, 1)
        self.block2 = ResidualBlock(width // 2, width // 2, WIDTH)
        self.leave = nn.Conv2d(width // 2, 2 * LATENT_CHANNELS, 3, padding=1)

    def forward(self, context: torch.Tensor) -> torch.Tensor:
        caption = pooled(context)
        h = (self.enter(caption) + self.memory(caption)).view(-1, 2 * self.width, _START, _START)
        h = self.block1(F.pixel_shuffle(self.grow1(F.silu(h)), 2), caption)
        h = self.block2(F.pixel_shuffle(self.grow2(F.silu(h)), 2), caption)
        return self.leave(F.silu(h))


def mean_and_log_variance(moments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The two halves of what the prior says, the second within bounds."""
    mean, log_variance = moments.chunk(2, 1)
    return mean, log_variance.clamp(_LOWEST_LOG_VARIANCE, _HIGHEST_LOG_VARIANCE)


def ambiguity(variance: torch.Tensor) -> torch.Tensor:
    """What of the prior's variance pictures are to differ by.

    Where little is open, the rest is the prior's own error: a picture that it remembers imprecisely. Noise of that size
    in every latent by itself is grain, which a small UNet does not take off again; the mean is the better picture.
    """
    squared = variance * variance
    return variance * squared / (squared + _OWN_ERROR ** 2)


def prior_loss(moments: torch.Tensor, latents: torch.Tensor) -> tuple[torch.Tensor, float]:
    """The loss of what the prior says of latents, and the mean squared error of its mean.

    The mean learns from squared errors and the variance from the likelihood of these. The likelihood alone would let
    the mean neglect what it finds hard, by calling it uncertain.
    """
    mean, log_variance = mean_and_log_variance(moments.float())
    squared = (mean - latents).pow(2)
    likelihood = 0.5 * (log_variance + squared.detach() * torch.exp(-log_variance)).mean()
    error = squared.mean()
    return error + _LIKELIHOOD_WEIGHT * likelihood, float(error.detach())
