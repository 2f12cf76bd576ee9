"""What the companions in latent space share: they start from the finished denoiser, and keep its text encoder."""

import argparse
from abc import abstractmethod
from collections.abc import Callable
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
from networks import CaptionedPredictor
from networks.autoencoder import LATENT_CHANNELS
from networks.text_encoder import WIDTH
from tokenizer import LENGTH
from train_denoiser import LEVELS


def started_from(parts: trained.Trained, predictor: CaptionedPredictor) -> CaptionedPredictor:
    """The predictor with the trained one's weights; at conditions the UNet does not look at first.

    Prior and recognizer stay as they are.
    """
    predictor.caption_prior.requires_grad_(False)
    predictor.recognizer.requires_grad_(False)
    weights = parts.predictor.state_dict()
    weight = weights["unet.enter.weight"]
    added = weight.new_zeros(len(weight), predictor.conditions, *weight.shape[2:])
    weights["unet.enter.weight"] = torch.cat([weight, added], 1)
    predictor.load_state_dict(weights)
    return predictor


class ConcatenatedTask(training_loop.Task):
    """Fine-tunes the predictor to look at conditions that are concatenated with the noisy latents."""

    predictor: Callable[[], CaptionedPredictor]
    """Makes what is trained."""
    matrix_rate = 2e-3

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = CaptionedScenes(options, device, caption_dropout=0.15)
        self.encode = LatentEncoder(options, device)
        parts = trained.load(options.work, device)
        self.text_encoder = parts.text_encoder
        self.model = started_from(parts, type(self).predictor())

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    @abstractmethod
    def condition(self, scenes: list[Scene], pictures: torch.Tensor) -> torch.Tensor:
        """The channels to concatenate, [B, C, 16, 16]."""

    def draw(self) -> tuple[list[Scene], torch.Tensor, torch.Tensor]:
        """Scenes, their pictures and token ids."""
        return self.data.draw(self.options.batch, self.rng)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
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


def export_predictor(work: Path, out: Path, name: str, predictor: CaptionedPredictor, scheduler: dict) -> None:
    """Writes a companion's UNet, which it checks, and the configurations of UNet and scheduler."""
    predictor = trained.averaged(work, name, predictor, unfinished=True)
    channels, generator = LATENT_CHANNELS + predictor.conditions, torch.Generator().manual_seed(0)

    def example(batch: int, height: int, width: int) -> dict[str, torch.Tensor]:
        return {"sample": torch.randn(batch, channels, height, width, generator=generator),
                "timestep": 999 * torch.rand(batch, generator=generator),
                "encoder_hidden_states": torch.randn(batch, LENGTH, WIDTH, generator=generator)}

    axes = {"sample": PICTURE_AXES, "timestep": BATCH_AXIS, "encoder_hidden_states": TEXT_AXES}
    inputs_with_axes = {key: (value, axes[key]) for key, value in example(2, 16, 16).items()}
    model = export_part(predictor, out / "unet", {"out_sample": PICTURE_AXES}, inputs_with_axes)
    check_part(f"{name} unet", model, predictor, example(3, 12, 20))
    write_json(out / "unet/config.json", {**UNET, "in_channels": channels})
    write_json(out / "scheduler/scheduler_config.json", scheduler)
