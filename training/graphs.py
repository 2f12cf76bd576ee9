"""ONNX graphs of networks: written with float16 weights, and checked against PyTorch."""

import copy
import inspect
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn
from onnx import TensorProto, helper, numpy_helper

import onnx_reference

_OPSET = 17
# Smaller tensors (biases and norms) stay float32: they weigh nothing.
_HALF_FROM = 256
_HALF, _TRANSPOSED = ".fp16", ".T"
# float32 sums in another order; the float16 rounding is on both sides of the comparison.
_TOLERANCE = 1e-4
PICTURE_AXES = {0: "batch_size", 2: "height", 3: "width"}
TEXT_AXES = {0: "batch_size", 1: "sequence_length"}
BATCH_AXIS = {0: "batch_size"}


def export_part(module: nn.Module, folder: Path, outputs: dict[str, dict[int, str]],
                inputs: dict[str, tuple[torch.Tensor, dict[int, str]]]) -> onnx.ModelProto:
    """Writes folder/model.onnx, float16 weights and float32 arithmetic, opset 17, and checks it with onnx.checker.

    inputs are examples with their dynamic axes, by name in the order of forward.
    """
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
    name_weights(model.graph, module)
    store_weights_as_half(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return model


def name_weights(graph: onnx.GraphProto, module: nn.Module) -> None:
    """Calls weights what the module calls them, transposed ones NAME.T; PyTorch numbers those that it folded.

    So training can go on from a graph; see load_weights.
    """
    named, names = {weight.name for weight in graph.initializer}, {}
    for name, parameter in module.named_parameters():
        array = parameter.detach().numpy()
        if name not in named:
            names[array.tobytes()] = name
            if array.ndim == 2:
                names[np.ascontiguousarray(array.T).tobytes()] = name + _TRANSPOSED
    renamed = {}
    for weight in graph.initializer:
        if name := names.pop(numpy_helper.to_array(weight).tobytes(), None):
            renamed[weight.name] = weight.name = name
    for node in graph.node:
        node.input[:] = [renamed.get(name, name) for name in node.input]


@torch.no_grad()
def load_weights(module: nn.Module, path: Path) -> None:
    """Gives the module the weights of a graph that export_part made of one like it."""
    graph = onnx.load(str(path)).graph
    weights = {weight.name.removesuffix(_HALF): numpy_helper.to_array(weight) for weight in graph.initializer}
    for name, parameter in module.named_parameters():
        array = weights[name] if name in weights else weights[name + _TRANSPOSED].T
        parameter.copy_(torch.from_numpy(array.astype(np.float32)).view_as(parameter))


def store_weights_as_half(graph: onnx.GraphProto) -> None:
    """Replaces each large float32 weight by a float16 one and a cast that has the old name."""
    weights, casts = [], []
    for weight in graph.initializer:
        if weight.data_type == TensorProto.FLOAT and np.prod(weight.dims) >= _HALF_FROM:
            half = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), weight.name + _HALF)
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
