"""Imagen's first stage, small: a caption to 32x32 pixels, with learned variances and dynamic thresholding.

Sources: Imagen (arXiv:2205.11487), whose form is DeepFloyd IF's; Improved DDPM (arXiv:2102.09672). `pixels-prior` comes
first.
"""

import argparse
import random
from pathlib import Path

import stage
import torch
import torch.nn as nn
import torch.nn.functional as F

import diffusion
import training_loop
from companions import captioned_emojis, classes, pixels_prior
from companions.captioned_emojis import CaptionedEmojis
from companions.learned_variance import VariationalBound, ancestral, dynamic_threshold
from export import VERSION, write_json
from graphs import BATCH_AXIS, TEXT_AXES, check_part, export_part
from networks.captioned_pixels import CHANNELS, SIZE, CaptionedPixels
from networks.t5_encoder import LENGTH, WIDTH, T5Encoder
from t5_tokenizer import T5Tokenizer
from trained import averaged, to_bytes

MINUTES, BATCH = 25, 12
_RATIO, _LARGEST = 0.95, 1.5
SCHEDULER = {**classes.SCHEDULER, "thresholding": True, "dynamic_thresholding_ratio": _RATIO,
             "sample_max_value": _LARGEST}

# What the text encoder and the prior cost is shared by so many noise levels of a picture.
_LEVELS = 2
# A name leaves little open, and the prior knows that; of what keywords leave open, the UNet has to make one picture.
_KEYWORDS = 0.4
_STEPS = 20
# Of the names, one in so many.
_MEASURED = 8


class Pixels:
    """Tokenizer, text encoder and predictor."""

    def __init__(self, tokenizer: T5Tokenizer, text_encoder: T5Encoder, predictor: CaptionedPixels):
        self.tokenizer = tokenizer
        self.text_encoder = text_encoder
        self.predictor = predictor

    def context(self, prompts: list[str]) -> torch.Tensor:
        """The hidden states of prompts, [B, 77, 128]: the UNet attends to padding, too, of which there is as much later."""
        ids, mask = (x.to(next(self.text_encoder.parameters()).device) for x in self.tokenizer.batch(prompts))
        return F.pad(self.text_encoder(ids, mask), (0, 0, 0, LENGTH - ids.shape[1]))

    @torch.no_grad()
    def draw(self, prompts: list[str], generator: torch.Generator, guidance: float = 1,
             steps: int = _STEPS) -> torch.Tensor:
        """Pictures of prompts, uint8 [B, 3, 32, 32], with classifier-free guidance (arXiv:2207.12598)."""
        context, without = self.context(prompts), self.context([""] * len(prompts))

        def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
            told = self.predictor(x, timesteps, context)
            if guidance == 1:
                return told
            untold = self.predictor(x, timesteps, without)
            return torch.cat([untold[:, :3] + guidance * (told[:, :3] - untold[:, :3]), told[:, 3:]], 1)

        noise = torch.randn(len(prompts), 3, SIZE, SIZE, generator=generator).to(context.device)
        return to_bytes(ancestral(predict, diffusion.cosine_alpha_bars(), noise, steps, generator,
                                  lambda x0: dynamic_threshold(x0, _RATIO, _LARGEST)))


def told(work: Path, device: torch.device = torch.device("cpu")) -> Pixels:
    """With the trained text encoder and prior, and an untrained UNet."""
    prior, predictor = pixels_prior.load(work, device), CaptionedPixels()
    predictor.caption_prior = prior["prior"]
    return Pixels(captioned_emojis.tokenizer(work), prior["text_encoder"], predictor.to(device))


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> Pixels:
    """All that is trained."""
    pixels = told(work, device)
    averaged(work, Task.name, pixels.predictor.unet, device, unfinished)
    return pixels


class Task(training_loop.Task):
    """The velocity's loss, and the variational bound for the variance only; what captions say stays as it is."""

    name = "pixels"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.pixels = told(options.work, device)
        self.model = self.pixels.predictor.unet

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.data = CaptionedEmojis(self.options.work)
        alpha_bars = diffusion.cosine_alpha_bars()
        self.bound = VariationalBound(alpha_bars, self.device)
        self.alpha_bars = alpha_bars.float().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        pictures, captions = self.data.draw(self.options.batch, self.rng, _KEYWORDS)
        clean = pictures.to(self.device).repeat_interleave(_LEVELS, 0)
        timesteps = diffusion.stratified_timesteps(self.options.batch, _LEVELS, self.generator)
        noise = torch.randn(clean.shape, generator=self.generator, device=self.device)
        noisy, velocity = diffusion.add_noise(clean, noise, self.alpha_bars[timesteps])
        with stage.autocast(self.device, self.options.precision):
            context = self.pixels.context(pixels_prior.dropped(captions, self.rng)).repeat_interleave(_LEVELS, 0)
            predicted, v = self.pixels.predictor.velocity(noisy, timesteps, context).float().chunk(2, 1)
        return self.bound.loss(predicted, v, velocity, noisy, clean, timesteps)

    def measure(self, ema: nn.Module) -> dict[str, object]:
        """How many pictures, drawn without guidance, are nearest to what was asked for: of some names, and of
        backgrounds held out."""
        self.pixels.predictor.unet = ema
        generator = torch.Generator().manual_seed(1)
        return pixels_prior.measured(self.data, lambda prompts: self.pixels.draw(prompts, generator), _MEASURED)


def export(work: Path, out: Path) -> None:
    """Writes the model folder, and checks both graphs at another batch size and length than they were traced with."""
    pixels = load(work)
    generator = torch.Generator().manual_seed(0)

    def text(batch: int, length: int) -> dict[str, torch.Tensor]:
        ids = torch.randint(len(pixels.tokenizer), (batch, length), generator=generator)
        return {"input_ids": ids, "attention_mask": (torch.arange(length) < length // 2).long().expand(batch, -1)}

    def noisy(batch: int, length: int) -> dict[str, torch.Tensor]:
        return {"sample": torch.randn(batch, 3, SIZE, SIZE, generator=generator),
                "timestep": 999 * torch.rand(batch, generator=generator),
                "encoder_hidden_states": torch.randn(batch, length, WIDTH, generator=generator)}

    axes = {"input_ids": TEXT_AXES, "attention_mask": TEXT_AXES, "encoder_hidden_states": TEXT_AXES,
            "sample": BATCH_AXIS, "timestep": BATCH_AXIS}
    for name, network, examples, outputs in (
            ("text_encoder", pixels.text_encoder, text, {"last_hidden_state": TEXT_AXES}),
            ("unet", pixels.predictor.eval(), noisy, {"out_sample": BATCH_AXIS})):
        inputs = {key: (example, axes[key]) for key, example in examples(2, LENGTH).items()}
        model = export_part(network, out / name, outputs, inputs)
        check_part(f"pixels {name}", model, network, examples(3, 20))
    _write_configuration(out, pixels.tokenizer)


def _write_configuration(out: Path, tokenizer: T5Tokenizer) -> None:
    write_json(out / "model_index.json", {
        "_class_name": "IFPipeline", **VERSION, "text_encoder": ["optimum", "ORTModelTextEncoder"],
        "tokenizer": ["transformers", "T5Tokenizer"], "unet": ["optimum", "ORTModelUnet"],
        "scheduler": ["diffusers", "DDPMScheduler"], "safety_checker": [None, None], "feature_extractor": [None, None],
        "watermarker": [None, None], "requires_safety_checker": False,
        "num_inference_steps": 20, "guidance_scale": 1.0,
    })
    write_json(out / "text_encoder/config.json", {
        "architectures": ["T5EncoderModel"], "model_type": "t5", "d_model": WIDTH, "num_layers": 3, "num_heads": 4,
        "vocab_size": len(tokenizer), "pad_token_id": 0, "eos_token_id": 1,
    })
    write_json(out / "unet/config.json", {
        "_class_name": "UNet2DConditionModel", **VERSION, "sample_size": SIZE, "in_channels": 3, "out_channels": 6,
        "cross_attention_dim": WIDTH, "block_out_channels": list(CHANNELS), "layers_per_block": 1,
    })
    write_json(out / "scheduler/scheduler_config.json", SCHEDULER)
    tokenizer.save(out / "tokenizer")


def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Sixteen names, sixteen backgrounds that training never showed, and, a row each, vaguer prompts; uint8
    [64, 3, 32, 32]."""
    pixels, data, rng = load(work, device, unfinished=True), CaptionedEmojis(work), random.Random(seed)
    prompts = [emoji.name for emoji in rng.sample(data.emojis, 16)]
    prompts += [data.prompt(scene) for scene in data.held_out(16, seed)]
    prompts += [prompt for prompt in ("fruit", "animal, face", "vehicle on a blue background", "") for _ in range(8)]
    return pixels.draw(prompts, torch.Generator().manual_seed(seed))
