"""The pair of towers of unCLIP: texts and pictures to embeddings of one space, as CLIP's (arXiv:2103.00020).

Texts are told apart by what the main model's frozen text encoder says of them. Contrast alone forgets what captions do
not tell, and a picture is to be drawn of its embedding: so what is drawn of it is trained with the towers. `prior` and
`unclip` begin with the pair, and export it.
"""

import argparse
from pathlib import Path

import numpy as np
import stage
import torch
import torch.nn as nn
import torch.nn.functional as F

import trained
import training_loop
from conditioning import EncodedScenes
from data import dataset
from data.encoded import Encoded
from data.scenes import Scene
from networks.depicted import EmbeddingDrawing
from networks.pair import PICTURE_SIZE, PictureTower, TextTower, contrast
from networks.prior import mean_and_log_variance, prior_loss

MINUTES, BATCH = 15, 96

_NAME = "pair"
_EMBEDDINGS = "embeddings.npy"
_CHUNK = 64
# The sharpness of the contrast before training, and its weight beside the loss of what is drawn.
_SHARPNESS, _CONTRAST = 10.0, 0.1
# How far off each number of an embedding is, and of how many pictures nothing is known.
_BLUR, _DROPPED = 0.25, 0.1


class Pair(nn.Module):
    """Both towers, what is drawn of an embedding, and how sharply the contrast tells them apart."""

    def __init__(self):
        super().__init__()
        self.pictures = PictureTower()
        self.texts = TextTower()
        self.drawing = EmbeddingDrawing()
        self.sharpness = nn.Parameter(torch.tensor(_SHARPNESS))


class Task(training_loop.Task):
    """What is drawn of a picture's embedding, and which caption is of which picture."""

    name = _NAME

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = EncodedScenes(options, device, caption_dropout=0)
        self.pictures = dataset.Pictures(options.work)
        self.text_encoder, _ = trained.load_prior(options.work, device)
        self.model = Pair()

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        scenes, latents, ids = self.data.draw(self.options.batch, self.rng)
        pictures = shown(self.pictures, scenes).to(self.device)
        with torch.no_grad():
            context = self.text_encoder.said(ids)
        with stage.autocast(self.device, self.options.precision):
            embeddings = self.model.pictures(pictures)
            told_apart = contrast(embeddings, self.model.texts(context), self.model.sharpness)
            moments = self.model.drawing(blurred(embeddings, self.model.pictures.nothing(), self.generator))
        drawn, error = prior_loss(moments, latents)
        return drawn + _CONTRAST * told_apart, error

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """Which part of the emojis' pictures is the nearest to its name, and which part of the names to its picture."""
        emojis = self.data.emojis
        pictures = embed(ema.pictures, self.pictures, [Scene(i) for i in range(len(emojis))])
        ids = self.data.captions.encode(emoji.name for emoji in emojis)
        texts = ema.texts(self.text_encoder(ids)).cpu()
        similar, own = texts @ pictures.t(), torch.arange(len(emojis))
        return {"picture_of_name": float((similar.argmax(1) == own).float().mean()),
                "name_of_picture": float((similar.argmax(0) == own).float().mean())}


def blurred(embeddings: torch.Tensor, nothing: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Embeddings [B, 128] a little off, some of them replaced by that of nothing.

    What is drawn of neighbours is alike then, so that what a prior makes of a text need not be exact.
    """
    source = {"generator": generator, "device": embeddings.device}
    off = embeddings + _BLUR * torch.randn(embeddings.shape, **source)
    return torch.where(torch.rand(len(off), 1, **source) < _DROPPED, nothing.to(off.dtype), off)


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> Pair:
    """The trained pair, with averaged parameters."""
    return trained.averaged(work, _NAME, Pair(), device, unfinished)


def shown(pictures: dataset.Pictures, scenes: list[Scene]) -> torch.Tensor:
    """Scenes as the tower of pictures is shown them, [B, 3, 64, 64]."""
    return F.avg_pool2d(pictures.render(scenes), dataset.SIZE // PICTURE_SIZE)


@torch.no_grad()
def embed(tower: PictureTower, pictures: dataset.Pictures, scenes: list[Scene]) -> torch.Tensor:
    """The embeddings of scenes, [B, 128]."""
    device = tower.enter.weight.device
    return torch.cat([tower(shown(pictures, scenes[i:i + _CHUNK]).to(device)).cpu()
                      for i in range(0, len(scenes), _CHUNK)])


class EmbeddedScenes:
    """The encoded scenes with the embedding of each, [N, 128], out of a file that is made anew for each pair."""

    def __init__(self, work: Path, tower: PictureTower):
        self.encoded = Encoded.load(work)
        path = work / _EMBEDDINGS
        if not path.exists() or path.stat().st_mtime < (work / f"{_NAME}.pt").stat().st_mtime:
            np.save(path, embed(tower, dataset.Pictures(work), self.encoded.scenes).numpy())
        self.embeddings = torch.from_numpy(np.load(path))
        self.mean, self.deviation = self.embeddings.mean(0), self.embeddings.std(0)


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: pictures, and the mean of what their embeddings say, uint8 [16, 3, 128, 128]."""
    pictures, parts, towers = dataset.Pictures(work), trained.load(work, device), load(work, device, unfinished=True)
    generator = torch.Generator().manual_seed(seed)
    scenes = [Scene(i) for i in torch.randperm(len(pictures), generator=generator)[:8].tolist()]
    mean, _ = mean_and_log_variance(towers.drawing(embed(towers.pictures, pictures, scenes).to(device)))
    return torch.cat([trained.to_bytes(pictures.render(scenes)), parts.pictures(mean)])
