#!/usr/bin/env python3
"""Stage 6: the UNet, with the text encoder and the prior. Run it again to resume where the last checkpoint is."""

import argparse

import stage
import torch

import diffusion
import trained
import training_loop
from conditioning import EncodedScenes
from networks.prior import mean_and_log_variance, prior_loss

# Each picture is trained on at several noise levels at once: its caption, and what is expected of that, cost as much
# as a level.
LEVELS = 3

_PRIOR_WEIGHT = 0.5


class DenoiserTask(training_loop.Task):
    """Classifier-free guidance's two models in one: with captions, and without for one picture in ten."""

    name = "denoiser"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = EncodedScenes(options, device)
        self.model = trained.new_denoiser(len(self.data.captions.tokenizer.vocabulary))
        start = stage.load_finished(options.work / "prior.pt")["ema"]
        weights = {key.replace("prior.", "predictor.caption_prior.", 1): value for key, value in start.items()}
        self.model.load_state_dict(weights, strict=False)

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    def loss(self) -> tuple[torch.Tensor, float]:
        _, latents, ids = self.data.draw(self.options.batch, self.rng)
        timesteps = diffusion.stratified_timesteps(self.options.batch, LEVELS, self.generator)
        clean = latents.repeat_interleave(LEVELS, 0)
        noise = torch.randn(clean.shape, generator=self.generator, device=self.device)
        alpha_bar = self.alpha_bars[timesteps]
        noisy, velocity = diffusion.add_noise(clean, noise, alpha_bar)
        predictor = self.model["predictor"]
        with stage.autocast(self.device, self.options.precision):
            context = self.model["text_encoder"](ids)
            moments = predictor.caption_prior(context)
            mean, log_variance = mean_and_log_variance(moments.repeat_interleave(LEVELS, 0))
            # Detached, because the variance is to learn from nothing but how far off the mean is.
            prior = mean, log_variance.detach().exp()
            predicted = predictor.informed(prior, noisy, timesteps, context.repeat_interleave(LEVELS, 0)).float()
        loss, error = diffusion.velocity_loss(predicted, velocity, alpha_bar)
        return loss + _PRIOR_WEIGHT * prior_loss(moments, latents)[0], error


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=120, batch=24)
    training_loop.run(DenoiserTask, parser.parse_args())


if __name__ == "__main__":
    main()
