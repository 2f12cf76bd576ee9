"""Scores pictures by retrieval: which of all emojis, drawn as the prompt asks, is nearest to a picture?

samples/Evaluation/Retrieval.cs does the same, to the bit. All numbers are whole, so that no order of additions matters:

- A picture is bytes, and so is a scene drawn by data.dataset: float32, then (clamp(x, -1, 1) + 1) * 127.5, rounded half
  to even. Both are pooled: the sums of 8x8 squares, [16, 16, 3], 64 times their means.
- The distance of two pictures is the sum of the squared differences of these.
- The rank of an emoji among candidates is how many are strictly nearer: 0 is top-1, below 5 is top-5. Two emojis that
  look alike (silhouettes of hearts) therefore share a rank.

By the kind of the prompt:

- name, background: the emoji's rank among all N in full size on the asked background.
- style: its rank among all N in the asked style on the asked background. The style is right where of the right emoji
  in all 5 styles, there, none is nearer than the asked one.
- position: its rank among all N small ones at the asked position. The position is right where of the right emoji at all
  9 positions none is nearer than the asked one.
- pair: the rank of each of the two among all N small ones at its place, compared in its own half of the picture; top-1
  and top-5 are means over both. The relation is right where of the right two side by side or one above the other, in
  either order, none of the 4 is nearer than the asked one.
- The background is right (all kinds but name) where of the 12 colours none is nearer than the asked one to the median,
  channel by channel, of the picture's border: its outermost pixels, without those that the asked scene itself covers,
  unless it covers all of them.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch

from data.dataset import SIZE, Pictures
from data.scenes import BACKGROUNDS, POSITIONS, RELATIONS, Scene
from data.styles import STYLES
from evaluation_set import Prompt
from trained import to_bytes

_POOL = SIZE // 16
_COLOURS = np.array(tuple(BACKGROUNDS.values()), np.float64)
_WHOLE = (slice(None), slice(None))
# The half, in pooled squares, that the first and the second of a pair has.
_HALVES = {
    "beside": {"first": (slice(None), slice(0, 8)), "second": (slice(None), slice(8, 16))},
    "above": {"first": (slice(0, 8), slice(None)), "second": (slice(8, 16), slice(None))},
}


@dataclass(frozen=True)
class Score:
    """The rank of each asked emoji, and whether style, position or relation and background are right, where asked."""

    ranks: tuple[int, ...]
    attribute: bool | None
    background: bool | None


def pool(pictures: torch.Tensor) -> np.ndarray:
    """Sums of 8x8 squares of pictures, uint8 [B, 3, 128, 128], as int16 [B, 16, 16, 3]."""
    batch, channels, height, width = pictures.shape
    squares = pictures.numpy().reshape(batch, channels, height // _POOL, _POOL, width // _POOL, _POOL)
    return squares.sum((3, 5), dtype=np.int16).transpose(0, 2, 3, 1)


class Retrieval:
    """Scores pictures against the emojis of a work folder."""

    def __init__(self, pictures: Pictures):
        self._pictures = pictures
        # Some 200 sets of candidates, 2 MB each.
        self._all = lru_cache(maxsize=256)(self._draw_all)

    def score(self, prompt: Prompt, picture: torch.Tensor) -> Score:
        """How well a picture, uint8 [3, 128, 128], shows what its prompt asks for."""
        scene, pooled = prompt.scene, pool(picture[None])[0]
        if prompt.kind == "pair":
            ranks = (self._rank(pooled, scene, "first"), self._rank(pooled, scene, "second"))
        else:
            ranks = (self._rank(pooled, scene, "first"),)
        others = _alternatives(prompt.kind, scene)
        attribute = _nearer(pooled, pool(self.draw([scene, *others])), 0) == 0 if others else None
        background = None if prompt.kind == "name" else self._has_background(picture, scene)
        return Score(ranks, attribute, background)

    def draw(self, scenes: list[Scene]) -> torch.Tensor:
        """Scenes as they should look, uint8 [B, 3, 128, 128]."""
        return to_bytes(self._pictures.render(scenes))

    def _rank(self, pooled: np.ndarray, scene: Scene, which: str) -> int:
        # The partner of a pair is in the other half, so it does not matter which one it is.
        template = replace(scene, first=0, second=None if scene.second is None else 0)
        rows, columns = _half(scene, which)
        return _nearer(pooled[rows, columns], self._all(template, which), getattr(scene, which))

    def _draw_all(self, template: Scene, which: str) -> np.ndarray:
        rows, columns = _half(template, which)
        drawn = [pool(self.draw([replace(template, **{which: i}) for i in part.tolist()]))[:, rows, columns]
                 for part in torch.arange(len(self._pictures)).split(256)]
        return np.concatenate(drawn)

    def _has_background(self, picture: torch.Tensor, scene: Scene) -> bool:
        free = (_border(self.draw([scene])[0]) == _COLOURS[scene.background]).all(1)
        border = _border(picture)
        median = np.median(border[free] if free.any() else border, 0)
        return _nearer(median, _COLOURS, scene.background) == 0


def _half(scene: Scene, which: str) -> tuple[slice, slice]:
    return _HALVES[scene.relation][which] if scene.second is not None else _WHOLE


def _nearer(picture: np.ndarray, candidates: np.ndarray, right: int) -> int:
    """How many candidates are nearer to the picture than the right one."""
    distances = ((candidates - picture.astype(np.float64)) ** 2).reshape(len(candidates), -1).sum(1)
    return int((distances < distances[right]).sum())


def _alternatives(kind: str, scene: Scene) -> list[Scene]:
    """What could be there instead of the asked scene, differing in the attribute only."""
    if kind == "style":
        found = [replace(scene, style=i) for i in range(len(STYLES))]
    elif kind == "position":
        found = [replace(scene, position=i) for i in range(len(POSITIONS))]
    elif kind == "pair":
        found = [replace(scene, first=first, second=second, relation=relation) for relation in RELATIONS
                 for first, second in ((scene.first, scene.second), (scene.second, scene.first))]
    else:
        found = []
    return [other for other in found if other != scene]


def _border(picture: torch.Tensor) -> np.ndarray:
    """The outermost pixels of a picture [3, H, W], [count, 3]."""
    rows = picture.permute(1, 2, 0).numpy()
    return np.concatenate([rows[0], rows[-1], rows[1:-1, 0], rows[1:-1, -1]])
