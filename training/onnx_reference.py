"""Runs an ONNX graph node by node in PyTorch: slow and plain, to check exports where ONNX Runtime is not at hand.

It has the operators, opset 17, that the networks are exported to, and no others.
"""

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

TYPES = {TensorProto.FLOAT: torch.float32, TensorProto.FLOAT16: torch.float16, TensorProto.INT64: torch.int64,
         TensorProto.INT32: torch.int32, TensorProto.BOOL: torch.bool}


@torch.no_grad()
def run(model: onnx.ModelProto, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The outputs of the graph by name; raises NotImplementedError for a graph with any other operator."""
    values = {"": None, **inputs}
    for initializer in model.graph.initializer:
        values[initializer.name] = _tensor(initializer)
    for node in model.graph.node:
        if node.op_type not in _OPERATORS:
            raise NotImplementedError(f"{node.op_type} is not among the operators of this reference.")
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        results = _OPERATORS[node.op_type](*(values[name] for name in node.input), **attributes)
        values.update(zip(node.output, results if isinstance(results, tuple) else (results,)))
    return {output.name: values[output.name] for output in model.graph.output}


def _tensor(proto: TensorProto) -> torch.Tensor:
    return torch.from_numpy(np.array(numpy_helper.to_array(proto)))


def _gather(data, indices, axis=0):
    # Negative indices count from the end.
    picked = data.index_select(axis, indices.flatten() % data.shape[axis])
    return picked.reshape(data.shape[:axis] + indices.shape + data.shape[axis + 1:])


def _slice(data, starts, ends, axes=None, steps=None):
    axes = range(len(starts)) if axes is None else axes.tolist()
    steps = [1] * len(starts) if steps is None else steps.tolist()
    selection = [slice(None)] * data.dim()
    for axis, start, end, step in zip(axes, starts.tolist(), ends.tolist(), steps):
        selection[axis] = slice(start, end, step)
    return data[tuple(selection)]


def _unsqueeze(data, axes):
    for axis in sorted(axes.tolist()):
        data = data.unsqueeze(axis)
    return data


def _squeeze(data, axes):
    for axis in sorted(axes.tolist(), reverse=True):
        data = data.squeeze(axis)
    return data


def _reshape(data, shape, allowzero=0):
    return data.reshape([data.shape[i] if size == 0 and not allowzero else size
                         for i, size in enumerate(shape.tolist())])


def _constant_of_shape(shape, value=None):
    fill = torch.zeros(1) if value is None else _tensor(value)
    return fill.expand(shape.tolist())


def _divide(a, b):
    return a / b if a.is_floating_point() else torch.div(a, b, rounding_mode="trunc")


def _conv(x, weight, bias=None, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1, kernel_shape=None):
    top, left, bottom, right = pads
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, strides, 0, dilations, group)


def _conv_transpose(x, weight, strides=(1, 1), pads=(0, 0, 0, 0), output_padding=(0, 0), dilations=(1, 1), group=1,
                    kernel_shape=None):
    assert pads[:2] == pads[2:]
    return F.conv_transpose2d(x, weight, None, strides, pads[:2], output_padding, group, dilations)


def _gemm(a, b, c=0, alpha=1.0, beta=1.0, transA=0, transB=0):
    return alpha * (a.t() if transA else a) @ (b.t() if transB else b) + beta * c


def _depth_to_space(x, blocksize, mode=b"DCR"):
    assert mode == b"CRD"
    return F.pixel_shuffle(x, blocksize)


def _resize(x, roi, scales, sizes=None, mode=b"nearest", coordinate_transformation_mode=b"half_pixel",
            nearest_mode=b"round_prefer_floor", cubic_coeff_a=-0.75):
    if mode == b"linear":
        assert coordinate_transformation_mode == b"half_pixel" and sizes.tolist()[:2] == list(x.shape[:2])
        return F.interpolate(x, sizes.tolist()[2:], mode="bilinear", align_corners=False)
    assert (mode, coordinate_transformation_mode, nearest_mode) == (b"nearest", b"asymmetric", b"floor")
    scale = [1, 1, 2, 2]
    assert (scales.tolist() if sizes is None else [s / n for s, n in zip(sizes.tolist(), x.shape)]) == scale
    return x.repeat_interleave(2, 2).repeat_interleave(2, 3)


_OPERATORS = {
    "Add": torch.add,
    "ArgMax": lambda x, axis=0, keepdims=1, select_last_index=0: x.argmax(axis, bool(keepdims)),
    "ArgMin": lambda x, axis=0, keepdims=1, select_last_index=0: x.argmin(axis, bool(keepdims)),
    "Cast": lambda x, to: x.to(TYPES[to]),
    "Clip": lambda x, low=None, high=None: x.clamp(low, high),
    "Concat": lambda *xs, axis: torch.cat(xs, axis),
    "Constant": lambda value: _tensor(value),
    "ConstantOfShape": _constant_of_shape,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "Cos": torch.cos,
    "DepthToSpace": _depth_to_space,
    "Div": _divide,
    "Equal": torch.eq,
    "Erf": torch.erf,
    "Exp": torch.exp,
    "Expand": lambda x, shape: x * torch.ones(shape.tolist(), dtype=x.dtype),
    "Flatten": lambda x, axis=1: x.reshape(x.shape[:axis].numel(), -1),
    "Floor": torch.floor,
    "Gather": _gather,
    "GatherElements": lambda x, indices, axis=0: x.gather(axis, indices),
    "Gemm": _gemm,
    "Identity": lambda x: x,
    "InstanceNormalization": lambda x, scale, bias, epsilon=1e-5: F.instance_norm(x, weight=scale, bias=bias,
                                                                                  eps=epsilon),
    "LayerNormalization": lambda x, scale, bias=None, axis=-1, epsilon=1e-5: F.layer_norm(x, x.shape[axis:], scale,
                                                                                          bias, epsilon),
    "MatMul": torch.matmul,
    "MaxPool": lambda x, kernel_shape, strides=(1, 1), pads=(0, 0, 0, 0), ceil_mode=0: F.max_pool2d(
        x, kernel_shape, strides, pads[:2]),
    "Mul": torch.mul,
    "Pow": torch.pow,
    "Reciprocal": torch.reciprocal,
    "ReduceMean": lambda x, axes, keepdims=1: x.mean(tuple(axes), bool(keepdims)),
    "ReduceSum": lambda x, axes, keepdims=1: x.sum(tuple(axes.tolist()), bool(keepdims)),
    "Reshape": _reshape,
    "Resize": _resize,
    "Shape": lambda x: torch.tensor(x.shape),
    "Sigmoid": torch.sigmoid,
    "Sin": torch.sin,
    "Slice": _slice,
    "Split": lambda x, sizes, axis=0: x.split(sizes.tolist(), axis),
    "Softmax": lambda x, axis=-1: x.softmax(axis),
    "Sqrt": torch.sqrt,
    "Squeeze": _squeeze,
    "Sub": torch.sub,
    "Transpose": lambda x, perm: x.permute(perm),
    "Unsqueeze": _unsqueeze,
    "Where": torch.where,
}
