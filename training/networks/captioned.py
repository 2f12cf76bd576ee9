"""The predictor that knows of what caption x0 is."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from networks.autoencoder import LATENT_CHANNELS
from networks.informed import InformedPredictor, surprise_of
from networks.prior import SIDE, LatentPrior, ambiguity, hear, mean_and_variance
from networks.recognizer import Recognized, Recognizer
from networks.text_encoder import pooled
from networks.unet import UNet

# Of the UNet's levels.
CHANNELS = (64, 96, 128)

# Of a vague caption the noise should choose one picture early: in between two, the prior draws a mixture. But it should
# be one that the caption names: sampling starts from noise in which there is nothing to see, however much it looks like.
_DECISION, _TRUST = 4, 2


@dataclass(frozen=True)
class Told:
    """What a caption tells: its hidden states, [B, S, 192], how much of them each place hears, [B, 16, S], and what the
    prior expects of that, mean and variance [B, 8, 16, 16]."""

    context: torch.Tensor
    hearing: torch.Tensor
    expected: tuple[torch.Tensor, torch.Tensor]

    def repeated(self, times: int) -> "Told":
        """The same for as many samples of each picture, one after another."""
        context, hearing, mean, variance = (x.repeat_interleave(times, 0)
                                            for x in (self.context, self.hearing, *self.expected))
        return Told(context, hearing, (mean, variance))


class CaptionedPredictor(InformedPredictor):
    """Epsilon [B, 8, h, w] of noisy latents, timesteps [B] and a context [B, S, 192]; h and w are multiples of 4.

    The prior is asked twice: of the caption, and of what the recognizer makes of it when it sees how the sample differs
    from what the caption alone lets expect. The UNet is shown how the sample differs from what is expected then, and
    that. Prior and recognizer know 16x16 latents; other sizes are enlarged or reduced to that, and back. Further channels
    of the sample, `conditions` of them, the UNet sees as they are.
    """

    def __init__(self, conditions: int = 0):
        super().__init__(UNet(2 * LATENT_CHANNELS + conditions, LATENT_CHANNELS, CHANNELS), LATENT_CHANNELS)
        self.conditions = conditions
        self.caption_prior = LatentPrior()
        self.recognizer = Recognizer()

    def prior(self, sample: torch.Tensor, timestep: torch.Tensor,
              context: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = resized(sample[:, :self.channels], (SIDE, SIDE))
        mean, variance = self.recognized(self.told(context), x, timestep)
        alpha, sigma = self.levels(timestep)
        variance = ambiguity(variance, (sigma / alpha) ** 2)
        return resized(mean, sample.shape[2:]), resized(variance, sample.shape[2:])

    def told(self, context: torch.Tensor) -> Told:
        """What a context tells."""
        hearing = self.caption_prior.hearing(context)
        moments = self.caption_prior.draw(hear(hearing, context), pooled(context))
        return Told(context, hearing, mean_and_variance(moments))

    def recognized(self, told: Told, x: torch.Tensor, timestep: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and variance of x0, [B, 8, 16, 16], of a caption and what can be seen in x of the same size."""
        recognized = self.recognize(told, x, timestep, _DECISION, _TRUST)
        return mean_and_variance(self.caption_prior.draw(*self.clearer(told, recognized)))

    def recognize(self, told: Told, x: torch.Tensor, timestep: torch.Tensor,
                  decision: float = 1, trust: float = 1) -> Recognized:
        """What the recognizer makes of the caption and what can be seen.

        It sees of the surprise as much as the caption leaves open: sampling starts from noise alone, without the little
        of the picture that there is in training, and of what is certain that would be a large surprise.
        """
        mean, variance = told.expected
        surprise, _ = surprise_of(x, told.expected, *self.levels(timestep))
        return self.recognizer(surprise * variance.sqrt(), mean, timestep, told.context, decision, trust)

    @staticmethod
    def clearer(told: Told, recognized: Recognized) -> tuple[torch.Tensor, torch.Tensor]:
        """What the places hear and what is said in all, after what was recognized."""
        context = told.context * recognized.stays
        return hear(told.hearing, context) + recognized.said[:, None], pooled(context) + recognized.said

    def shown(self, sample: torch.Tensor, mean: torch.Tensor, surprise: torch.Tensor) -> torch.Tensor:
        return torch.cat([surprise, mean, sample[:, self.channels:]], 1)


def resized(x: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Latents in another height and width."""
    return F.interpolate(x, size, mode="bilinear", align_corners=False)
