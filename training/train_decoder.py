#!/usr/bin/env python3
"""Stage 8: the decoder, on latents as the denoiser makes them. Run it again to resume where the last checkpoint is.

The autoencoder's decoder has seen only what its encoder makes of pictures. What the denoiser makes is a little beside
that, and looks like spots and blocks until the decoder has learned what it stands for. Where an edge is not known
exactly, the differences of pixels are least with a soft one; so it also learns how strong edges are.
"""

import argparse

import stage
import torch
import torch.nn.functional as F

import diffusion
import trained
import training_loop
from conditioning import encoded_scenes
from train_autoencoder import psnr, reconstruction_loss

# From what timesteps on the denoiser's x0 is as it will be, or will hardly change.
_EARLIEST, _LATEST = 500, 20
_STRENGTH_WEIGHT = 1
# Pixels a side, within which it does not matter where an edge is.
_WINDOW = 8


def edge_strength(picture: torch.Tensor) -> torch.Tensor:
    """The root mean square of the differences of neighbouring pixels, in windows that overlap by half."""
    across, down = picture.diff(dim=3).pow(2).mean(1), picture.diff(dim=2).pow(2).mean(1)
    energy = F.pad(across, (0, 1)) + F.pad(down, (0, 0, 0, 1))
    return (F.avg_pool2d(energy, _WINDOW, _WINDOW // 2) + 1e-5).sqrt()


class DecoderTask(training_loop.Task):
    """The denoiser's x0 in half of the pictures; the encoder's latents in the other, so that they are not unlearned."""

    name = "decoder"
    matrix_rate = 1e-3

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = encoded_scenes(options, device, caption_dropout=0)
        self.parts = trained.load(options.work, device, unfinished=True)
        _, self.model = trained.load_autoencoder(options.work, device)
        self.model.requires_grad_(True)

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        scenes, latents, ids = self.data.draw(self.options.batch, self.rng)
        target = self.data.render(scenes)
        half = (self.options.batch + 1) // 2
        latents = torch.cat([self._denoised(latents[:half], ids[:half]), latents[half:]])
        with stage.autocast(self.device, self.options.precision):
            output = self.model(latents.contiguous(memory_format=torch.channels_last))
        output = output.float()
        report = psnr((output.detach()[:half] - target[:half]).pow(2).mean())
        strength = (edge_strength(output) - edge_strength(target)).abs().mean()
        return reconstruction_loss(output, target) + _STRENGTH_WEIGHT * strength, report

    @torch.no_grad()
    def _denoised(self, latents: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """What the denoiser makes of noisy latents: x0 = alpha x - sigma v."""
        timesteps = torch.randint(_LATEST, _EARLIEST, (len(latents),), generator=self.generator, device=self.device)
        alpha_bar = self.alpha_bars[timesteps]
        noise = torch.randn(latents.shape, generator=self.generator, device=self.device)
        noisy, _ = diffusion.add_noise(latents, noise, alpha_bar)
        with stage.autocast(self.device, self.options.precision):
            velocity = self.parts.predictor.velocity(noisy, timesteps, self.parts.text_encoder.context(ids)).float()
        return alpha_bar.sqrt()[:, None, None, None] * noisy - (1 - alpha_bar).sqrt()[:, None, None, None] * velocity


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=15, batch=6)
    training_loop.run(DecoderTask, parser.parse_args())


if __name__ == "__main__":
    main()
