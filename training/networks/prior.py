"""The prior: what a caption alone says of the picture, in latents or pixels."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.autoencoder import LATENT_CHANNELS
from networks.drawing import PLACED_SIDE, Drawing
from networks.layers import zero_
from networks.text_encoder import USUAL_LENGTH, WIDTH, pooled

# The latents are 16x16 there.
SIDE = 16
PLACES = PLACED_SIDE ** 2
_WIDTH = 192
_KEY_WIDTH = 32
_QUARTERS = 4
# Values between a caption and what is remembered of it.
_REMEMBERED, _REMEMBERED_OF_QUARTERS = 512, 576
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
        return y.permute(2, 1, 0).reshape(-1, self.outputs, PLACED_SIDE, PLACED_SIDE)


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


class SharedMemory(nn.Module):
    """What places remember together, [B, 16, inputs] to [B, outputs, 4, 4].

    A small emoji has four quarters, and each looks the same at whatever place it is. So all places share what is known of
    these, and each says, of what it hears, which it shows. It starts from zero.
    """

    def __init__(self, inputs: int, hidden: int, outputs: int):
        super().__init__()
        self.recall = nn.Linear(inputs, hidden)
        self.shows = PlacedLinear(inputs, _QUARTERS)
        self.memory = zero_(nn.Linear(_QUARTERS * hidden, outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shown = torch.sigmoid(self.shows(x)).flatten(2).transpose(1, 2)
        recalled = shown[:, :, :, None] * F.silu(self.recall(x))[:, :, None]
        remembered = self.memory(recalled.flatten(2)).transpose(1, 2)
        return remembered.reshape(-1, self.memory.out_features, PLACED_SIDE, PLACED_SIDE)


class CaptionPrior(Drawing):
    """A context [B, S, context_width] to mean and log-variance of each value of the picture that it describes,
    [B, 2 channels, 16, 16].

    What is told is what each of the places hears of the caption, [B, 16, context_width], and what is said is what all
    tokens say together. The memory is a wide layer, for there are more emojis than numbers in a caption. It starts from
    zero.
    """

    def __init__(self, width: int, channels: int, context_width: int, remembered: int):
        super().__init__(PlacedLinear(context_width, 2 * width), nn.Linear(context_width, remembered),
                         zero_(PlacedLinear(remembered, 2 * width)), width, channels, context_width)
        self.hearing = Hearing(context_width)

    def forward(self, context: torch.Tensor) -> torch.Tensor:
        return self.draw(hear(self.hearing(context), context), pooled(context))


class LatentPrior(CaptionPrior):
    """The main model's: of latents, in which there are small emojis, too."""

    def __init__(self):
        super().__init__(_WIDTH, LATENT_CHANNELS, WIDTH, _REMEMBERED)
        self.quarters = SharedMemory(WIDTH, _REMEMBERED_OF_QUARTERS, 2 * _WIDTH)

    def sketch(self, told: torch.Tensor) -> torch.Tensor:
        return super().sketch(told) + self.quarters(told)


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


def prior_loss(moments: torch.Tensor, latents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss of what the prior says of latents, and the mean squared error of its mean.

    The mean learns from squared errors and the variance from the likelihood of these. The likelihood alone would let
    the mean neglect what it finds hard, by calling it uncertain.
    """
    mean, log_variance = mean_and_log_variance(moments.float())
    squared = (mean - latents).pow(2)
    likelihood = 0.5 * (log_variance + squared.detach() * torch.exp(-log_variance)).mean()
    error = squared.mean()
    return error + _LIKELIHOOD_WEIGHT * likelihood, error.detach()
