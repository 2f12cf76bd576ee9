#!/usr/bin/env python3
"""A UNet of Stable Diffusion 1.5's architecture with random weights, for benchmarks: real size and operators, meaningless pictures.

    make_sd_unet.py FOLDER

Writes FOLDER/model.onnx, its weights beside it (3.4 GB, float32) and FOLDER/config.json. Architecture: Rombach et al. 2022,
arXiv:2112.10752, with the sizes of https://huggingface.co/stable-diffusion-v1-5/stable-diffusion-v1-5/blob/main/unet/config.json.
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

CHANNELS = (320, 640, 1280, 1280)
HAS_ATTENTION = (True, True, True, False)
RESNETS = 2
HEADS = 8
GROUPS = 32
CONTEXT = 768
TIME = 4 * CHANNELS[0]
PARAMETERS = 859_520_964
ALIGNMENT = 4096


class Weights:
    """Random weights, written to a file as they are made so that they never lie in memory together."""

    def __init__(self, path):
        self.file, self.location = open(path, "wb"), path.name
        self.random = np.random.default_rng(0)
        self.initializers, self.count = [], 0

    def add(self, name, values):
        values = np.ascontiguousarray(values, dtype=np.float32)
        self.file.write(bytes(-self.file.tell() % ALIGNMENT))
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=values.shape, raw_data=b"")
        set_external_data(tensor, self.location, offset=self.file.tell(), length=values.nbytes)
        tensor.ClearField("raw_data")
        values.tofile(self.file)
        self.initializers.append(tensor)
        self.count += values.size
        return name

    def normal(self, name, shape, fan_in, gain=1.0):
        return self.add(name, self.random.standard_normal(shape, dtype=np.float32) * (gain / math.sqrt(fan_in)))

    def full(self, name, shape, value):
        return self.add(name, np.full(shape, value))


class UNet:
    """The graph under construction; every method takes and returns names of values."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def op(self, operator, *inputs, **attributes):
        out = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [out], **attributes))
        return out

    def constant(self, values, dtype):
        values = np.asarray(values, dtype=dtype)
        key = f"{values.dtype}_{values.shape}_{values.tolist()}"
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(values, f"constant_{len(self.constants)}")
        return self.constants[key].name

    def number(self, value):
        return self.constant(value, np.float32)

    def reshape(self, value, *shape):
        return self.op("Reshape", value, self.constant(shape, np.int64))

    def silu(self, value):
        return self.op("Mul", value, self.op("Sigmoid", value))

    def linear(self, name, value, width_in, width_out, bias=True, gain=1.0):
        result = self.op("MatMul", value, self.weights.normal(f"{name}.weight", (width_in, width_out), width_in, gain))
        return self.op("Add", result, self.weights.full(f"{name}.bias", (width_out,), 0)) if bias else result

    def conv(self, name, value, channels_in, channels_out, size=3, stride=1, gain=1.0):
        return self.op(
            "Conv", value,
            self.weights.normal(f"{name}.weight", (channels_out, channels_in, size, size), channels_in * size * size, gain),
            self.weights.full(f"{name}.bias", (channels_out,), 0),
            kernel_shape=[size, size], strides=[stride, stride], pads=[size // 2] * 4)

    def group_norm(self, name, value, channels, epsilon):
        """As PyTorch's exporter writes it: instance normalisation over groups, then scale and shift of each channel."""
        groups = self.op(
            "InstanceNormalization", self.reshape(value, 0, GROUPS, -1),
            self.constant(np.ones(GROUPS), np.float32), self.constant(np.zeros(GROUPS), np.float32), epsilon=epsilon)
        normal = self.op("Reshape", groups, self.op("Shape", value))
        scaled = self.op("Mul", normal, self.weights.full(f"{name}.weight", (channels, 1, 1), 1))
        return self.op("Add", scaled, self.weights.full(f"{name}.bias", (channels, 1, 1), 0))

    def layer_norm(self, name, value, width):
        return self.op("LayerNormalization", value, self.weights.full(f"{name}.weight", (width,), 1), self.weights.full(f"{name}.bias", (width,), 0), axis=-1, epsilon=1e-5)

    def resnet(self, name, value, time, channels_in, channels_out):
        hidden = self.silu(self.group_norm(f"{name}.norm1", value, channels_in, 1e-5))
        hidden = self.conv(f"{name}.conv1", hidden, channels_in, channels_out)
        shift = self.linear(f"{name}.time_emb_proj", self.silu(time), TIME, channels_out)
        hidden = self.op("Add", hidden, self.reshape(shift, 0, channels_out, 1, 1))
        hidden = self.silu(self.group_norm(f"{name}.norm2", hidden, channels_out, 1e-5))
        hidden = self.conv(f"{name}.conv2", hidden, channels_out, channels_out, gain=0.3)
        if channels_in != channels_out:
            value = self.conv(f"{name}.conv_shortcut", value, channels_in, channels_out, size=1)
        return self.op("Add", value, hidden)

    def attention(self, name, value, context, width, context_width):
        def heads(part, source, source_width, order):
            projected = self.linear(f"{name}.to_{part}", source, source_width, width, bias=False)
            return self.op("Transpose", self.reshape(projected, 0, 0, HEADS, width // HEADS), perm=order)

        query = heads("q", value, width, [0, 2, 1, 3])
        key = heads("k", context, context_width, [0, 2, 3, 1])
        values = heads("v", context, context_width, [0, 2, 1, 3])
        scores = self.op("Mul", self.op("MatMul", query, key), self.number((width // HEADS) ** -0.5))
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), values)
        mixed = self.reshape(self.op("Transpose", mixed, perm=[0, 2, 1, 3]), 0, 0, width)
        return self.linear(f"{name}.to_out", mixed, width, width, gain=0.3)

    def geglu(self, name, value, width):
        both = self.linear(f"{name}.proj", value, width, 8 * width)
        half = [self.op("Slice", both, *(self.constant([bound], np.int64) for bound in (start, start + 4 * width, 2))) for start in (0, 4 * width)]
        erf = self.op("Erf", self.op("Div", half[1], self.number(math.sqrt(2))))
        gate = self.op("Mul", self.op("Mul", half[1], self.op("Add", erf, self.number(1))), self.number(0.5))
        return self.linear(f"{name}.out", self.op("Mul", half[0], gate), 4 * width, width, gain=0.3)

    def transformer(self, name, value, context, channels):
        hidden = self.group_norm(f"{name}.norm", value, channels, 1e-6)
        hidden = self.conv(f"{name}.proj_in", hidden, channels, channels, size=1)
        tokens = self.op("Transpose", self.reshape(hidden, 0, channels, -1), perm=[0, 2, 1])
        normal = self.layer_norm(f"{name}.norm1", tokens, channels)
        tokens = self.op("Add", tokens, self.attention(f"{name}.attn1", normal, normal, channels, channels))
        normal = self.layer_norm(f"{name}.norm2", tokens, channels)
        tokens = self.op("Add", tokens, self.attention(f"{name}.attn2", normal, context, channels, CONTEXT))
        tokens = self.op("Add", tokens, self.geglu(f"{name}.ff", self.layer_norm(f"{name}.norm3", tokens, channels), channels))
        hidden = self.op("Reshape", self.op("Transpose", tokens, perm=[0, 2, 1]), self.op("Shape", value))
        return self.op("Add", value, self.conv(f"{name}.proj_out", hidden, channels, channels, size=1, gain=0.3))

    def time_embedding(self, timestep):
        """Cosines and sines of the timestep, then two layers."""
        half = CHANNELS[0] // 2
        frequencies = np.exp(-math.log(10000) * np.arange(half) / half).astype(np.float32)[None]
        angles = self.op("Mul", self.reshape(timestep, 1, 1), self.constant(frequencies, np.float32))
        waves = self.op("Concat", self.op("Cos", angles), self.op("Sin", angles), axis=1)
        hidden = self.silu(self.linear("time_embedding.linear_1", waves, CHANNELS[0], TIME))
        return self.linear("time_embedding.linear_2", hidden, TIME, TIME)

    def build(self, sample, timestep, context):
        time = self.time_embedding(timestep)
        hidden = self.conv("conv_in", sample, 4, CHANNELS[0])
        skips, width = [(hidden, CHANNELS[0])], CHANNELS[0]
        for level, channels in enumerate(CHANNELS):
            for i in range(RESNETS):
                hidden = self.resnet(f"down.{level}.resnets.{i}", hidden, time, width, channels)
                if HAS_ATTENTION[level]:
                    hidden = self.transformer(f"down.{level}.attentions.{i}", hidden, context, channels)
                skips.append((hidden, channels))
                width = channels
            if level < len(CHANNELS) - 1:
                hidden = self.conv(f"down.{level}.downsample", hidden, channels, channels, stride=2)
                skips.append((hidden, channels))

        hidden = self.resnet("mid.resnets.0", hidden, time, width, width)
        hidden = self.transformer("mid.attention", hidden, context, width)
        hidden = self.resnet("mid.resnets.1", hidden, time, width, width)

        for level in reversed(range(len(CHANNELS))):
            channels = CHANNELS[level]
            for i in range(RESNETS + 1):
                skip, skip_width = skips.pop()
                hidden = self.resnet(f"up.{level}.resnets.{i}", self.op("Concat", hidden, skip, axis=1), time, width + skip_width, channels)
                if HAS_ATTENTION[level]:
                    hidden = self.transformer(f"up.{level}.attentions.{i}", hidden, context, channels)
                width = channels
            if level > 0:
                scales = self.constant([1, 1, 2, 2], np.float32)
                hidden = self.op("Resize", hidden, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
                hidden = self.conv(f"up.{level}.upsample", hidden, channels, channels)

        hidden = self.silu(self.group_norm("conv_norm_out", hidden, width, 1e-5))
        return self.conv("conv_out", hidden, width, 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    weights = Weights(arguments.folder / "weights.pb")
    unet = UNet(weights)
    inputs = [
        helper.make_tensor_value_info("sample", TensorProto.FLOAT, ["batch", 4, "height", "width"]),
        helper.make_tensor_value_info("timestep", TensorProto.FLOAT, [1]),
        helper.make_tensor_value_info("encoder_hidden_states", TensorProto.FLOAT, ["batch", "tokens", CONTEXT]),
    ]
    result = unet.build("sample", "timestep", "encoder_hidden_states")
    unet.nodes.append(helper.make_node("Identity", [result], ["out_sample"]))
    weights.file.close()
    if weights.count != PARAMETERS:
        raise SystemExit(f"built {weights.count} parameters, but Stable Diffusion 1.5 has {PARAMETERS}")

    output = helper.make_tensor_value_info("out_sample", TensorProto.FLOAT, ["batch", 4, "height", "width"])
    graph = helper.make_graph(unet.nodes, "unet", inputs, [output], weights.initializers + list(unet.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="make_sd_unet")
    onnx.save(model, str(arguments.folder / "model.onnx"))
    (arguments.folder / "config.json").write_text(json.dumps({"sample_size": 64, "in_channels": 4, "out_channels": 4, "cross_attention_dim": CONTEXT}, indent=2) + "\n")
    print(f"{arguments.folder}: {weights.count / 1e6:.1f} M parameters, {weights.file.name} has {Path(weights.file.name).stat().st_size / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
