#!/usr/bin/env python3
"""Stage 4: the text encoder and the UNet. Run it again to resume where the last checkpoint is."""

import argparse

import stage
import torch

import diffusion
import training_loop
from conditioning import CaptionedScenes, LatentEncoder, new_denoiser

# Each picture is trained on at several noise levels at once: encoding it and its caption costs as much as a level.
LEVELS = 3


class DenoiserTask(training_loop.Task):
    """Classifier-free guidance's two models in one: with captions, and without for one picture in ten."""

    name = "denoiser"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = CaptionedScenes(options, device)
        self.encode = LatentEncoder(options, device)
        self.model = new_denoiser(len(self.data.tokenizer.vocabulary))

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    def loss(self) -> tuple[torch.Tensor, float]:
        _, pictures, ids = self.data.draw(self.options.batch, self.rng)
        latents = self.encode(pictures, self.generator).repeat_interleave(LEVELS, 0)
        timesteps = diffusion.stratified_timesteps(self.options.batch, LEVELS, self.generator)
        noise = torch.randn(latents.shape, generator=self.generator, device=self.device)
        alpha_bar = self.alpha_bars[timesteps]
        noisy, velocity = diffusion.add_noise(latents, noise, alpha_bar)
        with stage.autocast(self.device, self.options.precision):
            context = self.model["text_encoder"](ids).repeat_interleave(LEVELS, 0)
            predicted = self.model["predictor"].velocity(noisy, timesteps, context).float()
        return diffusion.velocity_loss(predicted, velocity, alpha_bar)


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=62, batch=24)
    training_loop.run(DenoiserTask, parser.parse_args())


if __name__ == "__main__":
    main()
