"""Text encoder and prior of the model that draws pixels: what 32x32 pixels are to be expected of a caption.

They are trained alone and first, as those of the latent model; the UNet is `pixels`, which exports all.
"""

import argparse
import random
from collections.abc import Callable
from pathlib import Path

import stage
import torch
import torch.nn as nn

import training_loop
from companions import captioned_emojis
from companions.captioned_emojis import CaptionedEmojis
from data.scenes import Scene
from networks.captioned_pixels import PixelPrior
from networks.prior import mean_and_log_variance, prior_loss
from networks.t5_encoder import T5Encoder
from t5_tokenizer import T5Tokenizer
from trained import averaged, to_bytes

MINUTES, BATCH = 22, 96

# As many captions have keywords without the name, and as many are empty.
_KEYWORDS, _DROPPED = 0.1, 0.1
_HELD_OUT, _CHUNK = 100, 50


class Task(training_loop.Task):
    """The picture's mean and variance, of captions of which one in ten is empty."""

    name = "pixels-prior"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.tokenizer = captioned_emojis.tokenizer(options.work)
        self.model = new_prior(self.tokenizer)

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.data = CaptionedEmojis(self.options.work)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        pictures, captions = self.data.draw(self.options.batch, self.rng, _KEYWORDS)
        ids, mask = self.tokenizer.batch(dropped(captions, self.rng))
        with stage.autocast(self.device, self.options.precision):
            moments = self.model["prior"](self.model["text_encoder"](ids.to(self.device), mask.to(self.device)))
        return prior_loss(moments, pictures.to(self.device))

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """How many means are nearest to what was asked for, of all names, and of backgrounds that were held out."""
        def draw(prompts: list[str]) -> torch.Tensor:
            return _means(ema, self.tokenizer, prompts, self.device)

        return measured(self.data, draw)


def dropped(captions: list[str], rng: random.Random) -> list[str]:
    """Captions of which one in ten is empty, for classifier-free guidance."""
    return ["" if rng.random() < _DROPPED else caption for caption in captions]


def measured(data: CaptionedEmojis, draw: Callable[[list[str]], torch.Tensor], every: int = 1) -> dict[str, object]:
    """The top-1 accuracies of what draws pictures, uint8 [B, 3, 32, 32], of prompts: of names, every so many, and of
    backgrounds held out."""
    def top1(scenes: list[Scene]) -> float:
        drawn = [draw([data.prompt(scene) for scene in scenes[i:i + _CHUNK]]) for i in range(0, len(scenes), _CHUNK)]
        return data.top1(scenes, torch.cat(drawn))

    return {"names_top1": top1([Scene(i) for i in range(0, len(data.emojis), every)]),
            "held_out_top1": top1(data.held_out(_HELD_OUT, seed=1))}


def new_prior(tokenizer: T5Tokenizer) -> nn.ModuleDict:
    """Text encoder and prior, untrained."""
    return nn.ModuleDict({"text_encoder": T5Encoder(len(tokenizer)), "prior": PixelPrior()})


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> nn.ModuleDict:
    """The trained text encoder and prior."""
    return averaged(work, Task.name, new_prior(captioned_emojis.tokenizer(work)), device, unfinished)


def _means(model: nn.Module, tokenizer: T5Tokenizer, prompts: list[str], device: torch.device) -> torch.Tensor:
    ids, mask = tokenizer.batch(prompts)
    mean, _ = mean_and_log_variance(model["prior"](model["text_encoder"](ids.to(device), mask.to(device))))
    return to_bytes(mean)


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """What is expected of captions that training never showed, and the originals below, uint8 [64, 3, 32, 32]."""
    data, model = CaptionedEmojis(work), load(work, device, unfinished=True)
    scenes = data.held_out(32, seed)
    drawn = _means(model, captioned_emojis.tokenizer(work), [data.prompt(scene) for scene in scenes], device)
    originals = torch.stack([data.pictures[scene.background, scene.first] for scene in scenes])
    return torch.cat([part for i in range(0, 32, 8) for part in (originals[i:i + 8], drawn[i:i + 8])])
