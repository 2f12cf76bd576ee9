"""Batches of latents with captions, for everything that is trained on them."""

import argparse
import random
from collections.abc import Callable

import stage
import torch

from data import dataset
from data.scenes import Scene, SceneMaker, caption
from networks import Encoder, TextEncoder
from networks.autoencoder import sample_latents
from networks.epsilon import EpsilonPredictor
from networks.unet import UNet
from tokenizer import Tokenizer


class LatentEncoder:
    """The frozen encoder of the finished autoencoder."""

    def __init__(self, options: argparse.Namespace, device: torch.device):
        state = stage.load_finished(options.work / "autoencoder.pt", device)
        weights = {key.removeprefix("encoder."): value for key, value in state["ema"].items()
                   if key.startswith("encoder.")}
        self._encoder = Encoder().to(device, memory_format=torch.channels_last).eval().requires_grad_(False)
        self._encoder.load_state_dict(weights)
        self.scaling_factor: float = state["scaling_factor"]
        self._precision = options.precision

    @torch.no_grad()
    def __call__(self, pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Scaled latents of pictures, drawn from what the encoder says."""
        with stage.autocast(pictures.device, self._precision):
            latents, _, _ = sample_latents(self._encoder(pictures), generator)
        return latents * self.scaling_factor


class CaptionedScenes:
    """Random scenes with their pictures and the token ids of their captions."""

    def __init__(self, options: argparse.Namespace, device: torch.device, caption_dropout: float = 0.1):
        self.emojis = dataset.load_emojis(options.work)
        self.pictures = dataset.Pictures(options.work)
        self.scenes = SceneMaker(self.emojis)
        self.tokenizer = Tokenizer.load(options.work / "tokenizer")
        self._dropout = caption_dropout
        self._device = device

    def draw(self, count: int, rng: random.Random, wanted: Callable[[Scene], bool] = lambda _: True,
             ) -> tuple[list[Scene], torch.Tensor, torch.Tensor]:
        """Scenes, their pictures and token ids [count, 32]; some captions are empty, for classifier-free guidance."""
        scenes: list[Scene] = []
        while len(scenes) < count:
            if wanted(scene := self.scenes.draw(rng)):
                scenes.append(scene)
        captions = ["" if rng.random() < self._dropout else caption(scene, self.emojis, rng) for scene in scenes]
        ids = torch.tensor([self.tokenizer.encode(text) for text in captions], device=self._device)
        return scenes, self.pictures.render(scenes).to(self._device), ids


def new_denoiser(vocabulary: int) -> torch.nn.ModuleDict:
    """The text encoder and the predictor, untrained."""
    return torch.nn.ModuleDict({"text_encoder": TextEncoder(vocabulary), "predictor": EpsilonPredictor(UNet())})
