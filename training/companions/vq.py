"""The VQ variant of the autoencoder: what its encoder says is replaced by the nearest entries of a codebook."""

import argparse
import random
from pathlib import Path

import stage
import torch
import torch.nn as nn

from data import dataset
from data.dataset import SIZE
from data.scenes import SceneMaker
from export import AUTOENCODER, VERSION, write_json
from graphs import PICTURE_AXES, check_part, export_part
from networks import Decoder, Encoder
from networks.autoencoder import FACTOR, LATENT_CHANNELS
from networks.quantizer import Quantizer
from train_autoencoder import AutoencoderTask
from trained import to_bytes

MINUTES, BATCH = 4, 8


def new_model() -> nn.ModuleDict:
    """Encoder, codebook and decoder, untrained."""
    return nn.ModuleDict({"encoder": Encoder(LATENT_CHANNELS), "quantizer": Quantizer(), "decoder": Decoder()})


class Task(AutoencoderTask):
    """Latents out of a codebook (arXiv:1711.00937), starting from the KL variant."""

    name = "autoencoder-vq"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.model = new_model()
        start = stage.load_finished(options.work / "autoencoder.pt")
        ends = ("encoder.linear.", "encoder.leave.", "encoder.net.8.")
        weights = {key: value[:LATENT_CHANNELS] if key.startswith(ends) else value
                   for key, value in start["ema"].items()}
        self.model.load_state_dict(weights, strict=False)

    def reconstruct(self, model: nn.Module, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        quantized, loss = model["quantizer"].train_step(model["encoder"](target).float())
        return model["decoder"](quantized), loss

    def latents(self, model: nn.Module, target: torch.Tensor) -> torch.Tensor:
        return model["quantizer"](model["encoder"](target))


class QuantizingDecoder(nn.Module):
    """Latents [B, 8, h, w] to pictures, by way of the codebook."""

    def __init__(self, quantizer: Quantizer, decoder: Decoder):
        super().__init__()
        self.quantizer = quantizer
        self.decoder = decoder

    def forward(self, latent_sample: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.quantizer(latent_sample))


def load(work: Path, device: torch.device) -> tuple[Encoder, QuantizingDecoder]:
    """The encoder and the decoder."""
    state = stage.load_finished(work / f"{Task.name}.pt", device)
    model = new_model()
    model.load_state_dict(state["ema"])
    model.to(device).eval().requires_grad_(False)
    return model["encoder"], QuantizingDecoder(model["quantizer"], model["decoder"])


def export(work: Path, out: Path) -> None:
    """Writes encoder and decoder, and checks them."""
    encoder, decoder = load(work, torch.device("cpu"))
    generator = torch.Generator().manual_seed(0)
    for name, module, (given, channels, size), result in (
            ("vae_encoder", encoder, ("sample", 3, SIZE), "latent_sample"),
            ("vae_decoder", decoder, ("latent_sample", LATENT_CHANNELS, SIZE // FACTOR), "sample")):
        example = torch.randn(2, channels, size, size, generator=generator)
        other = torch.randn(3, channels, size // 2, 2 * size, generator=generator)
        model = export_part(module, out / name, {result: PICTURE_AXES}, {given: (example, PICTURE_AXES)})
        check_part(f"vq {name}", model, module, {given: other})
        write_json(out / name / "config.json", {
            "_class_name": "VQModel", **VERSION, **AUTOENCODER, "num_vq_embeddings": 1024,
            "vq_embed_dim": LATENT_CHANNELS, "scaling_factor": 1.0,
        })


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: pictures, and what comes back."""
    encoder, decoder = load(work, device)
    scenes, rng = SceneMaker(dataset.load_emojis(work)), random.Random(seed)
    pictures = dataset.Pictures(work).render([scenes.draw(rng) for _ in range(16)]).to(device)
    returned = decoder(encoder(pictures))
    return torch.cat([to_bytes(part) for pair in zip(pictures.split(8), returned.split(8)) for part in pair])
