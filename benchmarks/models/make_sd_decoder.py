#!/usr/bin/env python3
"""The decoder of Stable Diffusion's autoencoder with random weights, for benchmarks: real size and operators, meaningless pictures.

    make_sd_decoder.py FOLDER

Writes FOLDER/model.onnx, its weights beside it (198 MB, float32) and FOLDER/config.json. Architecture: Rombach et al. 2022, arXiv:2112.10752,
with the sizes of https://huggingface.co/stable-diffusion-v1-5/stable-diffusion-v1-5/blob/main/vae/config.json.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from make_sd_unet import UNet, Weights

CHANNELS = (128, 256, 512, 512)
RESNETS = 3
EPSILON = 1e-6
PARAMETERS = 49_490_199


class Decoder(UNet):
    """The graph under construction, of the same operators as the UNet."""

    def resnet(self, name, value, channels_in, channels_out):
        hidden = self.silu(self.group_norm(f"{name}.norm1", value, channels_in, EPSILON))
        hidden = self.conv(f"{name}.conv1", hidden, channels_in, channels_out)
        hidden = self.silu(self.group_norm(f"{name}.norm2", hidden, channels_out, EPSILON))
        hidden = self.conv(f"{name}.conv2", hidden, channels_out, channels_out, gain=0.3)
        if channels_in != channels_out:
            value = self.conv(f"{name}.conv_shortcut", value, channels_in, channels_out, size=1)
        return self.op("Add", value, hidden)

    def attention(self, name, value, channels):
        """One head over all positions."""
        hidden = self.group_norm(f"{name}.group_norm", value, channels, EPSILON)
        tokens = self.op("Transpose", self.reshape(hidden, 0, channels, -1), perm=[0, 2, 1])
        query, key, values = (self.linear(f"{name}.to_{part}", tokens, channels, channels) for part in "qkv")
        scores = self.op("Mul", self.op("MatMul", query, self.op("Transpose", key, perm=[0, 2, 1])), self.number(channels ** -0.5))
        mixed = self.linear(f"{name}.to_out", self.op("MatMul", self.op("Softmax", scores, axis=-1), values), channels, channels, gain=0.3)
        return self.op("Add", value, self.op("Reshape", self.op("Transpose", mixed, perm=[0, 2, 1]), self.op("Shape", value)))

    def build(self, latents):
        width = CHANNELS[-1]
        hidden = self.conv("conv_in", self.conv("post_quant_conv", latents, 4, 4, size=1), 4, width)
        hidden = self.resnet("mid.resnets.0", hidden, width, width)
        hidden = self.attention("mid.attention", hidden, width)
        hidden = self.resnet("mid.resnets.1", hidden, width, width)
        for level, channels in enumerate(reversed(CHANNELS)):
            for i in range(RESNETS):
                hidden = self.resnet(f"up.{level}.resnets.{i}", hidden, width, channels)
                width = channels
            if level < len(CHANNELS) - 1:
                scales = self.constant([1, 1, 2, 2], np.float32)
                hidden = self.op("Resize", hidden, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
                hidden = self.conv(f"up.{level}.upsample", hidden, channels, channels)
        return self.conv("conv_out", self.silu(self.group_norm("conv_norm_out", hidden, width, EPSILON)), width, 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    weights = Weights(arguments.folder / "weights.pb")
    decoder = Decoder(weights)
    result = decoder.build("latent_sample")
    decoder.nodes.append(helper.make_node("Identity", [result], ["sample"]))
    weights.file.close()
    if weights.count != PARAMETERS:
        raise SystemExit(f"built {weights.count} parameters, but Stable Diffusion 1.5's decoder has {PARAMETERS}")

    latents = helper.make_tensor_value_info("latent_sample", TensorProto.FLOAT, ["batch", 4, "height", "width"])
    sample = helper.make_tensor_value_info("sample", TensorProto.FLOAT, ["batch", 3, "picture_height", "picture_width"])
    graph = helper.make_graph(decoder.nodes, "decoder", [latents], [sample], weights.initializers + list(decoder.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="make_sd_decoder")
    onnx.save(model, str(arguments.folder / "model.onnx"))
    config = {
        "_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3, "latent_channels": 4, "layers_per_block": 2, "sample_size": 512,
        "block_out_channels": CHANNELS, "scaling_factor": 0.18215, "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4}
    (arguments.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    print(f"{arguments.folder}: {weights.count / 1e6:.1f} M parameters, {weights.file.name} has {Path(weights.file.name).stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
