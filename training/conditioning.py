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
from data.names import Emoji
from data.scenes import Scene, SceneMaker, caption
from data.tables import TabledScenes
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


def encoded_scenes(options: argparse.Namespace, device: torch.device, caption_dropout: float = 0.1,
                   keywords: float = 0.1) -> "EncodedScenes | TabledScenes":
    """Scenes with latents and captions: on a GPU out of tables, where there are any, else out of the work folder."""
    if options.tables:
        return TabledScenes(options.tables, caption_dropout, keywords)
    return EncodedScenes(options, device, caption_dropout, keywords)


class EncodedScenes:
    """Random ones of the scenes that were encoded beforehand, with the token ids of new captions."""

    def __init__(self, options: argparse.Namespace, device: torch.device, caption_dropout: float = 0.1,
                 keywords: float = 0.1):
        self.captions = Captions(options.work, device, caption_dropout, keywords)
        self._encoded = Encoded.load(options.work)
        self._pictures = dataset.Pictures(options.work)
        self._device = device

    @property
    def emojis(self) -> list[Emoji]:
        """All of them."""
        return self.captions.emojis

    @property
    def tokenizer(self) -> Tokenizer:
        """That of the captions."""
        return self.captions.tokenizer

    def draw(self, count: int, rng: random.Random) -> tuple[list[Scene], torch.Tensor, torch.Tensor]:
        """Scenes, their latents [count, 8, 16, 16] and token ids [count, 32]."""
        scenes, latents = self._encoded.draw(count, rng)
        latents = latents.to(self._device).contiguous(memory_format=torch.channels_last)
        return scenes, latents, self.captions(scenes, rng)

    def named(self, scenes: list[Scene], rng: random.Random) -> torch.Tensor:
        """Token ids [count, 32] of captions that leave nothing open."""
        return self.captions.encode(caption(scene, self.emojis, rng, keywords=0) for scene in scenes)

    def single(self, scenes: list[Scene]) -> torch.Tensor:
        """Which emoji each scene has, SEVERAL where there are two."""
        return torch.tensor([scene.single for scene in scenes], device=self._device)

    def of_emojis(self, count: int, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
        """Random emojis, and token ids [count, 32] of captions of these alone."""
        emojis = rng.choices(range(len(self.emojis)), k=count)
        return torch.tensor(emojis, device=self._device), self.captions([Scene(emoji) for emoji in emojis], rng)

    def render(self, scenes: list[Scene]) -> torch.Tensor:
        """Their pictures, [count, 3, 128, 128]."""
        return self._pictures.render(scenes).to(self._device)
