"""Twice the size: pictures of 32x32 to 64x64 pixels, with noise augmentation of what is upscaled.

Sources: cascaded diffusion models (arXiv:2106.15282) and Imagen's conditioning on the augmentation's level
(arXiv:2205.11487). There is no attention, so that pictures may have any size.
"""

import argparse
import random
from pathlib import Path

import stage
import torch
import torch.nn.functional as F

import diffusion
import training_loop
from companions.pixels import export_unet
from data import dataset
from data.scenes import Scene, SceneMaker
from export import SCHEDULER, VERSION, write_json
from networks.informed import InformedPredictor
from networks.unet import UNet
from train_autoencoder import psnr
from trained import averaged, to_bytes

MINUTES, BATCH = 20, 16
CHANNELS = (32, 48, 64)
LOW_RES_SCHEDULER = {
    "_class_name": "DDPMScheduler", **VERSION, "num_train_timesteps": diffusion.TRAIN_STEPS,
    "beta_start": diffusion.BETA_START, "beta_end": diffusion.BETA_END, "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon", "clip_sample": False,
}

_HIGHEST_LEVEL = 350
_SIZE, _CROP = 64, 32
_STEPS = 20
_MEASURED, _MEASURED_LEVELS = 64, (0, 100)
# Of the training pictures' pixels, and of their difference from pictures enlarged from half the size.
_PICTURE_VARIANCE, _DETAIL_VARIANCE = 0.53, 0.014


class UpscalePredictor(InformedPredictor):
    """Epsilon [B, 3, H, W], of a sample [B, 6, H, W], timesteps [B] and the augmentation's levels [B].

    The sample's last channels are the small picture, enlarged bilinearly and noised to that level.
    """

    def __init__(self):
        super().__init__(UNet(6, 3, CHANNELS, context_width=0, label_steps=True, attends=False), 3)

    def evaluate(self, sample: torch.Tensor, timestep: torch.Tensor, class_labels: torch.Tensor) -> torch.Tensor:
        return self.unet(sample, timestep, labels=class_labels)

    def prior(self, sample: torch.Tensor, timestep: torch.Tensor,
              class_labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        # What the noised picture says of the enlarged one, how far off that may be, and what enlarging loses.
        alpha, sigma = self.levels(class_labels.to(sample.dtype))
        gain = _PICTURE_VARIANCE / (alpha ** 2 * _PICTURE_VARIANCE + sigma ** 2)
        return gain * alpha * sample[:, 3:], gain * sigma ** 2 + _DETAIL_VARIANCE


def draw(pictures: dataset.Pictures, scenes: list[Scene]) -> torch.Tensor:
    """Scenes as pictures of half the size, [B, 3, 64, 64]."""
    return F.avg_pool2d(pictures.render(scenes), dataset.SIZE // _SIZE)


def enlarge(small: torch.Tensor) -> torch.Tensor:
    """Pictures [B, 3, H, W] in twice the size."""
    return F.interpolate(small, scale_factor=2, mode="bilinear", align_corners=False)


class Task(training_loop.Task):
    """Crops of scenes, each seen at a random level of the augmentation."""

    name = "upscaler"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.pictures = dataset.Pictures(options.work)
        self.scenes = SceneMaker(dataset.load_emojis(options.work))
        self.model = UpscalePredictor()

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        clean, enlarged = self._crops().split(3, 1)
        batch, source = len(clean), {"generator": self.generator, "device": self.device}
        timesteps = diffusion.stratified_timesteps(1, batch, self.generator)
        levels = torch.randint(_HIGHEST_LEVEL + 1, (batch,), **source)
        alpha_bar = self.alpha_bars[timesteps]
        noisy, velocity = diffusion.add_noise(clean, torch.randn(clean.shape, **source), alpha_bar)
        condition, _ = diffusion.add_noise(enlarged, torch.randn(clean.shape, **source), self.alpha_bars[levels])
        with stage.autocast(self.device, self.options.precision):
            predicted = self.model.velocity(torch.cat([noisy, condition], 1), timesteps, levels).float()
        return diffusion.velocity_loss(predicted, velocity, alpha_bar)

    def _crops(self) -> torch.Tensor:
        """Random crops [B, 6, 32, 32] of scenes, and of the same scenes enlarged from half their size."""
        scenes = [self.scenes.draw(self.rng) for _ in range(self.options.batch)]
        pictures = draw(self.pictures, scenes).to(self.device)
        both = torch.cat([pictures, enlarge(F.avg_pool2d(pictures, 2))], 1)
        crops = []
        for picture in both:
            top, left = (self.rng.randrange(_SIZE - _CROP + 1) for _ in range(2))
            crops.append(picture[:, top:top + _CROP, left:left + _CROP])
        return torch.stack(crops).contiguous(memory_format=torch.channels_last)

    def measure(self, ema: torch.nn.Module) -> dict[str, object]:
        """The PSNR in dB of what the model is shown and of what it makes of it, for some levels, on combinations held out."""
        clean = _held_out(self.options.work, _MEASURED).to(self.device)
        small = F.avg_pool2d(clean, 2)
        generator = torch.Generator().manual_seed(1)

        def compare(pictures: torch.Tensor) -> float:
            return float(psnr((pictures.clamp(-1, 1) - clean).pow(2).mean((1, 2, 3)).mean()))

        measured = {}
        for level in _MEASURED_LEVELS:
            alpha_bar, noise = self.alpha_bars[level], torch.randn(clean.shape, generator=generator).to(self.device)
            shown = enlarge(small) + ((1 - alpha_bar) / alpha_bar).sqrt() * noise if level else enlarge(small)
            measured[f"shown_psnr_{level}"] = compare(shown)
            measured[f"psnr_{level}"] = compare(upscale(ema, small, level, generator))
        return measured


def _held_out(work: Path, count: int) -> torch.Tensor:
    """Pictures of scenes that are never trained on, [count, 3, 64, 64]."""
    scenes, rng = SceneMaker(dataset.load_emojis(work)), random.Random(1)
    kinds = ("background", "style", "position", "pair")
    return draw(dataset.Pictures(work), [scenes.draw_held_out(kinds[i % len(kinds)], rng) for i in range(count)])


def upscale(predictor: UpscalePredictor, small: torch.Tensor, level: int, generator: torch.Generator) -> torch.Tensor:
    """Small pictures [B, 3, H, W] in twice the size, the noise of the augmentation at that level."""
    enlarged = enlarge(small)
    levels = torch.full((len(small),), level, device=small.device)
    alpha_bars = diffusion.alpha_bars().to(small.device)
    start, augmentation = (torch.randn(enlarged.shape, generator=generator).to(small.device) for _ in range(2))
    condition, _ = diffusion.add_noise(enlarged, augmentation, alpha_bars[levels])

    def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
        return predictor(torch.cat([x, condition], 1), timesteps, levels)

    return diffusion.ddim(predict, start, _STEPS)


def export(work: Path, out: Path) -> None:
    """Writes the model folder, and checks the graph at another batch size and picture size than it was traced with."""
    predictor = averaged(work, Task.name, UpscalePredictor())
    export_unet("upscaler", predictor, out, _SIZE, channels=6, labels=_HIGHEST_LEVEL + 1)
    write_json(out / "model_index.json", {
        "_class_name": "StableDiffusionUpscalePipeline", **VERSION, "unet": ["optimum", "ORTModelUnet"],
        "scheduler": ["diffusers", "DDIMScheduler"], "low_res_scheduler": ["diffusers", "DDPMScheduler"],
        "max_noise_level": _HIGHEST_LEVEL,
    })
    write_json(out / "unet/config.json", {
        "_class_name": "UNet2DConditionModel", **VERSION, "sample_size": _SIZE, "in_channels": 6,
        "out_channels": 3, "block_out_channels": list(CHANNELS), "layers_per_block": 1,
        "class_embed_type": "timestep",
    })
    write_json(out / "scheduler/scheduler_config.json", SCHEDULER)
    write_json(out / "low_res_scheduler/scheduler_config.json", LOW_RES_SCHEDULER)


def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: held out pictures, the small ones enlarged, and upscaled at two levels, uint8 [32, 3, 64, 64]."""
    predictor = averaged(work, Task.name, UpscalePredictor(), device, unfinished=True)
    clean = _held_out(work, 8).to(device)
    small = F.avg_pool2d(clean, 2)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        upscaled = [upscale(predictor, small, level, generator) for level in _MEASURED_LEVELS]
    return to_bytes(torch.cat([clean, enlarge(small), *upscaled]))
