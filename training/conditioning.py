"""Batches of latents with captions, for everything that is trained on them."""

import argparse
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import stage
import torch

import trained
from data import dataset
from data.encoded import Encoded
from data.scenes import Scene, SceneMaker, caption
from networks.autoencoder import sample_latents
from tokenizer import Tokenizer


class LatentEncoder:
    """The frozen encoder of the finished autoencoder."""

    def __init__(self, options: argparse.Namespace, device: torch.device):
        self._encoder, _ = trained.load_autoencoder(options.work, device)
        self._encoder.to(memory_format=torch.channels_last)
        self._precision = options.precision

    @torch.no_grad()
    def __call__(self, pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Latents of pictures, drawn from what the encoder says."""
        with stage.autocast(pictures.device, self._precision):
            latents, _, _ = sample_latents(self._encoder(pictures), generator)
        return latents


class Captions:
    """Random captions of scenes, as token ids."""

    def __init__(self, work: Path, device: torch.device, dropout: float, keywords: float = 0.1):
        self.emojis = dataset.load_emojis(work)
        self.tokenizer = Tokenizer.load(work / "tokenizer")
        self._device = device
        self._dropout = dropout
        self._keywords = keywords

    def __call__(self, scenes: list[Scene], rng: random.Random) -> torch.Tensor:
        """Token ids [count, 32]; some captions are empty, for classifier-free guidance."""
        return self.encode("" if rng.random() < self._dropout else caption(scene, self.emojis, rng, self._keywords)
                            for scene in scenes)

    def named(self, scenes: list[Scene], rng: random.Random) -> torch.Tensor:
        """Token ids [count, 32] of captions that leave nothing open."""
        return self.encode(caption(scene, self.emojis, rng, keywords=0) for scene in scenes)

    def encode(self, texts: Iterable[str]) -> torch.Tensor:
        """Token ids [count, 32] of texts."""
        return torch.tensor([self.tokenizer.encode(text) for text in texts], device=self._device)


class CaptionedScenes:
    """Random scenes with their pictures and the token ids of their captions."""

    def __init__(self, options: argparse.Namespace, device: torch.device, caption_dropout: float = 0.1):
        self.captions = Captions(options.work, device, caption_dropout)
        self.pictures = dataset.Pictures(options.work)
        self._scenes = SceneMaker(self.captions.emojis)
        self._device = device

    def draw(self, count: int, rng: random.Random, wanted: Callable[[Scene], bool] = lambda _: True,
             ) -> tuple[list[Scene], torch.Tensor, torch.Tensor]:
        """Scenes, their pictures and token ids [count, 32]."""
        scenes: list[Scene] = []
        while len(scenes) < count:
            if wanted(scene := self._scenes.draw(rng)):
                scenes.append(scene)
        return scenes, self.pictures.render(scenes).to(self._device), self.captions(scenes, rng)


class EncodedScenes:
    """Random ones of the scenes that were encoded beforehand, with the token ids of new captions."""

    def __init__(self, options: argparse.Namespace, device: torch.device, caption_dropout: float = 0.1,
                 keywords: float = 0.1):
        self.captions = Captions(options.work, device, caption_dropout, keywords)
        self._encoded = Encoded.load(options.work)
        self._device = device

    def draw(self, count: int, rng: random.Random) -> tuple[list[Scene], torch.Tensor, torch.Tensor]:
        """Scenes, their latents [count, 8, 16, 16] and token ids [count, 32]."""
        scenes, latents = self._encoded.draw(count, rng)
        latents = latents.to(self._device).contiguous(memory_format=torch.channels_last)
        return scenes, latents, self.captions(scenes, rng)
