#!/usr/bin/env python3
"""Stage 5: the model folder, in optimum's ONNX dialect, checked against PyTorch on random inputs.

Weights are stored as float16 and cast to float32 when the model is loaded; all arithmetic is float32.
"""

import copy
import inspect
import json
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn
from onnx import TensorProto, helper, numpy_helper

import onnx_reference
import stage
import tokenizer
import trained
from diffusion import BETA_END, BETA_START, TRAIN_STEPS
from networks import TextEncoder

_OPSET = 17
# Smaller tensors (biases and norms) stay float32: they weigh nothing.
_HALF_FROM = 256
# float32 sums in another order; the float16 rounding is on both sides of the comparison.
_TOLERANCE = 1e-4
_PICTURE_AXES = {0: "batch_size", 2: "height", 3: "width"}
_TEXT_AXES = {0: "batch_size", 1: "sequence_length"}


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


def export_part(module: nn.Module, folder: Path, outputs: dict[str, dict[int, str]],
                inputs: dict[str, tuple[torch.Tensor, dict[int, str]]]) -> onnx.ModelProto:
    """Writes folder/model.onnx; inputs are examples with their dynamic axes, by name in the order of forward."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    # PyTorch 2 has a second exporter, of another graph, that is the default from 2.9 on.
    exporter = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(
        module, tuple(example for example, _ in inputs.values()), str(path), input_names=list(inputs),
        output_names=list(outputs), opset_version=_OPSET, do_constant_folding=True,
        dynamic_axes={name: axes for name, axes in [*((n, a) for n, (_, a) in inputs.items()), *outputs.items()]
                      if axes}, **exporter)
    model = onnx.load(str(path))
    store_weights_as_half(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return model


def store_weights_as_half(graph: onnx.GraphProto) -> None:
    """Replaces each large float32 weight by a float16 one and a cast that has the old name."""
    weights, casts = [], []
    for weight in graph.initializer:
        if weight.data_type == TensorProto.FLOAT and np.prod(weight.dims) >= _HALF_FROM:
            half = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), weight.name + ".fp16")
            casts.append(helper.make_node("Cast", [half.name], [weight.name], to=TensorProto.FLOAT,
                                          name="dequantize/" + weight.name))
            weight = half
        weights.append(weight)
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(weights)
    graph.node.extend(nodes)


def rounded(module: nn.Module) -> nn.Module:
    """A copy whose large parameters are rounded to float16, as in the file."""
    copied = copy.deepcopy(module)
    for parameter in copied.parameters():
        if parameter.numel() >= _HALF_FROM:
            parameter.data = parameter.data.half().float()
    return copied


@torch.no_grad()
def check_part(name: str, model: onnx.ModelProto, module: nn.Module, inputs: dict[str, torch.Tensor]) -> None:
    """Compares the graph with PyTorch, and exits where they differ; prints what float16 weights change, too."""
    def results(of: nn.Module) -> list[torch.Tensor]:
        outputs = of(*inputs.values())
        return list(outputs) if isinstance(outputs, tuple) else [outputs]

    def difference(expected: list[torch.Tensor]) -> float:
        return max(float((a - e).abs().max()) for a, e in zip(actual, expected))

    outputs = onnx_reference.run(model, inputs)
    actual = [outputs[output.name] for output in model.graph.output]
    expected = results(rounded(module))
    shapes_agree = all(a.shape == e.shape for a, e in zip(actual, expected))
    largest = max(float(e.abs().max()) for e in expected)
    if not shapes_agree or not difference(expected) <= _TOLERANCE * max(1.0, largest):
        raise SystemExit(f"{name}: the exported graph differs from PyTorch.")
    print(f"{name}: {difference(expected):.1e} from PyTorch with the same float16 weights, "
          f"{difference(results(module)):.1e} from float32 weights, outputs up to {largest:.2g}")


def write_configuration(out: Path, parts: trained.Trained) -> None:
    """Writes model_index.json and the configuration of every part."""
    def write(path: str, content: dict) -> None:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(json.dumps(content, indent=2), encoding="utf-8")

    start, end, vocabulary = parts.tokenizer.start_id, parts.tokenizer.end_id, len(parts.tokenizer.vocabulary)
    version = {"_diffusers_version": "0.30.0"}
    write("model_index.json", {
        "_class_name": "StableDiffusionPipeline", **version,
        "text_encoder": ["optimum", "ORTModelTextEncoder"], "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["optimum", "ORTModelUnet"], "vae_decoder": ["optimum", "ORTModelVaeDecoder"],
        "vae_encoder": ["optimum", "ORTModelVaeEncoder"], "scheduler": ["diffusers", "DDIMScheduler"],
        "safety_checker": [None, None], "feature_extractor": [None, None], "requires_safety_checker": False,
    })
    write("scheduler/scheduler_config.json", {
        "_class_name": "DDIMScheduler", **version, "num_train_timesteps": TRAIN_STEPS, "beta_start": BETA_START,
        "beta_end": BETA_END, "beta_schedule": "scaled_linear", "prediction_type": "epsilon", "clip_sample": False,
        "set_alpha_to_one": False, "steps_offset": 1, "timestep_spacing": "leading",
    })
    write("unet/config.json", {
        "_class_name": "UNet2DConditionModel", "sample_size": 16, "in_channels": 4, "out_channels": 4,
        "cross_attention_dim": 192, "block_out_channels": [64, 96, 128], "layers_per_block": 1,
    })
    for part in ("vae_decoder", "vae_encoder"):
        write(f"{part}/config.json", {
            "_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3, "latent_channels": 4,
            "sample_size": 64, "scaling_factor": parts.scaling_factor, "block_out_channels": [64, 64, 128],
        })
    write("text_encoder/config.json", {
        "architectures": ["CLIPTextModel"], "hidden_size": 192, "max_position_embeddings": tokenizer.LENGTH,
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
            "unet": {"sample": random(batch, 4, height, width),
                     "timestep": 999 * torch.rand(batch, generator=generator),
                     "encoder_hidden_states": random(batch, tokenizer.LENGTH, 192)},
            "vae_decoder": {"latent_sample": random(batch, 4, height, width)},
            "vae_encoder": {"sample": random(batch, 3, 4 * height, 4 * width).clamp(-1, 1)},
        }

    graphs = {
        "text_encoder": (TextEncoderGraph(parts.text_encoder, parts.tokenizer.end_id),
                         {"last_hidden_state": _TEXT_AXES, "pooler_output": {0: "batch_size"}}),
        "unet": (parts.unet, {"out_sample": _PICTURE_AXES}),
        "vae_decoder": (parts.decoder, {"sample": _PICTURE_AXES}),
        "vae_encoder": (parts.encoder, {"latent_parameters": _PICTURE_AXES}),
    }
    input_axes = {"input_ids": _TEXT_AXES, "encoder_hidden_states": _TEXT_AXES, "timestep": {0: "batch_size"},
                  "sample": _PICTURE_AXES, "latent_sample": _PICTURE_AXES}
    traced, checked = examples(2, 16, 16), examples(3, 12, 20)
    for name, (graph, output_axes) in graphs.items():
        inputs = {key: (example, input_axes[key]) for key, example in traced[name].items()}
        model = export_part(graph.eval(), out / name, output_axes, inputs)
        check_part(name, model, graph, checked[name])


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--out", type=Path, help="the model folder (default: model in the work folder)")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    out = options.out or options.work / "model"

    parts = trained.load(options.work, torch.device("cpu"))
    export_networks(out, parts)
    write_configuration(out, parts)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    print(f"{size / 1e6:.1f} MB in {out}")


if __name__ == "__main__":
    main()
