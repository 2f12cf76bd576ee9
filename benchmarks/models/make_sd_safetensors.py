#!/usr/bin/env python3
"""The weights of make_sd_unet.py's or make_sd_decoder.py's model as a network of a diffusers folder: the same network, to measure what is made of safetensors.

    make_sd_safetensors.py MODEL FOLDER

Reads MODEL/model.onnx and writes FOLDER/diffusion_pytorch_model.safetensors, with MODEL/config.json beside it.
"""
import json
import re
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import onnx


def unet_name(name, lowest):
    name = re.sub(r"^up\.(\d)\.", lambda match: f"up_blocks.{lowest - int(match[1])}.", name)
    name = re.sub(r"^down\.(\d)\.", r"down_blocks.\1.", name)
    name = re.sub(r"^mid\.", "mid_block.", name)
    name = name.replace(".downsample.", ".downsamplers.0.conv.").replace(".upsample.", ".upsamplers.0.conv.")
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
    config = json.loads((model / "config.json").read_text())
    lowest = len(config["block_out_channels"]) - 1
    is_unet = config["_class_name"] == "UNet2DConditionModel"
    entries, header, offset = [], {"__metadata__": {"format": "pt"}}, 0
    for name, shape, external in sorted(tensors, key=lambda tensor: tensor[0]):
        size = 4 * int(np.prod(shape))
        is_product = len(shape) == 2
        stored = shape[::-1] if is_product else [extent for extent in shape if extent > 1] if len(shape) == 3 else shape
        header[unet_name(name, lowest) if is_unet else decoder_name(name)] = {"dtype": "F32", "shape": stored, "data_offsets": [offset, offset + size]}
        entries.append((model / external["location"], int(external["offset"]), shape, is_product))
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "diffusion_pytorch_model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for path, start, shape, is_product in entries:
            values = np.fromfile(path, np.float32, int(np.prod(shape)), offset=start).reshape(shape)
            np.ascontiguousarray(values.T if is_product else values).tofile(file)
    shutil.copy(model / "config.json", folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
