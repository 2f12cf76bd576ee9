"""Predictors that know what x0 is about."""

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
    def prior(self, sample: torch.Tensor, timestep: torch.Tensor,
              *condition: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and variance of x0, which broadcast to [B, channels, H, W]."""

    def velocity(self, sample: torch.Tensor, timestep: torch.Tensor, *condition: torch.Tensor) -> torch.Tensor:
        return self.informed(self.prior(sample, timestep, *condition), sample, timestep, *condition)

    def informed(self, prior: tuple[torch.Tensor, torch.Tensor], sample: torch.Tensor, timestep: torch.Tensor,
                 *condition: torch.Tensor) -> torch.Tensor:
        """The velocity, with a prior that is known already."""
        mean, variance = prior
        alpha, sigma = self.levels(timestep)
        x = sample[:, :self.channels]
        surprise, spread = surprise_of(x, prior, alpha, sigma)
        expected = sigma * (alpha * (1 - variance) * x - mean) / spread
        output = self.evaluate(self.shown(sample, mean, surprise), timestep, *condition)
        return self.followed(expected + (variance / spread).sqrt() * output[:, :self.channels], output)

    def shown(self, sample: torch.Tensor, mean: torch.Tensor, surprise: torch.Tensor) -> torch.Tensor:
        """What the UNet is shown of the sample: here, all as it is. The surprise is x, without what was expected."""
        return sample


def surprise_of(x: torch.Tensor, prior: tuple[torch.Tensor, torch.Tensor], alpha: torch.Tensor,
                sigma: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """How x differs from what is expected, in deviations of it, and the square of these, d."""
    mean, variance = prior
    spread = alpha ** 2 * variance + sigma ** 2
    return (x - alpha * mean) / spread.sqrt(), spread
