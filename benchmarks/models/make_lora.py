#!/usr/bin/env python3
"""A LoRA with random numbers for all attention of a UNet, as trainers make them by default, to measure what it costs.

    make_lora.py FOLDER FILE [--rank 16]

Reads the header of FOLDER/diffusion_pytorch_model.safetensors and writes FILE, with the names of diffusers.
"""
import argparse
import json
import re
import struct
from pathlib import Path

import numpy as np


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rank", type=int, default=16)
    arguments = parser.parse_args()
    with open(arguments.folder / "diffusion_pytorch_model.safetensors", "rb") as file:
        model = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))

    random, header, tensors, offset = np.random.default_rng(0), {}, [], 0
    for name in sorted(model):
        if not re.search(r"attn\d\.to_(q|k|v|out\.0)\.weight$", name):
            continue
        outputs, inputs = model[name]["shape"]
        for part, shape in (("lora_A", (arguments.rank, inputs)), ("lora_B", (outputs, arguments.rank))):
            values = random.standard_normal(shape, dtype=np.float32) * 0.01
            header[f"unet.{name.removesuffix('weight')}{part}.weight"] = {
                "dtype": "F32", "shape": shape, "data_offsets": [offset, offset + values.nbytes]}
            tensors.append(values)
            offset += values.nbytes
    text = json.dumps(header).encode()
    with open(arguments.file, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for values in tensors:
            values.tofile(file)


if __name__ == "__main__":
    main()
