#!/usr/bin/env python3
"""Stage 7: the UNet. Run it again to resume where the last checkpoint is.

What it is told to expect stays as it is: at the UNet's learning rate text encoder and prior would forget, in minutes,
what took them an hour. They may be trained further (stages 5 and 6); the UNet then has to go on, too.
"""

import argparse

import stage
import torch

import diffusion
import trained
import training_loop
from conditioning import encoded_scenes

# Each picture is trained on at several noise levels at once: its caption, and what is expected of that, cost as much
# as a level.
LEVELS = 3

# What a name leaves open is little, and the prior says nearly all of it: so most captions are empty, or keywords.
_EMPTY, _KEYWORDS = 0.2, 0.7


class DenoiserTask(training_loop.Task):
    """Classifier-free guidance's two models in one: with captions, and without for one picture in five."""

    name = "denoiser"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = encoded_scenes(options, device, _EMPTY, _KEYWORDS)
        self.text_encoder, self.predictor = trained.load_recognizer(options.work, device)
        self.model = self.predictor.unet

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        _, latents, ids = self.data.draw(self.options.batch, self.rng)
        timesteps = diffusion.stratified_timesteps(self.options.batch, LEVELS, self.generator)
        clean = latents.repeat_interleave(LEVELS, 0)
        noise = torch.randn(clean.shape, generator=self.generator, device=self.device)
        alpha_bar = self.alpha_bars[timesteps]
        noisy, velocity = diffusion.add_noise(clean, noise, alpha_bar)
        with stage.autocast(self.device, self.options.precision):
            with torch.no_grad():
                context = self.text_encoder.context(ids)
                told = self.predictor.told(context).repeated(LEVELS)
                # With all of the variance, not only what is ambiguous: the prior's errors are the UNet's to correct.
                prior = self.predictor.recognized(told, noisy, timesteps)
            context = context.repeat_interleave(LEVELS, 0)
            predicted = self.predictor.informed(prior, noisy, timesteps, context).float()
        return diffusion.velocity_loss(predicted, velocity, alpha_bar)


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=60, batch=24)
    training_loop.run(DenoiserTask, parser.parse_args())


if __name__ == "__main__":
    main()
