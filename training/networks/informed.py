"""Predictors that a condition tells what x0 is about: the part of a picture that is kept, or the picture small."""

from abc import abstractmethod

import torch

from networks.epsilon import EpsilonPredictor


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
        alpha, sigma = self.levels(timestep)
        mean, variance = self.prior(sample, *condition)
        spread = alpha ** 2 * variance + sigma ** 2
        expected = sigma * (alpha * (1 - variance) * sample[:, :self.channels] - mean) / spread
        return expected + (variance / spread).sqrt() * self.evaluate(sample, timestep, *condition)
