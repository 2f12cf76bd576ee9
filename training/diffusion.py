"""The noise schedule, what training compares and how it is weighted, and DDIM sampling."""

import math
from collections.abc import Callable

import torch

TRAIN_STEPS = 1000
BETA_START, BETA_END = 0.00085, 0.012

_UNWEIGHTED = 0.25


def alpha_bars() -> torch.Tensor:
    """The cumulative products of 1 - beta of the scaled_linear schedule, float32 [1000]."""
    betas = torch.linspace(BETA_START ** 0.5, BETA_END ** 0.5, TRAIN_STEPS, dtype=torch.float64) ** 2
    return torch.cumprod(1 - betas, 0).float()


def cosine_alpha_bars() -> torch.Tensor:
    """The same of the squaredcos_cap_v2 schedule (arXiv:2102.09672, eq. 17), float64 [1000]: it ends at 2e-9."""
    times = torch.arange(TRAIN_STEPS + 1, dtype=torch.float64) / TRAIN_STEPS
    signal = ((times + 0.008) / 1.008 * math.pi / 2).cos() ** 2
    betas = (1 - signal[1:] / signal[:-1]).clamp(max=0.999)
    return torch.cumprod(1 - betas, 0)


def stratified_timesteps(pictures: int, levels: int, generator: torch.Generator) -> torch.Tensor:
    """Timesteps [pictures * levels], those of one picture spread over the whole range."""
    offsets = torch.rand(pictures, levels, generator=generator, device=generator.device)
    strata = torch.arange(levels, device=generator.device)
    return ((strata + offsets) / levels * TRAIN_STEPS).long().clamp(max=TRAIN_STEPS - 1).flatten()


def add_noise(clean: torch.Tensor, noise: torch.Tensor, alpha_bar: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The noisy sample, and the velocity v = alpha epsilon - sigma x0 (arXiv:2202.00512); alpha_bar is [B]."""
    alpha, sigma = alpha_bar.sqrt()[:, None, None, None], (1 - alpha_bar).sqrt()[:, None, None, None]
    noisy = alpha * clean + sigma * noise
    return noisy.contiguous(memory_format=torch.channels_last), alpha * noise - sigma * clean


def velocity_weight(alpha_bar: torch.Tensor, gamma: float = 5.0) -> torch.Tensor:
    """The weight of a velocity loss, [B]: min-SNR (arXiv:2303.09556), and a quarter of the unweighted loss.

    Min-SNR alone hardly trains the noisiest timesteps, in which it is decided what the picture shows.
    """
    snr = alpha_bar / (1 - alpha_bar)
    return snr.clamp(max=gamma) / (snr + 1) + _UNWEIGHTED


def velocity_loss(predicted: torch.Tensor, velocity: torch.Tensor,
                  alpha_bar: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The weighted loss of a batch, and its mean squared error, which tells more to whoever watches."""
    error = (predicted - velocity).pow(2).mean((1, 2, 3))
    return (velocity_weight(alpha_bar) * error).mean(), error.detach().mean()


@torch.no_grad()
def ddim(predict: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], x: torch.Tensor, steps: int,
         alpha_bar: torch.Tensor | None = None, eta: float = 0.0,
         noise: Callable[[], torch.Tensor] | None = None) -> torch.Tensor:
    """DDIM (arXiv:2010.02502) from noise x, with the timesteps of the exported scheduler; eta 1 is DDPM's variance.

    predict gives epsilon for a sample and timesteps [B]; noise draws what a step adds where eta is above 0.
    """
    alpha_bar = (alpha_bars() if alpha_bar is None else alpha_bar).to(x.device)
    stride = TRAIN_STEPS // steps
    offset = 0 if stride == 1 else 1
    for t in range((steps - 1) * stride + offset, -1 if stride == 1 else 0, -stride):
        epsilon = predict(x, torch.full((len(x),), t, device=x.device, dtype=torch.float32))
        now, before = alpha_bar[t], alpha_bar[max(t - stride, 0)] if t > 0 else torch.ones(())
        x0 = (x - (1 - now).sqrt() * epsilon) / now.sqrt()
        deviation = eta * ((1 - before) / (1 - now) * (1 - now / before)).sqrt()
        x = before.sqrt() * x0 + (1 - before - deviation ** 2).clamp(min=0).sqrt() * epsilon
        if eta > 0 and t > 0:
            x = x + deviation * noise().to(x.device)
    return x


@torch.no_grad()
def ddim_trailing(predict: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], x: torch.Tensor, steps: int,
                  alpha_bar: torch.Tensor, limit: float = math.inf) -> torch.Tensor:
    """DDIM from noise x with the trailing timesteps 999, ..., and x0 clipped to -limit and limit; see ddim."""
    levels, stride = alpha_bar.tolist(), TRAIN_STEPS // steps
    for t in range(TRAIN_STEPS - 1, -1, -stride):
        now, before = levels[t], levels[t - stride] if t >= stride else 1.0
        epsilon = predict(x, torch.full((len(x),), float(t), device=x.device))
        x0 = ((x - math.sqrt(1 - now) * epsilon) / math.sqrt(now)).clamp(-limit, limit)
        x = math.sqrt(before) * x0 + math.sqrt(1 - before) * epsilon
    return x
