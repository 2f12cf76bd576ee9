#!/usr/bin/env python3
"""A UNet of Stable Diffusion's architecture with random weights, for benchmarks: real size and operators, meaningless pictures.

    make_sd_unet.py FOLDER [--xl LAYERS]

Writes FOLDER/model.onnx, its weights beside it (float32) and FOLDER/config.json, as diffusers has it. By itself the UNet is Stable
Diffusion 1.5's, 3.4 GB: Rombach et al. 2022, arXiv:2112.10752, with the sizes of
https://huggingface.co/stable-diffusion-v1-5/stable-diffusion-v1-5/blob/main/unet/config.json. With --xl it is SDXL's: Podell et al. 2023,
arXiv:2307.01952, with the sizes of https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/main/unet/config.json. That has
10 layers in each transformer of its lowest level, 10.3 GB in all; with fewer LAYERS it fits into less memory.
"""
import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

RESNETS = 2
GROUPS = 32
TIME = 1280
ALIGNMENT = 4096


@dataclass(frozen=True)
class Architecture:
    """What differs between one UNet and the other; lists have an entry for each level."""

    channels: tuple[int, ...]
    layers: tuple[int, ...]  # of each transformer
    heads: tuple[int, ...]
    context: int
    parameters: int  # known of the published model
    sample_size: int
    is_xl: bool = False  # told sizes and a pooled text; transformers are entered and left by linear layers

    @property
    def added(self):
        """The numbers that SDXL is told besides: the text's 1280 and six sizes, each as 256 waves."""
        return 1280 + 6 * 256

    def config(self):
        """As diffusers writes it."""
        down = ["CrossAttnDownBlock2D" if layers else "DownBlock2D" for layers in self.layers]
        up = ["CrossAttnUpBlock2D" if layers else "UpBlock2D" for layers in reversed(self.layers)]
        config = {
            "_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "sample_size": self.sample_size,
            "layers_per_block": RESNETS, "block_out_channels": self.channels, "cross_attention_dim": self.context,
            "attention_head_dim": self.heads if self.is_xl else self.heads[0], "down_block_types": down, "up_block_types": up}
        if self.is_xl:
            config |= {
                "transformer_layers_per_block": [max(1, layers) for layers in self.layers], "use_linear_projection": True,
                "addition_embed_type": "text_time", "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": self.added}
        return config


def stable_diffusion():
    return Architecture((320, 640, 1280, 1280), (1, 1, 1, 0), (8,) * 4, 768, 859_520_964, 64)


def sdxl(layers):
    # Six transformers have that many: two on the way down, one in the middle, three on the way up.
    of_a_layer = 4 * 1280 ** 2 + 1280 + 2 * 1280 ** 2 + 2 * 2048 * 1280 + 1280 + 1280 * 10240 + 10240 + 5120 * 1280 + 1280 + 6 * 1280
    return Architecture((320, 640, 1280), (0, 2, layers), (5, 10, 20), 2048, 2_567_463_684 - 6 * (10 - layers) * of_a_layer, 128, is_xl=True)


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

    def __init__(self, weights, architecture=None):
        self.weights, self.architecture, self.nodes, self.constants = weights, architecture, [], {}

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

    def attention(self, name, value, context, width, context_width, head_count):
        def heads(part, source, source_width, order):
            projected = self.linear(f"{name}.to_{part}", source, source_width, width, bias=False)
            return self.op("Transpose", self.reshape(projected, 0, 0, head_count, width // head_count), perm=order)

        query = heads("q", value, width, [0, 2, 1, 3])
        key = heads("k", context, context_width, [0, 2, 3, 1])
        values = heads("v", context, context_width, [0, 2, 1, 3])
        scores = self.op("Mul", self.op("MatMul", query, key), self.number((width // head_count) ** -0.5))
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), values)
        mixed = self.reshape(self.op("Transpose", mixed, perm=[0, 2, 1, 3]), 0, 0, width)
        return self.linear(f"{name}.to_out", mixed, width, width, gain=0.3)

    def geglu(self, name, value, width):
        both = self.linear(f"{name}.proj", value, width, 8 * width)
        half = [self.op("Slice", both, *(self.constant([bound], np.int64) for bound in (start, start + 4 * width, 2))) for start in (0, 4 * width)]
        erf = self.op("Erf", self.op("Div", half[1], self.number(math.sqrt(2))))
        gate = self.op("Mul", self.op("Mul", half[1], self.op("Add", erf, self.number(1))), self.number(0.5))
        return self.linear(f"{name}.out", self.op("Mul", half[0], gate), 4 * width, width, gain=0.3)

    def transformer(self, name, value, context, level):
        channels, heads = self.architecture.channels[level], self.architecture.heads[level]
        linear = self.architecture.is_xl
        hidden = self.group_norm(f"{name}.norm", value, channels, 1e-6)
        if not linear:
            hidden = self.conv(f"{name}.proj_in", hidden, channels, channels, size=1)
        tokens = self.op("Transpose", self.reshape(hidden, 0, channels, -1), perm=[0, 2, 1])
        if linear:
            tokens = self.linear(f"{name}.proj_in", tokens, channels, channels)
        for layer in range(max(1, self.architecture.layers[level])):
            block = f"{name}.transformer_blocks.{layer}"
            normal = self.layer_norm(f"{block}.norm1", tokens, channels)
            tokens = self.op("Add", tokens, self.attention(f"{block}.attn1", normal, normal, channels, channels, heads))
            normal = self.layer_norm(f"{block}.norm2", tokens, channels)
            tokens = self.op("Add", tokens, self.attention(f"{block}.attn2", normal, context, channels, self.architecture.context, heads))
            tokens = self.op("Add", tokens, self.geglu(f"{block}.ff", self.layer_norm(f"{block}.norm3", tokens, channels), channels))
        if linear:
            tokens = self.linear(f"{name}.proj_out", tokens, channels, channels, gain=0.3)
        hidden = self.op("Reshape", self.op("Transpose", tokens, perm=[0, 2, 1]), self.op("Shape", value))
        return self.op("Add", value, hidden if linear else self.conv(f"{name}.proj_out", hidden, channels, channels, size=1, gain=0.3))

    def waves(self, numbers, width):
        """Cosines and sines of numbers [N, 1], [N, width]."""
        half = width // 2
        frequencies = np.exp(-math.log(10000) * np.arange(half) / half).astype(np.float32)[None]
        angles = self.op("Mul", numbers, self.constant(frequencies, np.float32))
        return self.op("Concat", self.op("Cos", angles), self.op("Sin", angles), axis=1)

    def embedding(self, name, value, width):
        hidden = self.silu(self.linear(f"{name}.linear_1", value, width, TIME))
        return self.linear(f"{name}.linear_2", hidden, TIME, TIME)

    def time_embedding(self, timestep):
        width = self.architecture.channels[0]
        time = self.embedding("time_embedding", self.waves(self.reshape(timestep, 1, 1), width), width)
        if not self.architecture.is_xl:
            return time
        sizes = self.reshape(self.waves(self.reshape("time_ids", -1, 1), 256), -1, 6 * 256)
        added = self.op("Concat", "text_embeds", sizes, axis=1)
        return self.op("Add", time, self.embedding("add_embedding", added, self.architecture.added))

    def build(self, sample, timestep, context):
        time = self.time_embedding(timestep)
        levels = list(enumerate(self.architecture.channels))
        width = levels[0][1]
        hidden = self.conv("conv_in", sample, 4, width)
        skips = [(hidden, width)]
        for level, channels in levels:
            for i in range(RESNETS):
                hidden = self.resnet(f"down.{level}.resnets.{i}", hidden, time, width, channels)
                if self.architecture.layers[level]:
                    hidden = self.transformer(f"down.{level}.attentions.{i}", hidden, context, level)
                skips.append((hidden, channels))
                width = channels
            if level < len(levels) - 1:
                hidden = self.conv(f"down.{level}.downsample", hidden, channels, channels, stride=2)
                skips.append((hidden, channels))

        hidden = self.resnet("mid.resnets.0", hidden, time, width, width)
        hidden = self.transformer("mid.attentions.0", hidden, context, len(levels) - 1)
        hidden = self.resnet("mid.resnets.1", hidden, time, width, width)

        for level, channels in reversed(levels):
            for i in range(RESNETS + 1):
                skip, skip_width = skips.pop()
                hidden = self.resnet(f"up.{level}.resnets.{i}", self.op("Concat", hidden, skip, axis=1), time, width + skip_width, channels)
                if self.architecture.layers[level]:
                    hidden = self.transformer(f"up.{level}.attentions.{i}", hidden, context, level)
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
    parser.add_argument("--xl", type=int, metavar="LAYERS", help="SDXL's, with so many layers in a transformer of the lowest level (published: 10)")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    architecture = sdxl(arguments.xl) if arguments.xl else stable_diffusion()
    weights = Weights(arguments.folder / "weights.pb")
    unet = UNet(weights, architecture)
    inputs = [
        helper.make_tensor_value_info("sample", TensorProto.FLOAT, ["batch", 4, "height", "width"]),
        helper.make_tensor_value_info("timestep", TensorProto.FLOAT, [1]),
        helper.make_tensor_value_info("encoder_hidden_states", TensorProto.FLOAT, ["batch", "tokens", architecture.context]),
    ]
    if architecture.is_xl:
        inputs += [
            helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, ["batch", 1280]),
            helper.make_tensor_value_info("time_ids", TensorProto.FLOAT, ["batch", 6]),
        ]
    result = unet.build("sample", "timestep", "encoder_hidden_states")
    unet.nodes.append(helper.make_node("Identity", [result], ["out_sample"]))
    weights.file.close()
    if weights.count != architecture.parameters:
        raise SystemExit(f"built {weights.count} parameters, but it has {architecture.parameters}")

    output = helper.make_tensor_value_info("out_sample", TensorProto.FLOAT, ["batch", 4, "height", "width"])
    graph = helper.make_graph(unet.nodes, "unet", inputs, [output], weights.initializers + list(unet.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="make_sd_unet")
    onnx.save(model, str(arguments.folder / "model.onnx"))
    (arguments.folder / "config.json").write_text(json.dumps(architecture.config(), indent=2) + "\n")
    print(f"{arguments.folder}: {weights.count / 1e6:.1f} M parameters, {weights.file.name} has {Path(weights.file.name).stat().st_size / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
