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
from networks import CaptionedPredictor, Decoder, Encoder
from networks.autoencoder import LATENT_CHANNELS
from tokenizer import Tokenizer


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent.parent / "src/DiffusionSharp.Emoji/model")
    options = parser.parse_args()

    def load(module: nn.Module, part: str) -> None:
        load_weights(module, options.model / part / "model.onnx")

    def save(name: str, model: nn.Module, **more: torch.Tensor) -> None:
        weights = model.state_dict()
        stage.save_checkpoint(options.work / f"{name}.pt", {
            "model": weights, "ema": weights, "step": 0, "used_seconds": 0.0, "finished": True, "workers": 0,
            "batch": 0, **more})

    tokenizer = Tokenizer.load(options.model / "tokenizer")
    tokenizer.save(options.work / "tokenizer")

    autoencoder = nn.ModuleDict({"encoder": Encoder(), "decoder": Decoder()})
    load(autoencoder["encoder"], "vae_encoder")
    load(autoencoder["decoder"], "vae_decoder")
    save("autoencoder", autoencoder, latent_mean=torch.zeros(LATENT_CHANNELS),
         latent_deviation=torch.ones(LATENT_CHANNELS))

    prior = trained.new_prior(tokenizer)
    predictor = CaptionedPredictor()
    load(TextEncoderGraph(prior["text_encoder"], tokenizer.end_id), "text_encoder")
    load(predictor, "unet")
    prior["prior"] = predictor.caption_prior
    save("prior", prior)
    save("recognizer", predictor.recognizer)
    save("denoiser", predictor.unet)
    print(f"{options.work} has the weights of {options.model}")


if __name__ == "__main__":
    main()
