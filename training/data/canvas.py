"""Pictures of scenes, drawn on a GPU: the same as those of dataset.Pictures, many at once."""

import itertools
from pathlib import Path

import torch

from data.dataset import FULL, PAIR_PLACES, PLACES, SIZE, SMALL, SMALL_PICTURES, ink_on, load_pictures
from data.scenes import BACKGROUNDS, COLOURS, POSITIONS, Four, Scene
from data.styles import INKED, STYLES

_NONE = -1


def row(scene: Scene | Four, places: int) -> list[int]:
    """A scene as numbers: its background, its picture in full size, and emoji, top and left of so many small ones."""
    full, small = _NONE, []
    if isinstance(scene, Four):
        corners = itertools.product(PLACES[::2], PLACES[::2])
        small = [(emoji, *corner) for emoji, corner in zip(scene.emojis, corners)]
    elif scene.second is not None:
        first, second = PAIR_PLACES[scene.relation]
        small = [(scene.first, *first), (scene.second, *second)]
    elif scene.position is not None:
        _, line, column = POSITIONS[scene.position]
        small = [(scene.first, PLACES[line], PLACES[column])]
    else:
        full = scene.first * len(STYLES) + scene.style
    small += [(_NONE, 0, 0)] * (places - len(small))
    return [scene.background, full, *itertools.chain(*small)]


class Canvas:
    """Draws rows of scenes."""

    def __init__(self, work: Path, device: torch.device):
        full, small = (torch.tensor(load_pictures(work, name)) for name in (FULL, SMALL_PICTURES))
        self._full = full.to(device).flatten(0, 1).permute(0, 3, 1, 2).contiguous()
        # A line and a column of nothing, which are what is beside a small picture.
        self._small = torch.zeros(len(small), 4, SMALL + 1, SMALL + 1, dtype=torch.uint8, device=device)
        self._small[:, :, :SMALL, :SMALL] = small.to(device).permute(0, 3, 1, 2)
        self._colours = torch.tensor([BACKGROUNDS[name] for name in COLOURS], dtype=torch.float32, device=device)
        self._inks = torch.tensor([ink_on(i) for i in range(len(COLOURS))], dtype=torch.float32, device=device)
        self._is_inked = torch.tensor([float(style in INKED) for style in STYLES], device=device)
        self._line = torch.arange(SIZE, device=device)

    def render(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows [B, 2 + 3 small ones] as pictures [B, 3, 128, 128] in [-1, 1]."""
        rows = rows.long()
        background, full = rows[:, 0], rows[:, 1]
        x = self._colours[background][:, :, None, None].expand(-1, -1, SIZE, SIZE)
        ink = self._inks[background] * self._is_inked[full % len(STYLES)]
        x = _over(x, self._full[full.clamp(min=0)] * (full >= 0)[:, None, None, None], ink)
        for emoji, top, left in (small.unbind(1) for small in rows[:, 2:].split(3, 1)):
            x = _over(x, self._placed(emoji, top, left))
        return (x.clamp(0, 255) / 127.5 - 1).contiguous(memory_format=torch.channels_last)

    def _placed(self, emoji: torch.Tensor, top: torch.Tensor, left: torch.Tensor) -> torch.Tensor:
        """Small pictures at their places, [B, 4, 128, 128]."""
        def index(start: torch.Tensor) -> torch.Tensor:
            offsets = self._line - start[:, None]
            is_beside = (offsets < 0) | (offsets >= SMALL) | (emoji < 0)[:, None]
            return torch.where(is_beside, torch.full_like(offsets, SMALL), offsets)

        pixels = index(top)[:, :, None] * (SMALL + 1) + index(left)[:, None, :]
        small = self._small[emoji.clamp(min=0)].flatten(2)
        return small.gather(2, pixels.flatten(1)[:, None].expand(-1, 4, -1)).unflatten(2, (SIZE, SIZE))


def _over(x: torch.Tensor, picture: torch.Tensor, ink: torch.Tensor | None = None) -> torch.Tensor:
    """A picture with premultiplied alpha on x; ink is added to its colour where it has alpha."""
    alpha = picture[:, 3:].float() / 255
    x = x * (1 - alpha) + picture[:, :3].float()
    return x if ink is None else x + ink[:, None, None, None] * alpha
