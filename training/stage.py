"""What the training stages share: common options, the device, the time budget, checkpoints."""

import argparse
import math
import os
import time
from pathlib import Path

import torch


def parser(description: str) -> argparse.ArgumentParser:
    """A parser with the option that every stage has."""
    result = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    result.add_argument("--work", type=Path, default=Path(__file__).parent / "work", help="folder of all stages")
    return result


def add_training_options(target: argparse.ArgumentParser, minutes: float, batch: int) -> None:
    """Adds the options of a stage that trains."""
    target.add_argument("--minutes", type=float, default=minutes,
                        help="time budget, over all runs together; the learning rate is scheduled over it")
    target.add_argument("--steps", type=int, default=math.inf, help="stop there even if there is time left")
    target.add_argument("--batch", type=int, default=batch, help="pictures in a step (of each worker)")
    target.add_argument("--precision", choices=["bfloat16", "float32"], default="bfloat16",
                        help="of activations; bfloat16 is slow on a CPU without AVX-512 or AMX")
    target.add_argument("--save-seconds", type=float, default=120, help="time between two checkpoints")
    target.add_argument("--seed", type=int, default=0)


def device() -> torch.device:
    """CUDA where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast(target: torch.device, precision: str) -> torch.autocast:
    """Mixed precision: float32 parameters, bfloat16 activations where asked for."""
    return torch.autocast(target.type, dtype=torch.bfloat16, enabled=precision == "bfloat16")


def generator(target: torch.device, seed: int, step: int, rank: int = 0) -> torch.Generator:
    """A random stream of its own for each seed, worker and step at which a run starts or resumes."""
    return torch.Generator(target).manual_seed(seed * 1_000_000_007 + rank * 100_000_007 + step)


class Budget:
    """The time that a stage has, of which earlier runs may have used some."""

    def __init__(self, minutes: float, used_seconds: float = 0.0):
        self._seconds = minutes * 60
        self._start = time.monotonic() - used_seconds

    @property
    def used_seconds(self) -> float:
        """Seconds used by this run and those it resumes."""
        return time.monotonic() - self._start

    @property
    def fraction(self) -> float:
        """The part of the budget that is used: 1 or more when training is to stop."""
        return self.used_seconds / self._seconds


class SaveTimer:
    """Says when the next checkpoint is due."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._last = time.monotonic()

    def due(self) -> bool:
        """True once in every interval."""
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


def save_checkpoint(path: Path, state: dict) -> None:
    """Writes atomically: whenever the process dies, the file is a whole checkpoint, the old one or the new one."""
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def load_checkpoint(path: Path, target: torch.device = torch.device("cpu")) -> dict | None:
    """The checkpoint, or None where there is none yet."""
    return torch.load(path, map_location=target) if path.exists() else None
