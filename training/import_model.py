#!/usr/bin/env python3
"""Makes checkpoints out of a model folder, so that training can go on where the work folder of before is lost.

Stages 5 to 8 then go on from these weights with a new budget. The optimizer's state is not in a model folder, and
starts anew. Needs the data (build_data.py), and latents encoded with this encoder (encode_latents.py).
"""

from pathlib import Path

import stage
import torch
import torch.nn as nn

import trained
from export import TextEncoderGraph
from graphs import load_weights
from networks import CaptionedPredictor, Decoder, Encoder, TextEncoder
from networks.autoencoder import LATENT_CHANNELS
from tokenizer import Tokenizer


def read(folder: Path) -> trained.Trained:
    """The networks of a model folder."""
    def load(module: nn.Module, part: str) -> nn.Module:
        load_weights(module, folder / part / "model.onnx")
        return module.eval().requires_grad_(False)

    tokenizer = Tokenizer.load(folder / "tokenizer")
    text_encoder = TextEncoder(len(tokenizer.vocabulary))
    load(TextEncoderGraph(text_encoder, tokenizer.end_id), "text_encoder")
    return trained.Trained(tokenizer, text_encoder, load(CaptionedPredictor(), "unet"), load(Encoder(), "vae_encoder"),
                           load(Decoder(), "vae_decoder"))


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent.parent / "src/DiffusionSharp.Emoji/model")
    options = parser.parse_args()

    def save(name: str, model: nn.Module, **more: torch.Tensor) -> None:
        weights = model.state_dict()
        stage.save_checkpoint(options.work / f"{name}.pt", {
            "model": weights, "ema": weights, "step": 0, "used_seconds": 0.0, "finished": True, "workers": 0,
            "batch": 0, **more})

    parts = read(options.model)
    parts.tokenizer.save(options.work / "tokenizer")
    save("autoencoder", nn.ModuleDict({"encoder": parts.encoder, "decoder": parts.decoder}),
         latent_mean=torch.zeros(LATENT_CHANNELS), latent_deviation=torch.ones(LATENT_CHANNELS))
    predictor = parts.predictor
    save("prior", nn.ModuleDict({"text_encoder": parts.text_encoder, "prior": predictor.caption_prior}))
    save("recognizer", predictor.recognizer)
    save("denoiser", predictor.unet)
    print(f"{options.work} has the weights of {options.model}")


if __name__ == "__main__":
    main()
