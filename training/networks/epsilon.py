"""How the output of a UNet becomes the predicted noise."""

import torch
import torch.nn as nn

import diffusion


class EpsilonPredictor(nn.Module):
    """Predicts epsilon through a UNet that predicts the velocity v = alpha epsilon - sigma x0 (arXiv:2202.00512).

    epsilon = sigma x + alpha v holds for every x = alpha x0 + sigma epsilon. So whoever samples sees an ordinary
    epsilon model, while the error of the x0 that follows from it stays bounded where there is almost only noise.
    The sample's first channels are x; what follows them are concatenated conditions. alpha_bar is the noise schedule,
    [1000], if it is not the latent models'; where it ends near zero it has to be float64.
    """

    def __init__(self, unet: nn.Module, channels: int, alpha_bar: torch.Tensor | None = None):
        super().__init__()
        self.unet = unet
        self.channels = channels
        alpha_bar = diffusion.alpha_bars() if alpha_bar is None else alpha_bar
        self.register_buffer("log_sigma", (((1 - alpha_bar) / alpha_bar).log() / 2).float(), persistent=False)

    def velocity(self, sample: torch.Tensor, timestep: torch.Tensor, *condition: torch.Tensor) -> torch.Tensor:
        """The predicted velocity, which training compares with the true one."""
        return self.evaluate(sample, timestep, *condition)

    def evaluate(self, sample: torch.Tensor, timestep: torch.Tensor, *condition: torch.Tensor) -> torch.Tensor:
        """The UNet's output."""
        return self.unet(sample, timestep, *condition)

    def levels(self, timestep: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Alpha and sigma of timesteps [B], each [B, 1, 1, 1]."""
        # Between two timesteps log sigma is interpolated linearly, as samplers with levels of their own do.
        before = timestep.floor().clamp(0, len(self.log_sigma) - 2)
        low, high = self.log_sigma[before.long()], self.log_sigma[before.long() + 1]
        log_sigma = (low + (timestep - before) * (high - low))[:, None, None, None]
        return torch.sigmoid(-2 * log_sigma).sqrt(), torch.sigmoid(2 * log_sigma).sqrt()

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor, *condition: torch.Tensor) -> torch.Tensor:
        alpha, sigma = self.levels(timestep)
        output = self.velocity(sample, timestep, *condition)
        return self.followed(sigma * sample[:, :self.channels] + alpha * output[:, :self.channels], output)

    def followed(self, first: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
        """What is made of an output's first channels, followed by those after them: what a learned variance says."""
        return torch.cat([first, output[:, self.channels:]], 1) if output.shape[1] > self.channels else first
