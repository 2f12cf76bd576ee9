"""What `vq` and `classes-128` have in common: all but the space that they diffuse in, so that the two can be compared.

Labels are dropped for classifier-free guidance (arXiv:2207.12598).
"""

import argparse
import math
from abc import abstractmethod
from pathlib import Path

import stage
import torch

import diffusion
import training_loop
from companions import small_emojis
from companions.pixels import export_unet
from export import VERSION, write_json
from networks.epsilon import EpsilonPredictor
from networks.unet import UNet
from trained import averaged

MINUTES, BATCH = 24, 16
CHANNELS = (32, 64, 96, 112)

_DROPPED = 0.15
_STEPS, _GUIDANCE = 50, 2.0


class LabelledPredictor(EpsilonPredictor):
    """Predicts for a sample, timesteps [B] and classes [B], of which the last is the null class: no label."""

    def evaluate(self, sample: torch.Tensor, timestep: torch.Tensor, class_labels: torch.Tensor) -> torch.Tensor:
        return self.unet(sample, timestep, labels=class_labels)


class LabelledTask(training_loop.Task):
    """The velocity's loss, in a space of so many channels, of a UNet of convolutions alone."""

    channels: int

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.null = len(small_emojis.group_names(options.work))
        self.model = new_model(self.channels, self.null)

    @abstractmethod
    def everything(self) -> torch.Tensor:
        """All emojis, [N, channels, H, W]."""

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.clean = self.everything().to(self.device)
        self.groups = small_emojis.groups(self.options.work).to(self.device)
        self.alpha_bars = diffusion.cosine_alpha_bars().float().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        batch, source = self.options.batch, {"generator": self.generator, "device": self.device}
        emojis = torch.randint(len(self.clean), (batch,), **source)
        clean = self.clean[emojis]
        labels = self.groups[emojis].masked_fill(torch.rand(batch, **source) < _DROPPED, self.null)
        timesteps = diffusion.stratified_timesteps(1, batch, self.generator)
        alpha_bar = self.alpha_bars[timesteps]
        noisy, velocity = diffusion.add_noise(clean, torch.randn(clean.shape, **source), alpha_bar)
        with stage.autocast(self.device, self.options.precision):
            predicted = self.model.velocity(noisy, timesteps, labels).float()
        return diffusion.velocity_loss(predicted, velocity, alpha_bar)


def new_model(channels: int, classes: int) -> LabelledPredictor:
    """The predictor, untrained."""
    unet = UNet(channels, channels, CHANNELS, context_width=0, classes=classes + 1, attends=False)
    return LabelledPredictor(unet, channels, diffusion.cosine_alpha_bars())


def export(task: type[LabelledTask], work: Path, out: Path, side: int, clips: bool) -> None:
    """Writes UNet, scheduler, classes, and training.json: how many pictures were trained on in how much time."""
    names = small_emojis.group_names(work)
    predictor = averaged(work, task.name, new_model(task.channels, len(names)))
    export_unet(task.name, predictor, out, side, task.channels, labels=len(names) + 1)
    write_json(out / "unet/config.json", {
        "_class_name": "UNet2DModel", **VERSION, "sample_size": side, "in_channels": task.channels,
        "out_channels": task.channels, "block_out_channels": list(CHANNELS), "layers_per_block": 1,
        "num_class_embeds": len(names) + 1,
    })
    write_json(out / "scheduler/scheduler_config.json", {
        "_class_name": "DDIMScheduler", **VERSION, "num_train_timesteps": diffusion.TRAIN_STEPS,
        "beta_schedule": "squaredcos_cap_v2", "prediction_type": "epsilon", "clip_sample": clips,
        "set_alpha_to_one": True, "steps_offset": 0, "timestep_spacing": "trailing",
    })
    write_json(out / "classes.json", {"classes": names, "null_class": len(names)})
    state = stage.load_finished(work / f"{task.name}.pt")
    write_json(out / "training.json", {
        "seconds": round(state["used_seconds"]), "processor_seconds": round(state["processor_seconds"]),
        "steps": state["step"], "pictures": state["step"] * state["batch"],
    })


@torch.no_grad()
def draw(task: type[LabelledTask], work: Path, device: torch.device, seed: int, side: int,
         clips: bool) -> torch.Tensor:
    """Eight samples of each class with classifier-free guidance, [8 classes, channels, side, side]."""
    null = len(small_emojis.group_names(work))
    predictor = averaged(work, task.name, new_model(task.channels, null), device, unfinished=True)
    labels = torch.arange(null, device=device).repeat_interleave(8)
    both = torch.cat([torch.full_like(labels, null), labels])
    generator = torch.Generator().manual_seed(seed)

    def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
        without, with_label = predictor(torch.cat([x, x]), torch.cat([timesteps, timesteps]), both).chunk(2)
        return without + _GUIDANCE * (with_label - without)

    noise = torch.randn(len(labels), task.channels, side, side, generator=generator).to(device)
    return diffusion.ddim_trailing(predict, noise, _STEPS, diffusion.cosine_alpha_bars(), 1.0 if clips else math.inf)
