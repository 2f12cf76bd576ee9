"""The predictor of small pictures that knows of what caption they are."""

import torch
import torch.nn.functional as F

import diffusion
from networks.informed import InformedPredictor
from networks.prior import CaptionPrior, mean_and_variance
from networks.t5_encoder import WIDTH
from networks.unet import UNet

SIZE = 32
CHANNELS = (32, 48, 80)

# The prior's places, 16x16, have as many values each as 2x2 pixels.
_BLOCK = 2
_PRIOR_WIDTH = 112


class PixelPrior(CaptionPrior):
    """A context [B, S, 128] to mean and log-variance of each pixel of the picture that it describes, [B, 6, 32, 32]."""

    def __init__(self):
        super().__init__(_PRIOR_WIDTH, 3 * _BLOCK ** 2, WIDTH, 2 * WIDTH)

    def forward(self, context: torch.Tensor) -> torch.Tensor:
        return F.pixel_shuffle(super().forward(context), _BLOCK)


class CaptionedPixels(InformedPredictor):
    """Epsilon and the variance's v, [B, 6, 32, 32], of noisy pictures, timesteps [B] and a context [B, S, 128].

    The UNet is shown how the picture differs from what its caption lets expect, and that.
    """

    def __init__(self):
        super().__init__(UNet(6, 6, CHANNELS, WIDTH), 3, diffusion.cosine_alpha_bars())
        self.caption_prior = PixelPrior()

    def prior(self, sample: torch.Tensor, timestep: torch.Tensor,
              context: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return mean_and_variance(self.caption_prior(context))

    def shown(self, sample: torch.Tensor, mean: torch.Tensor, surprise: torch.Tensor) -> torch.Tensor:
        return torch.cat([surprise, mean], 1)
