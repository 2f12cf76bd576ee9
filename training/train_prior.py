#!/usr/bin/env python3
"""Stage 5: the text encoder and the prior. Run it again to resume where the last checkpoint is.

They come first, alone: a step on a caption costs a fraction of the UNet's, and a UNet that is told what to expect
learns only what is left.
"""

import argparse

import stage
import torch

import trained
import training_loop
from conditioning import encoded_scenes
from networks.prior import prior_loss


class PriorTask(training_loop.Task):
    """What latents are to be expected of a caption."""

    name = "prior"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = encoded_scenes(options, device)
        self.model = trained.new_prior(self.data.tokenizer)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        _, latents, ids = self.data.draw(self.options.batch, self.rng)
        with stage.autocast(self.device, self.options.precision):
            moments = self.model["prior"](self.model["text_encoder"].said(ids))
        return prior_loss(moments, latents)


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=100, batch=96)
    training_loop.run(PriorTask, parser.parse_args())


if __name__ == "__main__":
    main()
