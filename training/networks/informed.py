"""Predictors that know what x0 is about: of what caption, of which picture the most is kept, of which it is small."""

from abc import abstractmethod

import torch
import torch.nn.functional as F

from networks.autoencoder import LATENT_CHANNELS
from networks.epsilon import EpsilonPredictor
from networks.prior import CaptionPrior, ambiguity, mean_and_log_variance
from networks.unet import UNet


class InformedPredictor(EpsilonPredictor):
    """The UNet predicts only what the condition leaves open.

    For x0 ~ N(mean, variance), value by value, the velocity that is expected of x = alpha x0 + sigma epsilon is

        sigma (alpha (1 - variance) x - mean) / d,  d = alpha^2 variance + sigma^2,

    and the true one lies around it with the variance variance / d. The UNet's output is what is missing, in units of
    this deviation: the preconditioning of EDM (arXiv:2206.00364, section 5), which is this with mean 0 and the variance
    of all data. Where nothing is known, mean 0 and variance 1, the UNet's output is the velocity itself.
    """

    @abstractmethod
    def prior(self, sample: torch.Tensor, *condition: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and variance of x0, which broadcast to [B, channels, H, W]."""

    def velocity(self, sample: torch.Tensor, timestep: torch.Tensor, *condition: torch.Tensor) -> torch.Tensor:
        return self.informed(self.prior(sample, *condition), sample, timestep, *condition)

    def informed(self, prior: tuple[torch.Tensor, torch.Tensor], sample: torch.Tensor, timestep: torch.Tensor,
                 *condition: torch.Tensor) -> torch.Tensor:
        """The velocity, with a prior that is known already."""
        mean, variance = prior
        alpha, sigma = self.levels(timestep)
        x = sample[:, :self.channels]
        spread = alpha ** 2 * variance + sigma ** 2
        expected = sigma * (alpha * (1 - variance) * x - mean) / spread
        surprise = (x - alpha * mean) / spread.sqrt()
        shown = self.shown(sample, mean, surprise)
        return expected + (variance / spread).sqrt() * self.evaluate(shown, timestep, *condition)

    def shown(self, sample: torch.Tensor, mean: torch.Tensor, surprise: torch.Tensor) -> torch.Tensor:
        """What the UNet is shown of the sample: here, all as it is. The surprise is x, without what was expected."""
        return sample


class CaptionedPredictor(InformedPredictor):
    """Epsilon [B, 8, h, w] of noisy latents, timesteps [B] and a context [B, S, 192]; h and w are multiples of 4.

    The UNet is shown how the sample differs from what the prior expects of it, and the prior's mean. The prior knows
    16x16 latents; for other sizes what it says is enlarged or reduced. Further channels of the sample, `conditions` of
    them, the UNet sees as they are.
    """

    def __init__(self, caption_prior: CaptionPrior, conditions: int = 0):
        super().__init__(UNet(2 * LATENT_CHANNELS + conditions, LATENT_CHANNELS), LATENT_CHANNELS)
        self.conditions = conditions
        self.caption_prior = caption_prior

    def prior(self, sample: torch.Tensor, context: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        moments = F.interpolate(self.caption_prior(context), sample.shape[2:], mode="bilinear", align_corners=False)
        mean, log_variance = mean_and_log_variance(moments)
        return mean, ambiguity(log_variance.exp())

    def shown(self, sample: torch.Tensor, mean: torch.Tensor, surprise: torch.Tensor) -> torch.Tensor:
        return torch.cat([surprise, mean, sample[:, self.channels:]], 1)
