#!/usr/bin/env python3
"""The embedded model in PyTorch (CPU, eager, all cores) beside DiffusionSharp: one prompt, one seed, 20 DDIM steps, in turn.

    benchmarks/peers/pytorch.py [ROUNDS]

Needs torch, onnx and numpy; nothing is downloaded. Where torch comes with the reference BLAS, as Debian's does, its matrix products are slow:
install an optimised one (libopenblas0-pthread; training/stage.py chooses its kernels and one thread, so that its threads do not compete with
oneDNN's); which one ran is printed. Networks and sampler are those of training/, weights those of the shipped ONNX files.
Before anything is timed, both sides must draw the same picture.
"""
import base64
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import stage  # noqa: E402, F401 (before torch)
import numpy as np  # noqa: E402
import torch  # noqa: E402

import diffusion  # noqa: E402
import import_model  # noqa: E402
import trained  # noqa: E402

PROMPT, SEED, STEPS, GUIDANCE = "a red apple", 1, 20, 1.0
# A value of a byte at most: float32 sums in another order may round to a neighbour.
LARGEST_DIFFERENCE = 1


class PyTorch:
    def __init__(self):
        torch.set_num_threads(os.cpu_count())
        self.parts = import_model.read(ROOT / "src/DiffusionSharp.Emoji/model")

    @torch.no_grad()
    def draw(self):
        """Bytes [128, 128, 3], and the seconds it took."""
        started = time.perf_counter()
        noise = torch.randn(1, *trained.LATENT_SHAPE, generator=torch.Generator().manual_seed(SEED))
        predict = trained.guided(self.parts.predictor, self.parts.context([PROMPT]), self.parts.context([""]), GUIDANCE)
        picture = self.parts.pictures(diffusion.ddim(predict, noise, STEPS))[0].permute(1, 2, 0).numpy()
        return picture, time.perf_counter() - started


class DiffusionSharp:
    """A process that draws whenever it is asked to."""

    def __init__(self):
        program = ROOT / "benchmarks/DiffusionSharp.Benchmarks/bin/Release/net10.0/DiffusionSharp.Benchmarks.dll"
        request = ["draw-on-demand", PROMPT, str(SEED), str(STEPS), str(GUIDANCE)]
        self.process = subprocess.Popen(["dotnet", str(program), *request], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def draw(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        seconds, pixels = self.process.stdout.readline().split()
        return np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(128, 128, 3), float(seconds)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def blas():
    """The file of the BLAS that torch has loaded, or what torch was built with."""
    files = {os.path.basename(os.path.realpath(line.split()[-1])) for line in open("/proc/self/maps") if "blas" in line or "libmkl" in line}
    return ", ".join(sorted(files)) or "built in"


def main(rounds):
    peer, ours = PyTorch(), DiffusionSharp()
    difference = int(np.abs(peer.draw()[0].astype(int) - ours.draw()[0].astype(int)).max())
    if difference > LARGEST_DIFFERENCE:
        raise SystemExit(f"the pictures differ by up to {difference} of 255")
    peer_seconds, our_seconds = zip(*((peer.draw()[1], ours.draw()[1]) for _ in range(rounds)))
    ours.close()
    ratios = np.quantile(np.array(peer_seconds) / np.array(our_seconds), [0.5, 0.25, 0.75])
    print(f"PyTorch {torch.__version__} / DiffusionSharp: {ratios[0]:.2f} ({ratios[1]:.2f} to {ratios[2]:.2f}), {rounds} pairs; "
          f"medians {np.median(peer_seconds):.3f} s and {np.median(our_seconds):.3f} s; pictures differ by at most {difference} of 255; BLAS {blas()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
