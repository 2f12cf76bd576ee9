#!/usr/bin/env python3
"""Stage 3: the autoencoder (KL; the VQ variant is a companion). Run it again to resume where the last checkpoint is."""

import argparse
import random
from collections.abc import Iterable

import stage
import torch
import torch.nn as nn

import training_loop
from data import dataset
from data.scenes import BACKGROUNDS, COLOURS, Four, Scene
from data.styles import STYLES
from networks import Decoder, Encoder
from networks.autoencoder import sample_latents, start_linear

_GRADIENT_WEIGHT = 0.5
_KL_WEIGHT = 2e-4
_WHITE, _STYLED, _FOUR = 0.4, 0.2, 0.3  # of the pictures
_FIRST = 200  # pictures, whose principal components are where training starts


def reconstruction_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Absolute, squared and edge (gradient) differences."""
    difference = output - target
    edges = difference.diff(dim=3).abs().mean() + difference.diff(dim=2).abs().mean()
    return difference.abs().mean() + difference.pow(2).mean() + _GRADIENT_WEIGHT * edges


def psnr(squared_error: torch.Tensor) -> torch.Tensor:
    """Decibels. The pictures' range is 2 wide, so the peak signal is 2 and its square 4."""
    return 10 * (4 / squared_error).log10()


def picture(emojis: int, rng: random.Random) -> Scene | Four:
    """A random picture without much empty space, of so many emojis: one in full size, in any style, or four small ones."""
    background = 0 if rng.random() < _WHITE else rng.randrange(len(COLOURS))
    kind = rng.random()
    if kind < _FOUR:
        return Four(tuple(rng.randrange(emojis) for _ in range(4)), background)
    style = rng.randrange(1, len(STYLES)) if kind < _FOUR + _STYLED else 0
    return Scene(rng.randrange(emojis), background, style)


def draw(pictures: dataset.Pictures, count: int, rng: random.Random) -> torch.Tensor:
    """Random pictures [count, 3, 128, 128]."""
    return pictures.render([picture(len(pictures), rng) for _ in range(count)])


class AutoencoderTask(training_loop.Task):
    """What both variants have in common: the pictures, and how they are compared."""

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.pictures = dataset.Pictures(options.work)

    def draw(self) -> torch.Tensor:
        """The pictures of a step."""
        tables, count = self.options.tables, self.options.batch
        return tables.draw_pictures(count) if tables else draw(self.pictures, count, self.rng)

    def every(self) -> Iterable[torch.Tensor]:
        """Batches of the pictures to measure with: here, all emojis on random backgrounds."""
        rng = random.Random(1)
        for indices in torch.arange(len(self.pictures)).split(32):
            yield self.pictures.render([Scene(i, rng.randrange(len(BACKGROUNDS))) for i in indices.tolist()])

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        target = self.draw().to(self.device)
        with stage.autocast(self.device, self.options.precision):
            output, latent_loss = self.reconstruct(self.model, target)
        output = output.float()
        report = psnr((output.detach() - target).pow(2).mean())
        return reconstruction_loss(output, target) + latent_loss, report

    def reconstruct(self, model: nn.Module, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The pictures that come back, and the loss of the latents."""
        raise NotImplementedError

    def latents(self, model: nn.Module, target: torch.Tensor) -> torch.Tensor:
        """The latents as a denoiser would see them, before scaling."""
        raise NotImplementedError

    def decode(self, model: nn.Module, latents: torch.Tensor) -> torch.Tensor:
        """The pictures of latents."""
        return model["decoder"](latents)

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """Mean and deviation of the latents' channels, and the PSNR in dB."""
        latents, squared_errors = [], []
        for pictures in self.every():
            target = pictures.to(self.device)
            latents.append(self.latents(ema, target))
            output = self.decode(ema, latents[-1]).clamp(-1, 1)
            squared_errors.append((output - target).pow(2).mean((1, 2, 3)))
        everything = torch.cat(latents)
        return {"latent_mean": everything.mean((0, 2, 3)), "latent_deviation": everything.std((0, 2, 3)),
                "psnr": float(psnr(torch.cat(squared_errors).mean()))}


class KlTask(AutoencoderTask):
    """Latents drawn from a normal distribution, slightly pulled to N(0, 1) (arXiv:2112.10752, KL regularization)."""

    name = "autoencoder"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.model = nn.ModuleDict({"encoder": Encoder(), "decoder": Decoder()})
        start_linear(self.model["encoder"], self.model["decoder"], draw(self.pictures, _FIRST, random.Random(0)))

    def reconstruct(self, model: nn.Module, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        latents, mean, log_variance = sample_latents(model["encoder"](target), self.generator)
        kl = 0.5 * (mean * mean + log_variance.exp() - 1 - log_variance).mean()
        return model["decoder"](latents), _KL_WEIGHT * kl

    def latents(self, model: nn.Module, target: torch.Tensor) -> torch.Tensor:
        return model["encoder"](target).chunk(2, 1)[0]


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=50, batch=4)
    training_loop.run(KlTask, parser.parse_args())


if __name__ == "__main__":
    main()
