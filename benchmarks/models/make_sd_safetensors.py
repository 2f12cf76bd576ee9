#!/usr/bin/env python3
"""The weights of make_sd_unet.py's or make_sd_decoder.py's model as a network of a diffusers folder: the same network, to measure what is made of safetensors.

    make_sd_safetensors.py MODEL FOLDER

Reads MODEL/model.onnx and writes FOLDER/diffusion_pytorch_model.safetensors and FOLDER/config.json.
"""
import json
import re
import struct
import sys
from pathlib import Path

import numpy as np
import onnx

UNET = {
    "_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "sample_size": 64, "layers_per_block": 2,
    "block_out_channels": [320, 640, 1280, 1280], "cross_attention_dim": 768, "attention_head_dim": 8,
    "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"], "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3}
AUTOENCODER = {
    "_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3, "latent_channels": 4, "layers_per_block": 2, "sample_size": 512,
    "block_out_channels": [128, 256, 512, 512], "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4}


def unet_name(name):
    name = re.sub(r"^up\.(\d)\.", lambda match: f"up_blocks.{3 - int(match[1])}.", name)
    name = re.sub(r"^down\.(\d)\.", r"down_blocks.\1.", name)
    name = re.sub(r"^mid\.attention\.", "mid_block.attentions.0.", name)
    name = re.sub(r"^mid\.", "mid_block.", name)
    name = name.replace(".downsample.", ".downsamplers.0.conv.").replace(".upsample.", ".upsamplers.0.conv.")
    name = re.sub(r"(attentions\.\d)\.(norm\d|attn\d|ff)\.", r"\1.transformer_blocks.0.\2.", name)
    return name.replace(".to_out.", ".to_out.0.").replace(".ff.proj.", ".ff.net.0.proj.").replace(".ff.out.", ".ff.net.2.")


def decoder_name(name):
    if name.startswith("post_quant_conv."):
        return name
    name = re.sub(r"^up\.(\d)\.", r"up_blocks.\1.", name).replace(".upsample.", ".upsamplers.0.conv.")
    name = re.sub(r"^mid\.attention\.", "mid_block.attentions.0.", name)
    name = re.sub(r"^mid\.", "mid_block.", name)
    return "decoder." + name.replace(".to_out.", ".to_out.0.")


def main(model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    graph = onnx.load(str(model / "model.onnx"), load_external_data=False).graph
    tensors = [(tensor.name, list(tensor.dims), {entry.key: entry.value for entry in tensor.external_data}) for tensor in graph.initializer if tensor.external_data]
    is_unet = any(name.startswith("down.") for name, _, _ in tensors)
    entries, header, offset = [], {"__metadata__": {"format": "pt"}}, 0
    for name, shape, external in sorted(tensors, key=lambda tensor: tensor[0]):
        size = 4 * int(np.prod(shape))
        is_product = len(shape) == 2
        stored = shape[::-1] if is_product else [extent for extent in shape if extent > 1] if len(shape) == 3 else shape
        header[unet_name(name) if is_unet else decoder_name(name)] = {"dtype": "F32", "shape": stored, "data_offsets": [offset, offset + size]}
        entries.append((model / external["location"], int(external["offset"]), shape, is_product))
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "diffusion_pytorch_model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for path, start, shape, is_product in entries:
            values = np.fromfile(path, np.float32, int(np.prod(shape)), offset=start).reshape(shape)
            np.ascontiguousarray(values.T if is_product else values).tofile(file)
    (folder / "config.json").write_text(json.dumps(UNET if is_unet else AUTOENCODER, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
