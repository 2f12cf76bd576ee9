"""The noise schedule, and DDIM sampling for looking at results."""

import torch

from networks import TextEncoder, UNet
from tokenizer import Tokenizer

TRAIN_STEPS = 1000
BETA_START, BETA_END = 0.00085, 0.012


def alpha_bars(device: torch.device = torch.device("cpu")) -> torch.Tensor:
    """The cumulative products of 1 - beta of the scaled_linear schedule, float32 [1000]."""
    betas = torch.linspace(BETA_START ** 0.5, BETA_END ** 0.5, TRAIN_STEPS, dtype=torch.float64) ** 2
    return torch.cumprod(1 - betas, 0).float().to(device)


def min_snr_weight(alpha_bar: torch.Tensor, gamma: float = 5.0) -> torch.Tensor:
    """The weight of an epsilon loss by "Efficient Diffusion Training via Min-SNR Weighting" (arXiv:2303.09556)."""
    snr = alpha_bar / (1 - alpha_bar)
    return snr.clamp(max=gamma) / snr


@torch.no_grad()
def ddim(unet: UNet, text_encoder: TextEncoder, tokenizer: Tokenizer, prompts: list[str], guidance: float, steps: int,
         seed: int) -> torch.Tensor:
    """Latents [B, 4, 16, 16] by DDIM (arXiv:2010.02502), with the timesteps that the exported scheduler has."""
    device = next(unet.parameters()).device
    alpha_bar = alpha_bars(device)
    stride = TRAIN_STEPS // steps
    context = text_encoder(torch.tensor([tokenizer.encode(p) for p in [""] * len(prompts) + prompts], device=device))
    x = torch.randn(len(prompts), 4, 16, 16, generator=torch.Generator().manual_seed(seed)).to(device)
    for t in range((steps - 1) * stride + 1, 0, -stride):
        both = unet(torch.cat([x, x]), torch.full((2 * len(x),), t, device=device), context)
        unconditional, conditional = both.chunk(2)
        epsilon = unconditional + guidance * (conditional - unconditional)
        now, before = alpha_bar[t], alpha_bar[max(t - stride, 0)]
        x0 = (x - (1 - now).sqrt() * epsilon) / now.sqrt()
        x = before.sqrt() * x0 + (1 - before).sqrt() * epsilon
    return x
