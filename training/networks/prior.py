"""The prior: what a caption alone says of the picture, in latents or pixels."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.autoencoder import LATENT_CHANNELS
from networks.layers import ResidualBlock, zero_
from networks.text_encoder import USUAL_LENGTH, WIDTH, pooled

# The latents are 16x16 there; the caption is heard in 4x4 places.
SIDE, _PLACED_SIDE = 16, 4
PLACES = _PLACED_SIDE ** 2
_KEY_WIDTH = 32
# Of the variance, so that the UNet can always correct the mean a little, and of what may be unknown of unit latents.
_LOWEST_LOG_VARIANCE, _HIGHEST_LOG_VARIANCE = -6.0, 0.5
_LIKELIHOOD_WEIGHT = 0.1
# How many times the noise's variance is what half of a variance counts at.
_CLEAR = 2


class PlacedLinear(nn.Linear):
    """[B, 16, inputs] to [B, outputs, 4, 4], each place with weights of its own."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, PLACES * outputs)
        self.outputs = outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weights = self.weight.view(PLACES, self.outputs, self.in_features)
        y = weights @ x.permute(1, 2, 0) + self.bias.view(PLACES, self.outputs, 1)
        return y.permute(2, 1, 0).reshape(-1, self.outputs, _PLACED_SIDE, _PLACED_SIDE)


class Hearing(nn.Module):
    """How much each of 4x4 places hears of a context [B, S, context_width], [B, 16, S].

    A place hears of each token as much as concerns it, between nothing and twice the usual: of two emojis beside each
    other, its own. From the start, all hear all.
    """

    def __init__(self, context_width: int = WIDTH):
        super().__init__()
        self.asks = nn.Linear(context_width, PLACES * _KEY_WIDTH)
        self.key = zero_(nn.Linear(context_width, _KEY_WIDTH))

    def forward(self, context: torch.Tensor) -> torch.Tensor:
        asked = self.asks(pooled(context)).view(-1, PLACES, _KEY_WIDTH)
        return 2 * torch.sigmoid(asked @ self.key(context).transpose(1, 2))


class CaptionPrior(nn.Module):
    """A context [B, S, context_width] to mean and log-variance of each value of the picture that it describes,
    [B, 2 channels, 16, 16].

    What each of 4x4 places hears of the caption is drawn there and doubled in size twice; what all tokens say together
    modulates the blocks. What is drawn is linear in what is heard, plus what is remembered of it: a wide layer, for
    there are more emojis than numbers in a caption. Memory starts from zero.
    """

    def __init__(self, width: int = 192, channels: int = LATENT_CHANNELS, context_width: int = WIDTH):
        super().__init__()
        self.enter = PlacedLinear(context_width, 2 * width)
        self.recall = nn.Linear(context_width, 2 * context_width)
        self.memory = zero_(PlacedLinear(2 * context_width, 2 * width))
        self.grow1 = nn.Conv2d(2 * width, 4 * width, 1)
        self.block1 = ResidualBlock(width, width, context_width)
        self.grow2 = nn.Conv2d(width, 2 * width, 1)
        self.block2 = ResidualBlock(width // 2, width // 2, context_width)
        self.leave = nn.Conv2d(width // 2, 2 * channels, 3, padding=1)
        self.hearing = Hearing(context_width)

    def forward(self, context: torch.Tensor) -> torch.Tensor:
        return self.draw(hear(self.hearing(context), context), pooled(context))

    def draw(self, heard: torch.Tensor, caption: torch.Tensor) -> torch.Tensor:
        """The same of what the places hear, [B, 16, context_width], and of what is said in all, [B, context_width]."""
        h = self.sketch(heard)
        h = self.block1(F.pixel_shuffle(self.grow1(F.silu(h)), 2), caption)
        h = self.block2(F.pixel_shuffle(self.grow2(F.silu(h)), 2), caption)
        return self.leave(F.silu(h))

    def sketch(self, heard: torch.Tensor) -> torch.Tensor:
        """What is heard and what is remembered of it, [B, 2 width, 4, 4]."""
        return self.enter(heard) + self.memory(F.silu(self.recall(heard)))


def hear(hearing: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
    """What places hear of hidden states [B, S, context_width], [B, 16, context_width]."""
    return hearing @ context / USUAL_LENGTH


def mean_and_log_variance(moments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The two halves of what the prior says, the second within bounds."""
    mean, log_variance = moments.chunk(2, 1)
    return mean, log_variance.clamp(_LOWEST_LOG_VARIANCE, _HIGHEST_LOG_VARIANCE)


def mean_and_variance(moments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The same as a variance."""
    mean, log_variance = mean_and_log_variance(moments)
    return mean, log_variance.exp()


def ambiguity(variance: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
    """What of the prior's variance the sample decides, where noise of that variance, [B, 1, 1, 1], lies on x0.

    Of what is less than the noise the sample tells hardly anything, and some of it is the prior's own error: a picture
    that it remembers imprecisely. Noise of that size in every latent by itself is grain, which a small UNet does not take
    off again; the mean is the better picture. Where the noise is little, the sample knows better than the caption.
    """
    squared = variance * variance
    return variance * squared / (squared + (_CLEAR * noise) ** 2)


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
