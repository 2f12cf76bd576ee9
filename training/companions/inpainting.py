"""A UNet that fills in the masked part of a picture, as Stable Diffusion's inpainting model does."""

import argparse
import random
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

import trained
from companions.latent import ConcatenatedTask, export_predictor
from conditioning import CaptionedScenes
from data.scenes import Scene
from diffusion import ddim
from export import SCHEDULER
from networks import CaptionedPredictor
from networks.autoencoder import FACTOR, LATENT_CHANNELS, sample_latents
from train_autoencoder import psnr

MINUTES, BATCH = 18, 24
_NAME = "inpainting"
_WHOLE = 0.2  # of the masks cover everything, so that text alone still counts
_STEPS, _GUIDANCE = 30, 3.0
_MEASURED = 64
# How far latents of an erased picture are from those of the whole one: anywhere, and more beside the mask.
_APART, _BESIDE = 0.1, 0.3


class InpaintingPredictor(CaptionedPredictor):
    """Epsilon [B, 8, h, w], of a sample [B, 17, h, w]: noisy latents, the mask and the erased picture's latents."""

    def __init__(self):
        super().__init__(conditions=1 + LATENT_CHANNELS)

    def prior(self, sample: torch.Tensor, timestep: torch.Tensor,
              context: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mask, erased = sample[:, self.channels:self.channels + 1], sample[:, self.channels + 1:]
        mean, variance = super().prior(sample, timestep, context)
        known = _APART + _BESIDE * F.max_pool2d(mask, 3, 1, 1)
        deviation = (1 - mask) * known + mask * variance.sqrt()
        return (1 - mask) * erased + mask * mean, deviation ** 2


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
    return pictures * (1 - F.interpolate(masks, scale_factor=float(FACTOR), mode="nearest"))


class Task(ConcatenatedTask):
    """Noisy latents (8), the mask (1) and the latents of the erased picture (8), in that order."""

    name, predictor = _NAME, InpaintingPredictor

    def condition(self, scenes: list[Scene], pictures: torch.Tensor) -> torch.Tensor:
        masks = random_masks(len(scenes), self.rng).to(self.device)
        return torch.cat([masks, self.encode(erase(pictures, masks), self.generator)], 1)

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """The PSNR in dB of what is kept, and what the autoencoder alone makes of it, of pictures drawn anew."""
        rng, generator = random.Random(1), torch.Generator().manual_seed(1)
        _, pictures, ids = self.data.draw(_MEASURED, rng)
        masks = random_masks(_MEASURED, rng).to(self.device)
        parts = trained.load(self.options.work, self.device)
        filled = fill_in(parts, ema, ids, erase(pictures, masks), masks, generator)
        returned = sample_latents(parts.encoder(pictures), generator)[1]
        kept = F.interpolate(1 - masks, scale_factor=float(FACTOR), mode="nearest").expand_as(pictures)

        def compare(latents: torch.Tensor) -> float:
            made = parts.decoder(latents).clamp(-1, 1)
            return float(psnr(((made - pictures).pow(2) * kept).sum() / kept.sum()))

        return {"kept_psnr": compare(filled), "autoencoder_psnr": compare(returned)}


def fill_in(parts: trained.Trained, predictor: nn.Module, ids: torch.Tensor, erased: torch.Tensor, masks: torch.Tensor,
            generator: torch.Generator) -> torch.Tensor:
    """Latents of erased pictures [B, 3, 128, 128], filled in as captions of these token ids say."""
    latents = sample_latents(parts.encoder(erased), generator)[1]
    predict = trained.guided(predictor, parts.text_encoder(ids), parts.context([""]), _GUIDANCE, masks, latents)
    return ddim(predict, torch.randn(latents.shape, generator=generator).to(latents.device), _STEPS)


def export(work: Path, out: Path) -> None:
    """Writes the UNet and what belongs to it; the other parts are the main model's."""
    export_predictor(work, out, _NAME, InpaintingPredictor(), SCHEDULER)


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: pictures, the same ones erased, and filled in."""
    options = argparse.Namespace(work=work)
    rng, generator = random.Random(seed), torch.Generator().manual_seed(seed)
    parts = trained.load(work, device)
    predictor = trained.averaged(work, _NAME, InpaintingPredictor(), device, unfinished=True)
    _, pictures, ids = CaptionedScenes(options, device, caption_dropout=0).draw(8, rng)
    masks = random_masks(8, rng).to(device)
    erased = erase(pictures, masks)
    made = parts.pictures(fill_in(parts, predictor, ids, erased, masks, generator))
    return torch.cat([trained.to_bytes(pictures), trained.to_bytes(erased), made])
