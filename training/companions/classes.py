"""Emoji groups as classes: 32x32 pixels without an autoencoder, with learned variances.

Sources: Improved DDPM (arXiv:2102.09672) and ADM (arXiv:2105.05233); labels are dropped for classifier-free guidance
(arXiv:2207.12598).
"""

import argparse
from pathlib import Path

import stage
import torch

import diffusion
import training_loop
from companions import small_emojis
from companions.labelled import LabelledPredictor
from companions.learned_variance import VariationalBound, ancestral
from companions.pixels import export_unet
from export import VERSION, write_json
from networks.unet import UNet
from trained import averaged, to_bytes

MINUTES, BATCH = 30, 16
CHANNELS = (32, 48, 96)
SCHEDULER = {
    "_class_name": "DDPMScheduler", **VERSION, "num_train_timesteps": diffusion.TRAIN_STEPS,
    "beta_schedule": "squaredcos_cap_v2", "prediction_type": "epsilon", "variance_type": "learned_range",
    "clip_sample": True, "clip_sample_range": 1.0, "steps_offset": 0, "timestep_spacing": "leading",
}

_DROPPED = 0.15
_STEPS, _GUIDANCE = 50, 2.0


class ClassPredictor(LabelledPredictor):
    """Epsilon and the variance's v, [B, 6, H, W], of a sample [B, 3, H, W], timesteps [B] and classes [B].

    The last class is the null class: no label.
    """

    def __init__(self, classes: int):
        super().__init__(UNet(3, 6, CHANNELS, context_width=0, classes=classes + 1), 3, diffusion.cosine_alpha_bars())


class Task(training_loop.Task):
    """The velocity's loss, and the variational bound for the variance only."""

    name = "classes"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.null = len(small_emojis.group_names(options.work))
        self.model = ClassPredictor(self.null)

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.pictures = small_emojis.pictures(self.options.work).to(self.device)
        self.groups = small_emojis.groups(self.options.work).to(self.device)
        alpha_bars = diffusion.cosine_alpha_bars()
        self.bound = VariationalBound(alpha_bars, self.device)
        self.alpha_bars = alpha_bars.float().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        batch, random = self.options.batch, {"generator": self.generator, "device": self.device}
        emojis = torch.randint(len(self.pictures), (batch,), **random)
        clean = self.pictures[emojis]
        labels = self.groups[emojis].masked_fill(torch.rand(batch, **random) < _DROPPED, self.null)
        timesteps = diffusion.stratified_timesteps(1, batch, self.generator)
        noisy, velocity = diffusion.add_noise(clean, torch.randn(clean.shape, **random), self.alpha_bars[timesteps])
        with stage.autocast(self.device, self.options.precision):
            predicted, v = self.model.velocity(noisy, timesteps, labels).float().chunk(2, 1)
        return self.bound.loss(predicted, v, velocity, noisy, clean, timesteps)


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> ClassPredictor:
    """The trained predictor."""
    return averaged(work, Task.name, ClassPredictor(len(small_emojis.group_names(work))), device, unfinished)


def export(work: Path, out: Path) -> None:
    """Writes the model folder, and checks the graph at another batch size and picture size than it was traced with."""
    names, predictor = small_emojis.group_names(work), load(work)
    export_unet("classes", predictor, out, small_emojis.SIZE, channels=3, labels=len(names) + 1)
    write_json(out / "model_index.json", {
        "_class_name": "DDPMPipeline", **VERSION, "unet": ["optimum", "ORTModelUnet"],
        "scheduler": ["diffusers", "DDPMScheduler"],
    })
    write_json(out / "unet/config.json", {
        "_class_name": "UNet2DModel", **VERSION, "sample_size": small_emojis.SIZE, "in_channels": 3, "out_channels": 6,
        "block_out_channels": list(CHANNELS), "layers_per_block": 1, "num_class_embeds": len(names) + 1,
    })
    write_json(out / "scheduler/scheduler_config.json", SCHEDULER)
    write_json(out / "classes.json", {"classes": names, "null_class": len(names)})


def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Eight pictures of each class, with classifier-free guidance, uint8 [8 classes, 3, 32, 32]."""
    predictor = load(work, device, unfinished=True)
    null = len(small_emojis.group_names(work))
    labels = torch.arange(null, device=device).repeat_interleave(8)
    both = torch.cat([torch.full_like(labels, null), labels])
    generator = torch.Generator().manual_seed(seed)

    def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
        without, with_label = predictor(torch.cat([x, x]), torch.cat([timesteps, timesteps]), both).chunk(2)
        epsilon = without[:, :3] + _GUIDANCE * (with_label[:, :3] - without[:, :3])
        return torch.cat([epsilon, with_label[:, 3:]], 1)

    noise = torch.randn(len(labels), 3, small_emojis.SIZE, small_emojis.SIZE, generator=generator)
    return to_bytes(ancestral(predict, diffusion.cosine_alpha_bars(), noise.to(device), _STEPS, generator))
