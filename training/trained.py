"""The trained parts, as the checkpoints in the work folder have them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import stage
import torch
import torch.nn as nn

from data.dataset import SIZE
from networks import CaptionedPredictor, Decoder, Encoder, LatentPrior, TextEncoder
from networks.autoencoder import FACTOR, LATENT_CHANNELS, standardize
from tokenizer import Tokenizer

LATENT_SHAPE = (LATENT_CHANNELS, SIZE // FACTOR, SIZE // FACTOR)


@dataclass(frozen=True)
class Trained:
    """The networks in evaluation mode, with averaged (EMA) parameters."""

    tokenizer: Tokenizer
    text_encoder: TextEncoder
    predictor: CaptionedPredictor
    encoder: Encoder
    decoder: Decoder

    def context(self, prompts: list[str]) -> torch.Tensor:
        """The hidden states of prompts, [B, 32, 192]."""
        device = next(self.text_encoder.parameters()).device
        return self.text_encoder(torch.tensor([self.tokenizer.encode(p) for p in prompts], device=device))

    def pictures(self, latents: torch.Tensor) -> torch.Tensor:
        """Latents as pictures, uint8 [B, 3, 128, 128]."""
        return to_bytes(self.decoder(latents))


def to_bytes(pictures: torch.Tensor) -> torch.Tensor:
    """Pictures in [-1, 1] as uint8, on the CPU."""
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round().byte().cpu()


def guided(predictor: nn.Module, context: torch.Tensor, unconditional: torch.Tensor, guidance: float,
           *extra: torch.Tensor) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Classifier-free guidance (arXiv:2207.12598): epsilon for a sample and timesteps; extra channels follow it."""
    if guidance == 1:
        return lambda x, timesteps: predictor(torch.cat([x, *extra], 1), timesteps, context)
    both = torch.cat([unconditional.expand_as(context), context])

    def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
        sample = torch.cat([x, *extra], 1)
        without, with_caption = predictor(torch.cat([sample, sample]), torch.cat([timesteps, timesteps]), both).chunk(2)
        return without + guidance * (with_caption - without)

    return predict


def averaged(work: Path, name: str, model: nn.Module, device: torch.device = torch.device("cpu"),
             unfinished: bool = False) -> nn.Module:
    """The model in evaluation mode, with averaged (EMA) parameters; exits where it is not finished, unless allowed."""
    path = work / f"{name}.pt"
    state = stage.load_checkpoint(path, device) if unfinished else None
    state = state or stage.load_finished(path, device)
    model.load_state_dict(state["ema"])
    return model.to(device).eval().requires_grad_(False)


def new_prior(tokenizer: Tokenizer) -> nn.ModuleDict:
    """The text encoder and the prior, untrained."""
    return nn.ModuleDict({"text_encoder": TextEncoder(len(tokenizer.vocabulary)), "prior": LatentPrior()})


def load_prior(work: Path, device: torch.device) -> tuple[TextEncoder, LatentPrior]:
    """The finished text encoder and prior."""
    model = averaged(work, "prior", new_prior(Tokenizer.load(work / "tokenizer")), device)
    return model["text_encoder"], model["prior"]


def load_recognizer(work: Path, device: torch.device) -> tuple[TextEncoder, CaptionedPredictor]:
    """The finished text encoder, and a predictor with the finished prior and recognizer and an untrained UNet."""
    predictor = CaptionedPredictor()
    text_encoder, predictor.caption_prior = load_prior(work, device)
    averaged(work, "recognizer", predictor.recognizer, device)
    return text_encoder, predictor.to(device).eval()


def load_autoencoder(work: Path, device: torch.device) -> tuple[Encoder, Decoder]:
    """The finished KL autoencoder, of latents with mean 0 and deviation 1 in each channel."""
    state = stage.load_finished(work / "autoencoder.pt", device)
    model = nn.ModuleDict({"encoder": Encoder(), "decoder": Decoder()})
    model.load_state_dict(state["ema"])
    model.to(device).eval().requires_grad_(False)
    standardize(model["encoder"], model["decoder"], state["latent_mean"], state["latent_deviation"])
    return model["encoder"], model["decoder"]


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> Trained:
    """Loads all networks; exits where one is missing or, unless allowed, not finished.

    The decoder is the autoencoder's until there is one that was trained on what the denoiser makes.
    """
    encoder, decoder = load_autoencoder(work, device)
    if (work / "decoder.pt").exists():
        decoder = averaged(work, "decoder", decoder, device, unfinished)
    text_encoder, predictor = load_recognizer(work, device)
    averaged(work, "denoiser", predictor.unet, device, unfinished)
    return Trained(Tokenizer.load(work / "tokenizer"), text_encoder, predictor, encoder, decoder)
