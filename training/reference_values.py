"""What an exported graph answers to known inputs, written beside it for the tests of the library."""

import json
from pathlib import Path

import onnx
import torch

import onnx_reference
from networks.autoencoder import FACTOR

_ROWS = 2
_SEEDS = {"sample": 1, "latent_sample": 1, "encoder_hidden_states": 2}
_LENGTH = 32
_TIMESTEPS, _LABELS = [500.0, 20.0], [1, 3]
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
            name = value.name
            if name in ("timestep", "class_labels"):
                told[name] = {"values": _TIMESTEPS if name == "timestep" else _LABELS}
                inputs[name] = torch.tensor(told[name]["values"])
                continue
            extents = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
            size = config["sample_size"] // (FACTOR if name == "latent_sample" else 1)
            # An extent that the graph leaves open is 0 there; a generator's noise has sides of 1.
            sides = [extent or size for extent in extents[2:]]
            shape = [_ROWS, _LENGTH, extents[2]] if len(extents) == 3 else [_ROWS, extents[1], *sides]
            told[name] = {"shape": shape, "seed": _SEEDS[name]}
            inputs[name] = torch.randn(shape, generator=torch.Generator().manual_seed(_SEEDS[name]))
        outputs = {
            name: {"shape": list(output.shape), "first": output.flatten()[:_FIRST].tolist(),
                   "mean": float(output.mean()), "deviation": float(output.std(unbiased=False))}
            for name, output in onnx_reference.run(model, inputs).items()
        }
        (path.parent / "reference.json").write_text(json.dumps({"inputs": told, "outputs": outputs}, indent=1) + "\n")
