"""Learned variances (Improved DDPM, arXiv:2102.09672): the variational bound that trains them, and sampling."""

import math
from collections.abc import Callable

import torch

from diffusion import TRAIN_STEPS, velocity_weight

# Half the distance between two values of an 8-bit picture in [-1, 1].
_HALF_STEP = 1 / 255
_SMALLEST = 1e-12
# Of the whole bound, which is estimated as 1000 times one of its terms.
_BOUND_WEIGHT = 0.001


class VariationalBound:
    """The terms of the bound, each for a step from timestep t to t - 1; alpha_bar is float64 [1000]."""

    def __init__(self, alpha_bar: torch.Tensor, device: torch.device):
        before = torch.cat([torch.ones(1, dtype=torch.float64), alpha_bar[:-1]])
        beta = 1 - alpha_bar / before
        posterior = beta * (1 - before) / (1 - alpha_bar)
        posterior[0] = posterior[1]  # it is 0, which has no logarithm
        tables = torch.stack([posterior.log(), beta.log(), beta * before.sqrt() / (1 - alpha_bar)])
        self._tables = tables.float().to(device)
        self._alpha_bar = alpha_bar.float().to(device)

    def bits(self, v: torch.Tensor, predicted: torch.Tensor, clean: torch.Tensor,
             timesteps: torch.Tensor) -> torch.Tensor:
        """Bits per dimension, [B], of the variances that v says and the mean that follows from the predicted picture.

        log variance = (log beta + log posterior variance) / 2 + v (log beta - log posterior variance) / 2 (eq. 15).
        """
        low, high, from_clean = self._tables[:, timesteps, None, None, None]
        log_variance = (high + low + v * (high - low)) / 2
        # Both means have the same part of the noisy sample.
        shift = from_clean * (clean - predicted)
        divergence = (log_variance - low - 1 + (low - log_variance).exp() + shift ** 2 * (-log_variance).exp()) / 2
        likelihood = _log_likelihood(clean, predicted, (-log_variance / 2).exp())
        nats = torch.where(timesteps[:, None, None, None] == 0, -likelihood, divergence)
        return nats.mean((1, 2, 3)) / math.log(2)

    def loss(self, predicted: torch.Tensor, v: torch.Tensor, velocity: torch.Tensor, noisy: torch.Tensor,
             clean: torch.Tensor, timesteps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The weighted loss of predicted velocities, with a thousandth of the bound, by which only v learns; and their
        mean squared error."""
        alpha_bar = self._alpha_bar[timesteps]
        error = (predicted - velocity).pow(2).mean((1, 2, 3))
        alpha, sigma = alpha_bar.sqrt()[:, None, None, None], (1 - alpha_bar).sqrt()[:, None, None, None]
        bits = self.bits(v, alpha * noisy - sigma * predicted.detach(), clean, timesteps)
        loss = velocity_weight(alpha_bar) * error + _BOUND_WEIGHT * TRAIN_STEPS * bits
        return loss.mean(), error.detach().mean()


def _log_likelihood(picture: torch.Tensor, mean: torch.Tensor, inverse_deviation: torch.Tensor) -> torch.Tensor:
    """Of the 8-bit values, whose outermost reach to infinity (arXiv:2006.11239, eq. 13)."""
    above = torch.special.ndtr((picture - mean + _HALF_STEP) * inverse_deviation)
    below = torch.special.ndtr((picture - mean - _HALF_STEP) * inverse_deviation)
    above = torch.where(picture > 1 - _HALF_STEP, torch.ones_like(above), above)
    below = torch.where(picture < _HALF_STEP - 1, torch.zeros_like(below), below)
    return (above - below).clamp(min=_SMALLEST).log()


def clip(x0: torch.Tensor) -> torch.Tensor:
    """x0 as far as it is a picture, in [-1, 1]."""
    return x0.clamp(-1, 1)


def dynamic_threshold(x0: torch.Tensor, ratio: float, largest: float) -> torch.Tensor:
    """x0 clipped to so many of its pixels' absolute values, at least 1 and at most the largest, and divided by that
    (Imagen, arXiv:2205.11487, section 2.3)."""
    bound = x0.abs().flatten(1).quantile(ratio, dim=1).clamp(1, largest)[:, None, None, None]
    return x0.clamp(-bound, bound) / bound


@torch.no_grad()
def ancestral(predict: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], alpha_bar: torch.Tensor,
              x: torch.Tensor, steps: int, generator: torch.Generator,
              threshold: Callable[[torch.Tensor], torch.Tensor] = clip) -> torch.Tensor:
    """DDPM with that variance from noise x, in steps of the exported scheduler.

    predict gives epsilon and v, [B, 2 C, H, W], for a sample and timesteps [B]; threshold keeps x0 within a picture's
    range.
    """
    levels, stride = alpha_bar.tolist(), TRAIN_STEPS // steps
    for t in range((steps - 1) * stride, -1, -stride):
        now, before = levels[t], levels[t - stride] if t > 0 else 1.0
        beta = 1 - now / before
        epsilon, v = predict(x, torch.full((len(x),), float(t), device=x.device)).chunk(2, 1)
        x0 = threshold((x - math.sqrt(1 - now) * epsilon) / math.sqrt(now))
        x = (math.sqrt(before) * beta * x0 + math.sqrt(now / before) * (1 - before) * x) / (1 - now)
        if t > 0:
            low, high = math.log(beta * (1 - before) / (1 - now)), math.log(beta)
            deviation = ((high + low + v * (high - low)) / 4).exp()
            x = x + deviation * torch.randn(x.shape, generator=generator).to(x.device)
    return x
