"""The emoji set on disk, and pictures of scenes out of it."""

import dataclasses
import itertools
import json
from pathlib import Path

import numpy as np
import torch

from data.names import Emoji
from data.scenes import BACKGROUNDS, COLOURS, POSITIONS, Four, Scene
from data.styles import INKED, STYLES, draw, shrink

SIZE, SMALL = 128, 60
FULL, SMALL_PICTURES, _EMOJIS = "full.npy", "small.npy", "emojis.json"
# Left, middle and right, or top, middle and bottom, of a small emoji: apart by multiples of 8, so that in the
# autoencoder's blocks a small emoji looks the same everywhere.
PLACES = (2, 34, 66)
# Top and left of each of two small emojis; each has a half of the picture for itself.
PAIR_PLACES = {"beside": ((34, 2), (34, 66)), "above": ((2, 34), (66, 34))}
_INKS = (20, 255)


def ink_on(background: int) -> int:
    """The gray of ink that can be seen: dark on light backgrounds, light on dark ones."""
    return _INKS[0 if sum(BACKGROUNDS[COLOURS[background]]) > 400 else 1]


def save(work: Path, emojis: list[Emoji], glyphs: list[np.ndarray]) -> None:
    """Writes emojis and their pictures, in every style and size, into the work folder."""
    np.save(work / FULL, np.stack([[shrink(draw(g, style), SIZE) for style in STYLES] for g in glyphs]))
    np.save(work / SMALL_PICTURES, np.stack([shrink(g, SMALL) for g in glyphs]))
    (work / _EMOJIS).write_text(json.dumps([dataclasses.asdict(e) for e in emojis], ensure_ascii=False, indent=1),
                                encoding="utf-8")


def load_emojis(work: Path) -> list[Emoji]:
    """The emojis in the order of their pictures."""
    entries = json.loads((work / _EMOJIS).read_text(encoding="utf-8"))
    return [Emoji(**{**e, "keywords": tuple(e["keywords"])}) for e in entries]


def load_pictures(work: Path, name: str) -> np.ndarray:
    """All pictures of full or of small size, read when they are needed."""
    return np.load(work / name, mmap_mode="r")


class Pictures:
    """Renders scenes: full [N, styles, 128, 128, 4] and small [N, 60, 60, 4] pictures of all emojis."""

    def __init__(self, work: Path):
        self._full, self._small = load_pictures(work, FULL), load_pictures(work, SMALL_PICTURES)

    def __len__(self) -> int:
        return len(self._full)

    def render(self, scenes: list[Scene | Four]) -> torch.Tensor:
        """The scenes as pictures [B, 3, 128, 128] in [-1, 1]."""
        rendered = np.stack([self._render(scene) for scene in scenes]).clip(0, 255)
        pictures = torch.from_numpy(rendered).float().div_(127.5).sub_(1).permute(0, 3, 1, 2)
        return pictures.contiguous(memory_format=torch.channels_last)

    def shapes(self, emojis: list[int]) -> torch.Tensor:
        """The alpha of these emojis in full size, [B, 1, 128, 128] in [0, 1]."""
        return torch.from_numpy(self._full[emojis, 0, :, :, 3:]).permute(0, 3, 1, 2).float() / 255

    def _render(self, scene: Scene | Four) -> np.ndarray:
        canvas = np.full((SIZE, SIZE, 3), BACKGROUNDS[COLOURS[scene.background]], np.float32)
        if isinstance(scene, Four):
            for emoji, place in zip(scene.emojis, itertools.product(PLACES[::2], PLACES[::2])):
                _paste(canvas, self._small[emoji], *place)
        elif scene.second is not None:
            for emoji, place in zip((scene.first, scene.second), PAIR_PLACES[scene.relation]):
                _paste(canvas, self._small[emoji], *place)
        elif scene.position is not None:
            _, row, column = POSITIONS[scene.position]
            _paste(canvas, self._small[scene.first], PLACES[row], PLACES[column])
        else:
            inked = STYLES[scene.style] in INKED
            _paste(canvas, self._full[scene.first, scene.style], 0, 0, ink_on(scene.background) if inked else 0)
        return canvas


def _paste(canvas: np.ndarray, picture: np.ndarray, top: int, left: int, ink: int = 0) -> None:
    """Draws a picture with premultiplied alpha; ink is added to its colour where it has alpha."""
    size = picture.shape[0]
    target = canvas[top:top + size, left:left + size]
    alpha = picture[..., 3:].astype(np.float32) / 255
    target *= 1 - alpha
    target += picture[..., :3] + ink * alpha
