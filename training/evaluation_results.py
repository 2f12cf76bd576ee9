"""What an evaluation writes: runs with the score of every prompt, in evaluation-pytorch.json and -dotnet.json."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from retrieval import Score


@dataclass
class Run:
    """All prompts of a kind with one sampler and one guidance, and their scores in the order of the prompts."""

    kind: str
    sampler: str
    steps: int
    guidance: float
    count: int
    ranks: list[list[int]] = field(default_factory=list)
    attribute: list[bool] | None = None
    background: list[bool] | None = None
    sharpness: float | None = None
    seconds: float = 0.0

    MEASURES: ClassVar[tuple[str, ...]] = ("top-1", "top-5", "attribute", "background", "sharpness")

    @property
    def key(self) -> str:
        """What tells it from other runs."""
        return f"{self.kind}, {self.sampler} {self.steps}, guidance {self.guidance:g}, {self.count} prompts"

    def add(self, score: Score) -> None:
        """Adds the score of the next prompt."""
        self.ranks.append(list(score.ranks))
        if score.attribute is not None:
            self.attribute = [*(self.attribute or []), score.attribute]
        if score.background is not None:
            self.background = [*(self.background or []), score.background]

    def top(self, count: int) -> float:
        """The part of the asked emojis that is among the nearest so many."""
        ranks = [rank for prompt in self.ranks for rank in prompt]
        return sum(rank < count for rank in ranks) / len(ranks)

    def measures(self) -> dict[str, str]:
        """What was measured, as text; empty where a kind does not have it."""
        values = (_percent(self.top(1)), _percent(self.top(5)), _part_of(self.attribute), _part_of(self.background),
                  "" if self.sharpness is None else f"{self.sharpness:.2f}")
        return dict(zip(self.MEASURES, values))

    @staticmethod
    def header() -> str:
        """The head of the table."""
        return "kind        sampler    guidance  prompts    top-1    top-5  attribute  background  sharpness"

    def row(self) -> str:
        """Its line of the table."""
        kind, sampler, guidance, count = self.kind, f"{self.sampler} {self.steps}", f"{self.guidance:g}", self.count
        top1, top5, attribute, background, sharpness = self.measures().values()
        return (f"{kind:<11} {sampler:<10} {guidance:>8} {count:>8} {top1:>8} {top5:>8} {attribute:>10} "
                f"{background:>11} {sharpness:>10}")


class Results:
    """The file of one implementation and one set of weights."""

    def __init__(self, path: Path, content: dict):
        self._path = path
        self._content = content

    @classmethod
    def open(cls, path: Path, library: str, weights: str) -> "Results":
        """The file as it is, or an empty one where there is none or it is of other weights."""
        fresh = {"library": library, "weights": weights, "psnr": {}, "runs": {}}
        content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else fresh
        return cls(path, content if content["weights"] == weights else fresh)

    @classmethod
    def read(cls, path: Path) -> "Results":
        """A file that is there."""
        return cls(path, json.loads(path.read_text(encoding="utf-8")))

    @property
    def library(self) -> str:
        """What generated the pictures."""
        return self._content["library"]

    @property
    def psnr(self) -> dict[str, dict[str, float]]:
        """Decibels of the autoencoder, and of how many pictures, for each group of scenes."""
        return self._content["psnr"]

    @property
    def runs(self) -> dict[str, Run]:
        """All runs by their key."""
        return {key: Run(**run) for key, run in self._content["runs"].items()}

    def set_psnr(self, values: dict[str, dict[str, float]]) -> None:
        """Writes the autoencoder's decibels."""
        self._content["psnr"] = values
        self._save()

    def set_run(self, run: Run) -> None:
        """Writes a run, in place of the same one of before."""
        self._content["runs"][run.key] = asdict(run)
        self._save()

    def _save(self) -> None:
        self._path.write_text(json.dumps(self._content) + "\n", encoding="utf-8")


def _percent(part: float) -> str:
    return f"{100 * part:.1f} %"


def _part_of(values: list[bool] | None) -> str:
    return "" if values is None else _percent(sum(values) / len(values))
