#!/usr/bin/env python3
"""Stage 9: the model folder, in optimum's ONNX dialect, checked against PyTorch on random inputs.

Weights are stored as float16 and cast to float32 when the model is loaded; all arithmetic is float32.
"""

import json
from pathlib import Path

import stage
import torch
import torch.nn as nn

import tokenizer
import trained
from diffusion import BETA_END, BETA_START, TRAIN_STEPS
from graphs import BATCH_AXIS, PICTURE_AXES, TEXT_AXES, check_part, export_part
from data.dataset import SIZE
from networks import TextEncoder
from networks.autoencoder import FACTOR, LATENT_CHANNELS
from networks.captioned import CHANNELS
from networks.text_encoder import WIDTH

VERSION = {"_diffusers_version": "0.30.0"}
SCHEDULER = {
    "_class_name": "DDIMScheduler", **VERSION, "num_train_timesteps": TRAIN_STEPS, "beta_start": BETA_START,
    "beta_end": BETA_END, "beta_schedule": "scaled_linear", "prediction_type": "epsilon", "clip_sample": False,
    "set_alpha_to_one": False, "steps_offset": 1, "timestep_spacing": "leading",
}
UNET = {
    "_class_name": "UNet2DConditionModel", **VERSION, "sample_size": SIZE // FACTOR, "in_channels": LATENT_CHANNELS,
    "out_channels": LATENT_CHANNELS, "cross_attention_dim": WIDTH, "block_out_channels": list(CHANNELS),
    "layers_per_block": 1,
}
# Loaders take the factor, 8, from the number of sizes that block_out_channels tells of.
AUTOENCODER = {
    "in_channels": 3, "out_channels": 3, "latent_channels": LATENT_CHANNELS, "sample_size": SIZE,
    "block_out_channels": [32, 32, 64, 128],
}


class TextEncoderGraph(nn.Module):
    """The text encoder with the outputs of CLIP's: all hidden states, and the one at the first end token."""

    def __init__(self, text_encoder: TextEncoder, end_id: int):
        super().__init__()
        self.m = text_encoder
        self.end_id = end_id

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.m(input_ids)
        ends = (input_ids == self.end_id).to(torch.int64).argmax(-1)
        return hidden, hidden.gather(1, ends[:, None, None].expand(-1, 1, hidden.shape[-1]))[:, 0]


def write_json(path: Path, content: dict) -> None:
    """Writes a configuration file, and the folder that it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_configuration(out: Path, parts: trained.Trained) -> None:
    """Writes model_index.json and the configuration of every part."""
    start, end, vocabulary = parts.tokenizer.start_id, parts.tokenizer.end_id, len(parts.tokenizer.vocabulary)
    write_json(out / "model_index.json", {
        "_class_name": "StableDiffusionPipeline", **VERSION,
        "text_encoder": ["optimum", "ORTModelTextEncoder"], "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["optimum", "ORTModelUnet"], "vae_decoder": ["optimum", "ORTModelVaeDecoder"],
        "vae_encoder": ["optimum", "ORTModelVaeEncoder"], "scheduler": ["diffusers", "DDIMScheduler"],
        "safety_checker": [None, None], "feature_extractor": [None, None], "requires_safety_checker": False,
        "num_inference_steps": 20, "guidance_scale": 1.0,
    })
    write_json(out / "scheduler/scheduler_config.json", SCHEDULER)
    write_json(out / "unet/config.json", UNET)
    for part in ("vae_decoder", "vae_encoder"):
        write_json(out / part / "config.json", {
            "_class_name": "AutoencoderKL", **VERSION, **AUTOENCODER, "scaling_factor": 1.0,
        })
    write_json(out / "text_encoder/config.json", {
        "architectures": ["CLIPTextModel"], "hidden_size": WIDTH, "max_position_embeddings": tokenizer.LENGTH,
        "num_hidden_layers": 3, "num_attention_heads": 4, "vocab_size": vocabulary, "eos_token_id": end,
        "bos_token_id": start, "pad_token_id": end,
    })
    parts.tokenizer.save(out / "tokenizer")


def export_networks(out: Path, parts: trained.Trained) -> None:
    """Exports the four networks, and checks each at another batch size and picture size than it was traced with."""
    generator = torch.Generator().manual_seed(0)

    def examples(batch: int, height: int, width: int) -> dict[str, dict[str, torch.Tensor]]:
        def random(*shape: int) -> torch.Tensor:
            return torch.randn(shape, generator=generator)

        ids = torch.randint(parts.tokenizer.start_id, (batch, tokenizer.LENGTH), generator=generator)
        ids[:, 0] = parts.tokenizer.start_id
        ids[:, 5:] = parts.tokenizer.end_id
        return {
            "text_encoder": {"input_ids": ids},
            "unet": {"sample": random(batch, LATENT_CHANNELS, height, width),
                     "timestep": 999 * torch.rand(batch, generator=generator),
                     "encoder_hidden_states": random(batch, tokenizer.LENGTH, WIDTH)},
            "vae_decoder": {"latent_sample": random(batch, LATENT_CHANNELS, height, width)},
            "vae_encoder": {"sample": random(batch, 3, FACTOR * height, FACTOR * width).clamp(-1, 1)},
        }

    graphs = {
        "text_encoder": (TextEncoderGraph(parts.text_encoder, parts.tokenizer.end_id),
                         {"last_hidden_state": TEXT_AXES, "pooler_output": BATCH_AXIS}),
        "unet": (parts.predictor, {"out_sample": PICTURE_AXES}),
        "vae_decoder": (parts.decoder, {"sample": PICTURE_AXES}),
        "vae_encoder": (parts.encoder, {"latent_parameters": PICTURE_AXES}),
    }
    input_axes = {"input_ids": TEXT_AXES, "encoder_hidden_states": TEXT_AXES, "timestep": BATCH_AXIS,
                  "sample": PICTURE_AXES, "latent_sample": PICTURE_AXES}
    side = SIZE // FACTOR
    traced, checked = examples(2, side, side), examples(3, side - 4, side + 4)
    for name, (graph, output_axes) in graphs.items():
        inputs = {key: (example, input_axes[key]) for key, example in traced[name].items()}
        model = export_part(graph.eval(), out / name, output_axes, inputs)
        check_part(name, model, graph, checked[name])


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--out", type=Path, help="the model folder (default: model in the work folder)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    out = options.out or options.work / "model"

    parts = trained.load(options.work)
    export_networks(out, parts)
    write_configuration(out, parts)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    print(f"{size / 1e6:.1f} MB in {out}")


if __name__ == "__main__":
    main()
