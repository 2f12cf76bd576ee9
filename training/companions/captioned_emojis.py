"""Emojis of 32x32 pixels on coloured backgrounds with their captions, and how pictures of them are scored."""

import random
from pathlib import Path

import torch

from companions import small_emojis
from data import dataset
from data.scenes import COLOURS, Scene, SceneMaker, caption
from t5_tokenizer import T5Tokenizer
from trained import to_bytes

_PIECES, _CAPTIONS_EACH = 1500, 8
_TOKENIZER = "tokenizer-t5"


def is_plain(scene: Scene) -> bool:
    """Whether it is one emoji in full size and in the font's own style."""
    return not scene.style and scene.position is None and scene.second is None


class CaptionedEmojis:
    """Random plain emojis, without the combinations with a background that are held out."""

    def __init__(self, work: Path):
        self.emojis = dataset.load_emojis(work)
        self._scenes = SceneMaker(self.emojis)
        self.pictures = torch.stack([to_bytes(small_emojis.pictures(work, background=i)) for i in range(len(COLOURS))])

    def draw(self, count: int, rng: random.Random, keywords: float) -> tuple[torch.Tensor, list[str]]:
        """Pictures [count, 3, 32, 32] in [-1, 1] and a caption each; so many of them are keywords without the name."""
        scenes: list[Scene] = []
        while len(scenes) < count:
            if is_plain(scene := self._scenes.draw(rng)):
                scenes.append(scene)
        chosen = self.pictures[[s.background for s in scenes], [s.first for s in scenes]]
        return chosen.float() / 127.5 - 1, [caption(scene, self.emojis, rng, keywords) for scene in scenes]

    def held_out(self, count: int, seed: int) -> list[Scene]:
        """Emojis on backgrounds on which training never shows them."""
        rng = random.Random(seed)
        return [self._scenes.draw_held_out("background", rng) for _ in range(count)]

    def prompt(self, scene: Scene) -> str:
        """A caption without chance: the name, and the background's colour unless it is white."""
        name = self.emojis[scene.first].name
        return f"{name} on a {COLOURS[scene.background]} background" if scene.background else name

    def top1(self, scenes: list[Scene], drawn: torch.Tensor) -> float:
        """The part of drawn pictures, uint8 [B, 3, 32, 32], to which of all emojis on the background none is nearer."""
        right = 0
        for scene, picture in zip(scenes, drawn):
            distances = (self.pictures[scene.background].float() - picture.float()).pow(2).sum((1, 2, 3))
            right += bool(distances[scene.first] <= distances.min())
        return right / len(scenes)


def tokenizer(work: Path) -> T5Tokenizer:
    """The work folder's tokenizer; learned where there is none yet."""
    folder = work / _TOKENIZER
    if not folder.exists():
        T5Tokenizer.learn(_corpus(work), _PIECES).save(folder)
    return T5Tokenizer.load(folder)


def _corpus(work: Path) -> list[str]:
    """Captions of all emojis, always the same ones for the same emojis."""
    emojis, rng = dataset.load_emojis(work), random.Random(0)
    drawn = [caption(Scene(i, rng.randrange(len(COLOURS))), emojis, rng) for i in range(len(emojis))
             for _ in range(_CAPTIONS_EACH)]
    return drawn + [", ".join((emoji.name, *emoji.keywords)) for emoji in emojis]
