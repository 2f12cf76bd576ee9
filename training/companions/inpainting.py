"""A UNet with nine channels that fills in the masked part of a picture, as Stable Diffusion's inpainting model does."""

import argparse
import random
from pathlib import Path

import torch
import torch.nn.functional as F

import trained
from companions.latent import ConcatenatedTask, export_predictor, load_predictor
from conditioning import CaptionedScenes
from data.scenes import Scene
from diffusion import ddim
from export import SCHEDULER
from networks.autoencoder import sample_latents

MINUTES, BATCH = 12, 24
_NAME, _INPUTS = "inpainting", 9
_WHOLE = 0.2  # of the masks cover everything, so that text alone still counts


def random_masks(count: int, rng: random.Random) -> torch.Tensor:
    """Masks of one to three rectangles, [B, 1, 16, 16], 1 where the picture is to be made anew."""
    masks = torch.zeros(count, 1, 16, 16)
    for mask in masks:
        if rng.random() < _WHOLE:
            mask.fill_(1)
            continue
        for _ in range(rng.randint(1, 3)):
            height, width = rng.randint(3, 11), rng.randint(3, 11)
            top, left = rng.randint(0, 16 - height), rng.randint(0, 16 - width)
            mask[:, top:top + height, left:left + width] = 1
    return masks


def erase(pictures: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """The pictures with what is masked set to 0, gray."""
    return pictures * (1 - F.interpolate(masks, scale_factor=4.0, mode="nearest"))


class Task(ConcatenatedTask):
    """Noisy latents (4), the mask (1) and the latents of the erased picture (4), in that order."""

    name, inputs = _NAME, _INPUTS

    def condition(self, scenes: list[Scene], pictures: torch.Tensor) -> torch.Tensor:
        masks = random_masks(len(scenes), self.rng).to(self.device)
        return torch.cat([masks, self.encode(erase(pictures, masks), self.generator)], 1)


def export(work: Path, out: Path) -> None:
    """Writes the UNet and what belongs to it; the other parts are the main model's."""
    export_predictor(work, out, _NAME, _INPUTS, SCHEDULER)


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: pictures, the same ones erased, and filled in."""
    options = argparse.Namespace(work=work)
    rng, generator = random.Random(seed), torch.Generator().manual_seed(seed)
    parts, predictor = trained.load(work, device), load_predictor(work, _NAME, _INPUTS, device)
    _, pictures, ids = CaptionedScenes(options, device, caption_dropout=0).draw(8, rng)
    masks = random_masks(8, rng).to(device)
    erased = erase(pictures, masks)
    latents = sample_latents(parts.encoder(erased), generator)[1] * parts.scaling_factor
    predict = trained.guided(predictor, parts.text_encoder(ids), parts.context([""]), 3.0, masks, latents)
    made = parts.pictures(ddim(predict, torch.randn(8, 4, 16, 16, generator=generator).to(device), 30))
    return torch.cat([trained.to_bytes(pictures), trained.to_bytes(erased), made])
