"""The trained parts, as the checkpoints in the work folder have them."""

from dataclasses import dataclass
from pathlib import Path

import torch

import stage
from networks import Decoder, Encoder, TextEncoder, UNet
from tokenizer import Tokenizer
from train_denoiser import new_denoiser


@dataclass(frozen=True)
class Trained:
    """The four networks in evaluation mode, the denoiser's with averaged (EMA) parameters."""

    tokenizer: Tokenizer
    text_encoder: TextEncoder
    unet: UNet
    encoder: Encoder
    decoder: Decoder
    scaling_factor: float


def load(work: Path, device: torch.device) -> Trained:
    """Loads all checkpoints; exits where the autoencoder or the denoiser is missing."""
    autoencoder = stage.load_checkpoint(work / "autoencoder.pt", device)
    denoiser = stage.load_checkpoint(work / "denoiser.pt", device)
    if autoencoder is None or denoiser is None:
        raise SystemExit(f"{work} lacks autoencoder.pt or denoiser.pt: train both first.")
    tokenizer = Tokenizer.load(work / "tokenizer")
    encoder, decoder, model = Encoder(), Decoder(), new_denoiser(len(tokenizer.vocabulary))
    encoder.load_state_dict(autoencoder["encoder"])
    decoder.load_state_dict(autoencoder["decoder"])
    model.load_state_dict(denoiser["ema"])
    for module in (encoder, decoder, model):
        module.to(device).eval().requires_grad_(False)
    return Trained(tokenizer, model["text_encoder"], model["unet"], encoder, decoder, denoiser["scaling_factor"])
