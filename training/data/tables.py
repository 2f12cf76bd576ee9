"""Scenes and captions as tables on a GPU, made beforehand by all cores, so that no step of training waits for the CPU."""

import argparse
import multiprocessing
import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from data import dataset
from data.canvas import Canvas, row
from data.scenes import Scene, SceneMaker, caption
from tokenizer import Tokenizer

# Captions of each scene that say what emojis it has, and as many that leave it open where one can.
_CAPTIONS = 3
_CAPTIONS_OF_EMOJI = 64
# In tokens; one caption in seven hundred is longer.
_LENGTH = 24
_AT_ONCE = 1024
_PARTS = 64


class Tables:
    """What the stages draw from: pictures for the autoencoder, and scenes with latents and captions for the others."""

    def __init__(self, work: Path, device: torch.device, scenes: int, pictures: int,
                 picture: Callable[[int, random.Random], object], seed: int = 0):
        self.device = device
        self.tokenizer = Tokenizer.load(work / "tokenizer")
        self.emojis = dataset.load_emojis(work)
        rng = random.Random(seed)
        rows = [row(picture(len(self.emojis), rng), places=4) for _ in range(pictures)]
        self._pictures = torch.tensor(rows, dtype=torch.int16, device=device)
        with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
            jobs = [(work, scenes // _PARTS, seed + 1 + part) for part in range(_PARTS)]
            parts = zip(*pool.map(_scenes, jobs))
            emojis = np.array_split(range(len(self.emojis)), _PARTS)
            of_emojis = np.concatenate(pool.map(_captions_of_emojis, [(work, some.tolist()) for some in emojis]))
        self.canvas = Canvas(work, device)
        self.rows, self.alone, self.captions = (torch.from_numpy(np.concatenate(part)).to(device) for part in parts)
        self.captions_of_emojis = torch.from_numpy(of_emojis).to(device)
        self.latents = torch.zeros(0)

    def draw_pictures(self, count: int) -> torch.Tensor:
        """Random pictures for the autoencoder, [count, 3, 128, 128]."""
        return self.canvas.render(self._pictures[self._random(len(self._pictures), count)])

    @torch.no_grad()
    def encode(self, encoder: torch.nn.Module) -> None:
        """Makes the latents of all scenes."""
        means = [encoder(self.canvas.render(rows)).chunk(2, 1)[0].half() for rows in self.rows.split(_AT_ONCE)]
        self.latents = torch.cat(means)

    def _random(self, below: int, count: int) -> torch.Tensor:
        return torch.randint(below, (count,), device=self.device)


class TabledScenes:
    """What conditioning.EncodedScenes is, out of tables; scenes are their numbers."""

    def __init__(self, tables: Tables, caption_dropout: float, keywords: float):
        self.tables = tables
        self._dropout = caption_dropout
        self._keywords = keywords
        self._empty = torch.tensor(tables.tokenizer.encode("")[:_LENGTH], device=tables.device)

    @property
    def emojis(self) -> list:
        return self.tables.emojis

    @property
    def tokenizer(self) -> Tokenizer:
        return self.tables.tokenizer

    def draw(self, count: int, _: random.Random) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Scenes, their latents [count, 8, 16, 16] and token ids [count, 24]."""
        scenes = torch.randint(len(self.tables.rows), (count,), device=self.tables.device)
        latents = self.tables.latents[scenes].float().contiguous(memory_format=torch.channels_last)
        return scenes, latents, self._dropped(self.tables.captions[scenes])

    def named(self, scenes: torch.Tensor, _: random.Random) -> torch.Tensor:
        """Token ids of captions that leave nothing open."""
        return self._choose(self.tables.captions[scenes], 0).long()

    def single(self, scenes: torch.Tensor) -> torch.Tensor:
        """Which emoji each scene has, SEVERAL where there are two."""
        return self.tables.alone[scenes].long()

    def of_emojis(self, count: int, _: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
        """Random emojis, and token ids of captions of these alone."""
        emojis = torch.randint(len(self.emojis), (count,), device=self.tables.device)
        return emojis, self._dropped(self.tables.captions_of_emojis[emojis])

    def render(self, scenes: torch.Tensor) -> torch.Tensor:
        """Their pictures, [count, 3, 128, 128]."""
        return self.tables.canvas.render(self.tables.rows[scenes])

    def _dropped(self, captions: torch.Tensor) -> torch.Tensor:
        """One caption of each, [count, 24], out of [count, named and open, n, 24]."""
        chance = torch.rand(2, len(captions), device=captions.device)
        ids = self._choose(captions, (chance[0] < self._keywords).long())
        return torch.where((chance[1] < self._dropout)[:, None], self._empty, ids.long())

    def _choose(self, captions: torch.Tensor, is_open: torch.Tensor | int) -> torch.Tensor:
        everyone = torch.arange(len(captions), device=captions.device)
        return captions[everyone, is_open, torch.randint(captions.shape[2], (len(captions),), device=captions.device)]


def _scenes(job: tuple[Path, int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of random scenes, the emoji of each that has one only, and token ids [count, 2, n, 24] of its captions."""
    work, count, seed = job
    emojis, tokenizer, rng = dataset.load_emojis(work), Tokenizer.load(work / "tokenizer"), random.Random(seed)
    maker = SceneMaker(emojis)
    scenes = [maker.draw(rng) for _ in range(count)]
    alone = [scene.single for scene in scenes]
    captions = [_captions(scene, emojis, tokenizer, rng, _CAPTIONS) for scene in scenes]
    return np.array([row(s, places=2) for s in scenes], np.int16), np.array(alone, np.int16), np.array(captions, np.int16)


def _captions_of_emojis(job: tuple[Path, list[int]]) -> np.ndarray:
    """Token ids [emojis, 2, n, 24] of captions of emojis alone."""
    work, some = job
    emojis, tokenizer = dataset.load_emojis(work), Tokenizer.load(work / "tokenizer")
    captions = [_captions(Scene(i), emojis, tokenizer, random.Random(i), _CAPTIONS_OF_EMOJI) for i in some]
    return np.array(captions, np.int16)


def _captions(scene: Scene, emojis: list, tokenizer: Tokenizer, rng: random.Random, count: int) -> list[list[list[int]]]:
    """Captions without keywords alone, and with them where there can be; as token ids."""
    return [[tokenizer.encode(caption(scene, emojis, rng, keywords))[:_LENGTH] for _ in range(count)]
            for keywords in (0, 1)]
