"""What an exported graph answers to known inputs, written beside it for the tests of the library."""

import json
from pathlib import Path

import onnx
import torch

import onnx_reference
from networks.autoencoder import FACTOR

_ROWS = 2
_SEEDS = {"sample": 1, "latent_sample": 1, "pixel_values": 1, "hidden_states": 1, "encoder_hidden_states": 2,
          "image_embeds": 3, "proj_embedding": 3}
_LENGTH = 32
_TIMESTEPS, _LABELS = [500.0, 20.0], [1, 3]
# How many tokens of each row are said, of which the first, where there is a start, and the last are start and end.
_SAID = (5, 9)
_FIRST = 16


def write_references(folder: Path) -> None:
    """Writes reference.json beside every model.onnx: inputs as seeds of torch.randn or values, and outputs.

    The graph is run in PyTorch, by the reference that the export was checked with; outputs are told by their first
    values, their mean and their standard deviation.
    """
    for path in sorted(folder.rglob("model.onnx")):
        model = onnx.load(str(path))
        config = json.loads((path.parent / "config.json").read_text(encoding="utf-8"))
        inputs, told = {}, {}
        for value in model.graph.input:
            name, kind = value.name, value.type.tensor_type.elem_type
            extents = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
            if name in _SEEDS:
                size = config.get("sample_size", 0) // (FACTOR if name == "latent_sample" else 1)
                # An extent that the graph leaves open is 0 there; a generator's noise has sides of 1.
                sides = [extent or size for extent in extents[2:]]
                shape = [_ROWS, _LENGTH, extents[2]] if len(extents) == 3 else [_ROWS, extents[1], *sides]
                told[name] = {"shape": shape, "seed": _SEEDS[name]}
                inputs[name] = torch.randn(shape, generator=torch.Generator().manual_seed(_SEEDS[name]))
                continue
            values = torch.tensor(_values(name, config))
            told[name] = {"values": values.flatten().tolist()}
            inputs[name] = values.to(onnx_reference.TYPES[kind])
        outputs = {
            name: {"shape": list(output.shape), "first": output.flatten()[:_FIRST].tolist(),
                   "mean": float(output.mean()), "deviation": float(output.std(unbiased=False))}
            for name, output in onnx_reference.run(model, inputs).items()
        }
        (path.parent / "reference.json").write_text(json.dumps({"inputs": told, "outputs": outputs}, indent=1) + "\n")


def _values(name: str, config: dict) -> list:
    """Of timesteps or classes one for each row, of tokens and their mask [rows, 32]."""
    if name == "timestep":
        return _TIMESTEPS
    if name == "class_labels":
        return _LABELS
    if name == "attention_mask":
        return [[int(i < said) for i in range(_LENGTH)] for said in _SAID]
    start, end = [config["bos_token_id"]] if "bos_token_id" in config else [], config["eos_token_id"]
    padding = config.get("pad_token_id", end)
    return [[*start, *range(1, said - len(start)), end, *[padding] * (_LENGTH - said)] for said in _SAID]
