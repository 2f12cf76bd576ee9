"""The recognizer: which of the pictures that a caption allows a noisy sample is going to be."""

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from networks.autoencoder import LATENT_CHANNELS
from networks.layers import GroupNorm, ResidualBlock, zero_
from networks.prior import PLACES
from networks.text_encoder import WIDTH, pooled
from networks.unet import timestep_embedding

_SINUSOIDS, _TIME_WIDTH = 96, 128
_CHANNELS = (48, 96, 96)
_SPREAD = 12
_SEEN = 192
# At most; there are 1,199.
_EMOJIS = 1200
_SHARPNESS = 8


@dataclass(frozen=True)
class Recognized:
    """How much of each token stays, [B, S, 1]; what is said besides, [B, 192]; and logits of the emojis, [B, 1200]."""

    stays: torch.Tensor
    said: torch.Tensor
    logits: torch.Tensor


class Recognizer(nn.Module):
    """A context, made clearer by what can be seen of the picture.

    The prior remembers every picture, but draws the mean of all that a caption allows. Asked again with the name of the
    emoji in place of the words that leave it open, it draws the one that the sample is going to be. The recognizer knows
    what every name says, all its words together, and how likely each is here: of a caption, and of what can be seen.
    """

    def __init__(self):
        super().__init__()
        first, second, third = _CHANNELS
        self.time = nn.Sequential(nn.Linear(_SINUSOIDS, _TIME_WIDTH), nn.SiLU(), nn.Linear(_TIME_WIDTH, _TIME_WIDTH))
        self.caption = nn.Linear(WIDTH, _TIME_WIDTH)
        self.enter = nn.Conv2d(2 * LATENT_CHANNELS, first, 3, padding=1)
        self.block = ResidualBlock(first, first, _TIME_WIDTH)
        self.shrink1 = nn.Conv2d(first, second, 3, stride=2, padding=1)
        self.norm1 = GroupNorm(second)
        self.shrink2 = nn.Conv2d(second, third, 3, stride=2, padding=1)
        self.norm2 = GroupNorm(third)
        self.spread = nn.Linear(third, _SPREAD)
        self.see = nn.Linear(PLACES * (_SPREAD + LATENT_CHANNELS) + third + _TIME_WIDTH + WIDTH, _SEEN)
        self.ask = nn.Linear(_SEEN, WIDTH)
        self.read = nn.Sequential(nn.Linear(WIDTH, 256), nn.SiLU(), zero_(nn.Linear(256, WIDTH)))
        self.names = nn.Embedding(_EMOJIS, WIDTH).requires_grad_(False)
        self.replaces = nn.Linear(_SEEN, 1)
        self.is_replaced = nn.Linear(WIDTH, 1)
        self.say = zero_(nn.Linear(_SEEN, WIDTH))

    def forward(self, evidence: torch.Tensor, mean: torch.Tensor, timesteps: torch.Tensor,
                context: torch.Tensor, decision: float = 1, trust: float = 1) -> Recognized:
        """What is recognized; the higher the decision, the more of the likeliest emoji and the less of others, and the
        higher the trust in the caption, the less what can be seen counts beside it.

        The sample is given by what the prior expects, [B, 8, 16, 16], and how it differs from that.
        """
        caption = pooled(context)
        time = F.silu(self.time(timestep_embedding(timesteps, _SINUSOIDS)) + self.caption(caption))
        h = self.block(self.enter(torch.cat([evidence, mean], 1)), time)
        h = F.silu(self.norm1(self.shrink1(F.silu(h))))
        h = F.silu(self.norm2(self.shrink2(h)))
        places = h.flatten(2).transpose(1, 2)
        coarse = evidence.reshape(-1, LATENT_CHANNELS, 4, 4, 4, 4).mean((3, 5)).reshape(-1, PLACES * LATENT_CHANNELS)
        seen = torch.cat([self.spread(places).reshape(-1, PLACES * _SPREAD), coarse, places.mean(1), time, caption], 1)
        seen = F.silu(self.see(seen))
        logits = self.logits(trust * self.read(caption) + self.ask(seen))
        replaces = torch.sigmoid(self.replaces(seen))
        stays = 1 - replaces[:, None] * torch.sigmoid(self.is_replaced(context))
        name = (decision * logits).softmax(1) @ self.names.weight
        return Recognized(stays, replaces * name + self.say(seen), logits)

    def from_caption(self, context: torch.Tensor) -> torch.Tensor:
        """The logits of a context alone, [B, 1200]."""
        return self.logits(self.read(pooled(context)))

    def logits(self, asked: torch.Tensor) -> torch.Tensor:
        """Those of the emojis, [B, 1200], by how their names fit to what is asked for, [B, 192]."""
        return _SHARPNESS * (self.names.weight @ asked.t()).t()
