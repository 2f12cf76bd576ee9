"""Latents of random scenes on disk, encoded once and drawn from many times."""

import dataclasses
import json
import random
from pathlib import Path

import numpy as np
import torch

from data.scenes import Scene

_LATENTS, _SCENES = "latents.npy", "scenes.json"


@dataclasses.dataclass(frozen=True)
class Encoded:
    """Different scenes, the latents of each, float16 [N, 8, 16, 16], and which of them was drawn how often."""

    scenes: list[Scene]
    latents: np.ndarray
    drawn: list[int]

    @classmethod
    def load(cls, work: Path) -> "Encoded":
        """What the work folder has; exits where it has nothing yet."""
        path = work / _SCENES
        if not path.exists():
            raise SystemExit(f"{path} is missing: run encode_latents.py.")
        content = json.loads(path.read_text(encoding="utf-8"))
        scenes = [Scene(*fields) for fields in content["scenes"]]
        return cls(scenes, np.load(work / _LATENTS, mmap_mode="r"), content["drawn"])

    def save(self, work: Path) -> None:
        """Writes it, the scenes last: where they are, all is."""
        np.save(work / _LATENTS, self.latents)
        content = {"scenes": [dataclasses.astuple(scene) for scene in self.scenes], "drawn": self.drawn}
        (work / _SCENES).write_text(json.dumps(content), encoding="utf-8")

    def draw(self, count: int, rng: random.Random) -> tuple[list[Scene], torch.Tensor]:
        """Random scenes, as often as they were drawn, and their latents, float32 [count, 8, 16, 16]."""
        numbers = self.choose(count, rng)
        return [self.scenes[i] for i in numbers], self.latents_of(numbers)

    def choose(self, count: int, rng: random.Random) -> list[int]:
        """The numbers of random scenes, as often as they were drawn."""
        return [rng.choice(self.drawn) for _ in range(count)]

    def latents_of(self, numbers: list[int]) -> torch.Tensor:
        """Their latents, float32 [count, 8, 16, 16]."""
        return torch.from_numpy(self.latents[numbers].astype(np.float32))
