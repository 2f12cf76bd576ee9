"""A UNet that draws an emoji of a given shape: semantic synthesis by a concatenated map (arXiv:2112.10752, 4.3.2)."""

from pathlib import Path

import torch
import torch.nn.functional as F

import trained
from companions.latent import ConcatenatedTask, export_predictor
from data import dataset
from data.scenes import Scene
from diffusion import ddim
from export import SCHEDULER
from networks import CaptionedPredictor
from networks.autoencoder import FACTOR

MINUTES, BATCH = 23, 24
_NAME = "silhouette"


def new_predictor() -> CaptionedPredictor:
    """Predicts epsilon of noisy latents (8) and a shape (1)."""
    return CaptionedPredictor(conditions=1)


def shape_channel(shapes: torch.Tensor) -> torch.Tensor:
    """Shapes [B, 1, 128, 128] in [0, 1] as the channel that the UNet sees, [B, 1, 16, 16] in [-1, 1]."""
    return F.avg_pool2d(shapes, FACTOR) * 2 - 1


class Task(ConcatenatedTask):
    """Noisy latents (8) and the emoji's shape (1), only emojis in full size; one shape in ten is missing (0)."""

    name, predictor = _NAME, new_predictor

    def draw(self) -> tuple[list[Scene], torch.Tensor, torch.Tensor]:
        return self.data.draw(self.options.batch, self.rng,
                              lambda s: not s.style and s.position is None and s.second is None)

    def condition(self, scenes: list[Scene], pictures: torch.Tensor) -> torch.Tensor:
        channel = shape_channel(self.data.pictures.shapes([scene.first for scene in scenes])).to(self.device)
        kept = torch.rand(len(scenes), 1, 1, 1, generator=self.generator, device=self.device) >= 0.1
        return channel * kept


def export(work: Path, out: Path) -> None:
    """Writes the UNet and what belongs to it; the other parts are the main model's."""
    export_predictor(work, out, _NAME, new_predictor(), SCHEDULER)


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: shapes, what is drawn of them with the emoji's name, and without any text."""
    generator = torch.Generator().manual_seed(seed)
    parts = trained.load(work, device)
    predictor = trained.averaged(work, _NAME, new_predictor(), device, unfinished=True)
    emojis, pictures = dataset.load_emojis(work), dataset.Pictures(work)
    chosen = torch.randperm(len(emojis), generator=generator)[:8].tolist()
    shapes = pictures.shapes(chosen)
    noise = torch.randn(8, *trained.LATENT_SHAPE, generator=generator).to(device)
    rows = [((1 - shapes) * 255).byte().expand(-1, 3, -1, -1)]
    for prompts in ([emojis[i].name for i in chosen], [""] * 8):
        predict = trained.guided(predictor, parts.context(prompts), parts.context([""]), 3.0,
                                 shape_channel(shapes).to(device))
        rows.append(parts.pictures(ddim(predict, noise, 30)))
    return torch.cat(rows)
