#!/usr/bin/env python3
"""Stages 3 to 8 on one GPU, in one process with one deadline: ten minutes of a large one are days of a core.

What each stage learns and the work folder are the same, so any stage may go on elsewhere. Scenes, pictures and captions
are in the GPU's memory, a step is one CUDA graph, and the blocks of the networks are compiled. Stages that have a
checkpoint go on from it.
"""

import argparse
import time

import stage
import torch

import trained
import training_loop
from data.tables import Tables
from networks.layers import ResidualBlock, TransformerBlock
from train_autoencoder import KlTask, picture
from train_decoder import DecoderTask
from train_denoiser import DenoiserTask
from train_prior import PriorTask
from train_recognizer import RecognizerTask

# Each stage's part of the time, and how many pictures are in a step.
_STAGES = {KlTask: (0.24, 64), PriorTask: (0.33, 1024), RecognizerTask: (0.1, 256), DenoiserTask: (0.17, 256),
           DecoderTask: (0.16, 64)}
_LATENTS_AFTER = KlTask


def main() -> None:
    started = time.monotonic()
    parser = stage.parser(__doc__)
    parser.add_argument("--minutes", type=float, default=12, help="for everything, from the start of this process")
    parser.add_argument("--stages", nargs="+", default=[task.name for task in _STAGES], help="those to train")
    parser.add_argument("--steps", type=int, help="of each stage at most")
    parser.add_argument("--batch", type=float, default=1, help="how many times as many pictures in a step")
    parser.add_argument("--scenes", type=int, default=409_600, help="that are encoded")
    parser.add_argument("--pictures", type=int, default=200_000, help="that the autoencoder sees")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    device = stage.device()
    tables = Tables(asked.work, device, asked.scenes, asked.pictures, picture, asked.seed)
    print(f"{time.monotonic() - started:.0f} s: tables of {asked.scenes} scenes", flush=True)
    if device.type == "cuda":
        _compile_blocks()
    left = {task: of for task, of in _STAGES.items() if task.name in asked.stages}
    for task, (part, batch) in _STAGES.items():
        if task in left:
            parts = sum(of for of, _ in left.values())
            seconds = (asked.minutes * 60 - (time.monotonic() - started)) * part / parts
            training_loop.run(task, _options(asked, tables, seconds, round(batch * asked.batch)))
            del left[task]
            print(f"{time.monotonic() - started:.0f} s: {task.name}", flush=True)
        if task is _LATENTS_AFTER and left:
            encoder, _ = trained.load_autoencoder(asked.work, device)
            tables.encode(encoder.to(memory_format=torch.channels_last))


def _options(asked: argparse.Namespace, tables: Tables, seconds: float, batch: int) -> argparse.Namespace:
    """Those of a stage, which starts a new budget."""
    parser = stage.parser("")
    stage.add_training_options(parser, minutes=seconds / 60, batch=batch)
    options = parser.parse_args([])
    options.work, options.threads, options.seed, options.tables = asked.work, asked.threads, asked.seed, tables
    options.batch, options.workers, options.save_seconds = batch, 1, float("inf")
    options.steps = asked.steps or options.steps
    return options


def _compile_blocks() -> None:
    """Compiles what networks are made of, once for each shape; a network as a whole would take minutes."""
    torch._dynamo.config.recompile_limit = 128
    torch.set_float32_matmul_precision("high")
    for kind in (ResidualBlock, TransformerBlock):
        kind.forward = torch.compile(kind.forward, dynamic=False)


if __name__ == "__main__":
    main()
