"""The first stage of `vq`: an autoencoder with a codebook (arXiv:1711.00937), of emojis on white.

What is encoded of a place is replaced by the nearest entry of the codebook, which is a part of the decoder.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import stage
import torch
import torch.nn as nn

import trained
from companions import small_emojis
from data.dataset import SIZE
from networks import Decoder, Encoder
from networks.autoencoder import LATENT_CHANNELS, standardize
from networks.quantizer import Quantizer
from train_autoencoder import AutoencoderTask
from trained import to_bytes

MINUTES, BATCH = 8, 4

_FIRST = 400  # pictures, of whose latents the codebook is made
_NUDGED, _NUDGE = 32, 0.1
_CHUNK = 32


class Task(AutoencoderTask):
    """Latents out of a codebook, starting from the KL variant."""

    name = "autoencoder-vq"
    matrix_rate = 2e-3

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        encoder, decoder = trained.load_autoencoder(options.work, torch.device("cpu"))
        self.model = new_model()
        self.model["encoder"].load_state_dict(means_of(encoder))
        self.model["decoder"].load_state_dict(decoder.state_dict())
        self.white = small_emojis.pictures(options.work, size=SIZE)
        some = torch.randperm(len(self.white), generator=torch.Generator().manual_seed(0))[:_FIRST]
        latents = encode(self.model["encoder"], self.white[some])
        self.model["quantizer"].start(latents, importance(decoder, latents[:_NUDGED]))

    def draw(self) -> torch.Tensor:
        return self.white[torch.randint(len(self.white), (self.options.batch,), generator=self.generator)]

    def every(self) -> Iterable[torch.Tensor]:
        return self.white.split(_CHUNK)

    def reconstruct(self, model: nn.Module, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        quantized, loss = model["quantizer"].train_step(model["encoder"](target).float())
        return model["decoder"](quantized), loss

    def latents(self, model: nn.Module, target: torch.Tensor) -> torch.Tensor:
        return model["encoder"](target)

    def decode(self, model: nn.Module, latents: torch.Tensor) -> torch.Tensor:
        return model["decoder"](model["quantizer"](latents))

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """Also how many entries of the codebook are the nearest to anything."""
        numbers = torch.cat([ema["quantizer"].numbers(ema["encoder"](pictures)) for pictures in self.every()])
        return {**super().measure(ema), "entries_used": float(len(numbers.unique()))}


class QuantizingDecoder(nn.Module):
    """Latents [B, 8, h, w] to pictures, by way of the codebook."""

    def __init__(self, quantizer: Quantizer, decoder: Decoder):
        super().__init__()
        self.quantizer = quantizer
        self.decoder = decoder

    def forward(self, latent_sample: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.quantizer(latent_sample))


def new_model() -> nn.ModuleDict:
    """Encoder, codebook and decoder, untrained."""
    return nn.ModuleDict({"encoder": Encoder(LATENT_CHANNELS), "quantizer": Quantizer(), "decoder": Decoder()})


def means_of(encoder: Encoder) -> dict[str, torch.Tensor]:
    """The weights of a KL variant's encoder without its log-variances."""
    ends = ("linear.", "leave.", "net.8.")
    return {key: value[:LATENT_CHANNELS] if key.startswith(ends) else value
            for key, value in encoder.state_dict().items()}


@torch.no_grad()
def encode(encoder: Encoder, pictures: torch.Tensor) -> torch.Tensor:
    """The latents of pictures, before the codebook, [N, 8, h, w]."""
    return torch.cat([encoder(chunk) for chunk in pictures.split(_CHUNK)])


@torch.no_grad()
def importance(decoder: Decoder, latents: torch.Tensor) -> torch.Tensor:
    """How much pictures change with each channel of latents, [8], of mean 1."""
    before, changes = decoder(latents), []
    for channel in range(LATENT_CHANNELS):
        nudged = latents.clone()
        nudged[:, channel] += _NUDGE
        changes.append((decoder(nudged) - before).pow(2).mean().sqrt())
    changes = torch.stack(changes)
    return changes / changes.mean()


def load(work: Path, device: torch.device) -> tuple[Encoder, QuantizingDecoder]:
    """The encoder and the decoder, of latents with mean 0 and deviation 1 in each channel."""
    state = stage.load_finished(work / f"{Task.name}.pt", device)
    model = new_model()
    model.load_state_dict(state["ema"])
    model.to(device).eval().requires_grad_(False)
    statistics = state["latent_mean"], state["latent_deviation"]
    standardize(model["encoder"], model["decoder"], *statistics)
    model["quantizer"].standardize(*statistics)
    return model["encoder"], QuantizingDecoder(model["quantizer"], model["decoder"])


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: pictures, and what comes back."""
    encoder, decoder = load(work, device)
    white = small_emojis.pictures(work, size=SIZE)
    some = torch.randperm(len(white), generator=torch.Generator().manual_seed(seed))[:16]
    pictures = white[some].to(device)
    returned = decoder(encode(encoder, pictures))
    return torch.cat([to_bytes(part) for pair in zip(pictures.split(8), returned.split(8)) for part in pair])
