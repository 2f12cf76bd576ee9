#!/usr/bin/env python3
"""A model folder with large weights of no meaning, to measure memory: the tests' formulas, each multiplied by a random matrix and zero.

    make_large_folder.py FOLDER

Writes 1.7 GB: a text encoder of 480 MB, a UNet of 1000 MB and a decoder of 200 MB. Needs numpy and onnx (Debian: python3-onnx).
"""
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FIXTURES = Path(__file__).resolve().parents[2] / "tests/DiffusionSharp.OnnxRuntime.Tests/Fixtures"
MEGABYTES = {"text_encoder": 480, "unet": 1000, "vae_decoder": 200}
COLUMNS = 8192
WEIGHTS = "model.onnx_data"


def enlarge(path, megabytes):
    """Adds 0 * max(matrix @ max(input)) to the first output, which no optimiser can fold."""
    model = onnx.load(str(path))
    graph = model.graph
    output = graph.output[0].name
    for node in graph.node:
        node.output[:] = ["small" if name == output else name for name in node.output]
    matrix = np.random.default_rng(0).standard_normal((COLUMNS, megabytes * 10**6 // 4 // COLUMNS), dtype=np.float32)
    graph.initializer.extend([
        numpy_helper.from_array(matrix, "matrix"), numpy_helper.from_array(np.array([1, COLUMNS]), "row"),
        numpy_helper.from_array(np.array([1, 1]), "one"), numpy_helper.from_array(np.float32(0).reshape(()), "zero")])
    graph.node.extend([
        helper.make_node("Cast", [graph.input[0].name], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["float"], ["largest"], keepdims=0),
        helper.make_node("Reshape", ["largest", "one"], ["cell"]),
        helper.make_node("Expand", ["cell", "row"], ["vector"]),
        helper.make_node("MatMul", ["vector", "matrix"], ["product"]),
        helper.make_node("ReduceMax", ["product"], ["number"], keepdims=0),
        helper.make_node("Mul", ["number", "zero"], ["nothing"]),
        helper.make_node("Add", ["small", "nothing"], [output])])
    (path.parent / WEIGHTS).unlink(missing_ok=True)
    onnx.save(model, str(path), save_as_external_data=True, location=WEIGHTS)


def main(folder):
    shutil.copytree(FIXTURES / "folders/optimum-float32", folder)
    shutil.copytree(FIXTURES / "tokenizer", folder / "tokenizer")
    for part, megabytes in MEGABYTES.items():
        enlarge(folder / part / "model.onnx", megabytes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
