"""A UNet that needs one to four steps: latent consistency distillation of the main one (arXiv:2310.04378)."""

import argparse
from pathlib import Path

import stage
import torch
import torch.nn as nn

import diffusion
import trained
import training_loop
from companions.latent import export_predictor, started_from
from conditioning import CaptionedScenes, LatentEncoder
from export import SCHEDULER
from networks import CaptionedPredictor

MINUTES, BATCH = 25, 48
_NAME = "few-steps"
# What is distilled: DDIM with this many steps and this guidance.
_TEACHER_STEPS, _GUIDANCE = 50, 4.0
_HUBER = 1e-3
_SIGMA_DATA, _TIMESTEP_SCALING = 0.5, 10.0


def consistency(predictor: nn.Module, x: torch.Tensor, timesteps: torch.Tensor, alpha_bar: torch.Tensor,
                context: torch.Tensor) -> torch.Tensor:
    """The consistency function: x0, which at timestep 0 is the sample itself; the scalings are LCMScheduler's."""
    scaled = (timesteps.float() * _TIMESTEP_SCALING)[:, None, None, None]
    skip = _SIGMA_DATA ** 2 / (scaled ** 2 + _SIGMA_DATA ** 2)
    out = scaled / (scaled ** 2 + _SIGMA_DATA ** 2).sqrt()
    alpha, sigma = alpha_bar.sqrt()[:, None, None, None], (1 - alpha_bar).sqrt()[:, None, None, None]
    return skip * x + out * (alpha * x - sigma * predictor.velocity(x, timesteps, context).float())


class Task(training_loop.Task):
    """Learns that two neighbours on a path of the teacher end in the same picture."""

    name = _NAME
    matrix_rate = 1e-3

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = CaptionedScenes(options, device, caption_dropout=0)
        self.encode = LatentEncoder(options, device)
        parts = trained.load(options.work, device)
        self.parts = parts
        self.model = started_from(parts, CaptionedPredictor())

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)
        self.unconditional = self.parts.context([""])

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        stride = diffusion.TRAIN_STEPS // _TEACHER_STEPS
        _, pictures, ids = self.data.draw(self.options.batch, self.rng)
        with torch.no_grad(), stage.autocast(self.device, self.options.precision):
            latents = self.encode(pictures, self.generator)
            noise = torch.randn(latents.shape, generator=self.generator, device=self.device)
            later = (torch.randint(_TEACHER_STEPS, (len(latents),), generator=self.generator, device=self.device)
                     + 1) * stride - 1
            sooner = (later - stride).clamp(min=0)
            late, soon = self.alpha_bars[later], self.alpha_bars[sooner]
            x, _ = diffusion.add_noise(latents, noise, late)
            context = self.parts.text_encoder(ids)
            epsilon = trained.guided(self.parts.predictor, context, self.unconditional, _GUIDANCE)(x, later.float())
            late_, soon_ = late[:, None, None, None], soon[:, None, None, None]
            x0 = (x - (1 - late_).sqrt() * epsilon) / late_.sqrt()
            nearer = (soon_.sqrt() * x0 + (1 - soon_).sqrt() * epsilon).contiguous(memory_format=torch.channels_last)
            target = consistency(self.model, nearer, sooner, soon, context)
        with stage.autocast(self.device, self.options.precision):
            output = consistency(self.model, x, later, late, context)
        squared = (output - target).pow(2).mean((1, 2, 3))
        return ((squared + _HUBER ** 2).sqrt() - _HUBER).mean(), squared.detach().mean()


def export(work: Path, out: Path) -> None:
    """Writes the UNet and what belongs to it; the other parts are the main model's."""
    export_predictor(work, out, _NAME, CaptionedPredictor(), {
        **{key: SCHEDULER[key] for key in SCHEDULER if key not in ("_class_name", "set_alpha_to_one", "steps_offset")},
        "_class_name": "LCMScheduler", "steps_offset": 0, "original_inference_steps": _TEACHER_STEPS,
        "timestep_scaling": _TIMESTEP_SCALING,
    })


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: the same prompts and noise in one, two and four steps."""
    prompts = ["red apple", "grinning face", "panda", "pizza", "a rocket on a blue background", "red heart",
               "sunflower", "pixel art of a cat face"]
    parts = trained.load(work, device)
    predictor = trained.averaged(work, _NAME, CaptionedPredictor(), device, unfinished=True)
    alpha_bars, context = diffusion.alpha_bars().to(device), parts.context(prompts)
    rows = []
    for steps in (1, 2, 4):
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(8, *trained.LATENT_SHAPE, generator=generator).to(device)
        timesteps = [1000 - 1 - i * (diffusion.TRAIN_STEPS // steps) // 20 * 20 for i in range(steps)]
        for i, t in enumerate(timesteps):
            now = alpha_bars[t].expand(8)
            x0 = consistency(predictor, x, torch.full((8,), t, device=device), now, context)
            if i + 1 < steps:
                fresh = torch.randn(8, *trained.LATENT_SHAPE, generator=generator).to(device)
                x, _ = diffusion.add_noise(x0, fresh, alpha_bars[timesteps[i + 1]].expand(8))
        rows.append(parts.pictures(x0))
    return torch.cat(rows)
