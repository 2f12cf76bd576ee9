"""What the companions in latent space share: they start from the finished denoiser, and keep its text encoder."""

import argparse
from abc import abstractmethod
from pathlib import Path

import stage
import torch

import diffusion
import trained
import training_loop
from conditioning import CaptionedScenes, LatentEncoder
from data.scenes import Scene
from export import UNET, write_json
from graphs import BATCH_AXIS, PICTURE_AXES, TEXT_AXES, check_part, export_part
from networks.epsilon import EpsilonPredictor
from networks.unet import UNet
from tokenizer import LENGTH
from train_denoiser import LEVELS

_CONTEXT_WIDTH = 192


def extended_predictor(parts: trained.Trained, inputs: int) -> EpsilonPredictor:
    """The trained predictor with more input channels, which at first it does not look at."""
    predictor = EpsilonPredictor(UNet(inputs))
    weights = parts.predictor.state_dict()
    missing = inputs - weights["unet.enter.weight"].shape[1]
    if missing:
        weight = weights["unet.enter.weight"]
        weights["unet.enter.weight"] = torch.cat([weight, weight.new_zeros(weight.shape[0], missing, 3, 3)], 1)
    predictor.load_state_dict(weights)
    return predictor


class ConcatenatedTask(training_loop.Task):
    """Fine-tunes the predictor to look at conditions that are concatenated with the noisy latents."""

    inputs: int
    matrix_rate = 2e-3

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = CaptionedScenes(options, device, caption_dropout=0.15)
        self.encode = LatentEncoder(options, device)
        parts = trained.load(options.work, device)
        self.text_encoder = parts.text_encoder
        self.model = extended_predictor(parts, self.inputs)

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    @abstractmethod
    def condition(self, scenes: list[Scene], pictures: torch.Tensor) -> torch.Tensor:
        """The channels to concatenate, [B, inputs - 4, 16, 16]."""

    def draw(self) -> tuple[list[Scene], torch.Tensor, torch.Tensor]:
        """Scenes, their pictures and token ids."""
        return self.data.draw(self.options.batch, self.rng)

    def loss(self) -> tuple[torch.Tensor, float]:
        scenes, pictures, ids = self.draw()
        timesteps = diffusion.stratified_timesteps(self.options.batch, LEVELS, self.generator)
        alpha_bar = self.alpha_bars[timesteps]
        with torch.no_grad():
            latents = self.encode(pictures, self.generator).repeat_interleave(LEVELS, 0)
            noise = torch.randn(latents.shape, generator=self.generator, device=self.device)
            noisy, velocity = diffusion.add_noise(latents, noise, alpha_bar)
            condition = self.condition(scenes, pictures).repeat_interleave(LEVELS, 0)
            context = self.text_encoder(ids).repeat_interleave(LEVELS, 0)
        sample = torch.cat([noisy, condition], 1).contiguous(memory_format=torch.channels_last)
        with stage.autocast(self.device, self.options.precision):
            predicted = self.model.velocity(sample, timesteps, context).float()
        return diffusion.velocity_loss(predicted, velocity, alpha_bar)


def load_predictor(work: Path, name: str, inputs: int, device: torch.device) -> EpsilonPredictor:
    """The companion with averaged (EMA) parameters; it may be unfinished."""
    return trained.averaged(work, name, EpsilonPredictor(UNet(inputs)), device, unfinished=True)


def export_predictor(work: Path, out: Path, name: str, inputs: int, scheduler: dict) -> None:
    """Writes a companion's UNet, which it checks, and the configurations of UNet and scheduler."""
    predictor, generator = load_predictor(work, name, inputs, torch.device("cpu")), torch.Generator().manual_seed(0)

    def example(batch: int, height: int, width: int) -> dict[str, torch.Tensor]:
        return {"sample": torch.randn(batch, inputs, height, width, generator=generator),
                "timestep": 999 * torch.rand(batch, generator=generator),
                "encoder_hidden_states": torch.randn(batch, LENGTH, _CONTEXT_WIDTH, generator=generator)}

    axes = {"sample": PICTURE_AXES, "timestep": BATCH_AXIS, "encoder_hidden_states": TEXT_AXES}
    inputs_with_axes = {key: (value, axes[key]) for key, value in example(2, 16, 16).items()}
    model = export_part(predictor, out / "unet", {"out_sample": PICTURE_AXES}, inputs_with_axes)
    check_part(f"{name} unet", model, predictor, example(3, 12, 20))
    write_json(out / "unet/config.json", {**UNET, "in_channels": inputs})
    write_json(out / "scheduler/scheduler_config.json", scheduler)
