#!/usr/bin/env python3
"""Stage 7: the prompts that a model is evaluated with, what each must show, and how that is drawn.

The file, evaluation.json, is what evaluate.py and the C# program samples/Evaluation both read, so that both generate and
score the same pictures: neither has a copy of colours, places and styles.
"""

import dataclasses
import json
import random
from dataclasses import dataclass
from pathlib import Path

import stage
from data import dataset
from data.dataset import PAIR_PLACES, PLACES, SIZE, SMALL, ink_on
from data.names import Emoji
from data.scenes import BACKGROUNDS, COLOURS, POSITIONS, RELATIONS, Scene, SceneMaker, caption
from data.styles import INKED, STYLES

# "name" is every emoji on white; the others are combinations that training never showed.
HELD_OUT = ("background", "style", "position", "pair")
KINDS = ("name", *HELD_OUT)
FILE = "evaluation.json"


@dataclass(frozen=True)
class Prompt:
    """A prompt, the seed of its noise, and the scene that it asks for."""

    kind: str
    prompt: str
    seed: int
    scene: Scene


@dataclass(frozen=True)
class EvaluationSet:
    """All prompts, and the scenes that the autoencoder is measured on, by what they are."""

    prompts: list[Prompt]
    reconstructions: dict[str, list[Scene]]

    def of(self, kind: str, limit: int | None = None) -> list[Prompt]:
        """The prompts of a kind; with a limit so many of them, evenly spread: number i * count // limit."""
        found = [prompt for prompt in self.prompts if prompt.kind == kind]
        return spread(found, limit)


def spread(items: list, limit: int | None) -> list:
    """As many as the limit says, evenly spread; all without one."""
    return items if limit is None or limit >= len(items) else [items[i * len(items) // limit] for i in range(limit)]


def make(emojis: list[Emoji], held_out: int, seed: int) -> EvaluationSet:
    """Draws the prompts, the same ones for the same emojis; no two of a kind show the same."""
    maker, rng = SceneMaker(emojis), random.Random(seed)
    # Without keywords a caption always names the emoji.
    named = [dataclasses.replace(emoji, keywords=()) for emoji in emojis]
    prompts = [Prompt("name", emoji.name, i, Scene(i)) for i, emoji in enumerate(emojis)]
    for kind in HELD_OUT:
        scenes: dict[Scene, None] = {}
        while len(scenes) < held_out:
            scenes[maker.draw_held_out(kind, rng)] = None
        prompts += [Prompt(kind, caption(scene, named, rng), len(prompts) + i, scene) for i, scene in enumerate(scenes)]
    return EvaluationSet(prompts, _reconstructions(maker, len(emojis)))


def _reconstructions(maker: SceneMaker, count: int) -> dict[str, list[Scene]]:
    """Every emoji in every style (the first as training measures it), small ones and pairs, on random backgrounds."""
    groups = {}
    for style, name in enumerate(STYLES):
        rng = random.Random(1)
        groups[name or "plain"] = [Scene(i, rng.randrange(len(COLOURS)), style) for i in range(count)]
    rng = random.Random(1)
    groups["small"] = [Scene(i, rng.randrange(len(COLOURS)), position=rng.randrange(len(POSITIONS)))
                       for i in range(count)]
    groups["pair"] = []
    for _ in range(count):
        first, second = rng.sample(maker.paired, 2)
        groups["pair"].append(Scene(first, rng.randrange(len(COLOURS)), second=second,
                                    relation=rng.choice(tuple(RELATIONS))))
    return groups


def save(evaluation: EvaluationSet, path: Path) -> None:
    """Writes the file."""
    content = {
        "size": SIZE,
        "small_size": SMALL,
        "backgrounds": [{"name": name, "rgb": rgb, "ink": ink_on(i)} for i, (name, rgb) in enumerate(BACKGROUNDS.items())],
        "styles": [{"name": name or "plain", "inked": name in INKED} for name in STYLES],
        # Top and left of a small emoji, in pixels.
        "positions": [[PLACES[row], PLACES[column]] for _, row, column in POSITIONS],
        "pair_places": PAIR_PLACES,
        "prompts": [dataclasses.asdict(prompt) for prompt in evaluation.prompts],
        "reconstructions": {name: [dataclasses.asdict(scene) for scene in scenes]
                            for name, scenes in evaluation.reconstructions.items()},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace('{"kind"', '\n{"kind"'),
                    encoding="utf-8")


def load(work: Path) -> EvaluationSet:
    """Reads the file; exits where there is none yet."""
    path = work / FILE
    if not path.exists():
        raise SystemExit(f"{path} is missing: run evaluation_set.py.")
    content = json.loads(path.read_text(encoding="utf-8"))
    prompts = [Prompt(**{**entry, "scene": Scene(**entry["scene"])}) for entry in content["prompts"]]
    return EvaluationSet(prompts, {name: [Scene(**scene) for scene in scenes]
                                   for name, scenes in content["reconstructions"].items()})


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--held-out", type=int, default=150, help="prompts of each held-out kind")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    evaluation = make(dataset.load_emojis(options.work), options.held_out, options.seed)
    save(evaluation, options.work / FILE)
    print(f"{len(evaluation.prompts)} prompts in {options.work / FILE}")


if __name__ == "__main__":
    main()
