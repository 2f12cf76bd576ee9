"""The emoji set on disk, and training batches out of it."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from data.captions import BACKGROUNDS
from data.glyphs import SIZE
from data.names import Emoji

_PICTURES, _EMOJIS = "pictures.npy", "emojis.json"


def save(work: Path, emojis: list[Emoji], pictures: np.ndarray) -> None:
    """Writes emojis and their pictures, uint8 [N, 64, 64, 4], into the work folder."""
    np.save(work / _PICTURES, pictures)
    (work / _EMOJIS).write_text(json.dumps([dataclasses.asdict(e) for e in emojis], ensure_ascii=False, indent=1),
                                encoding="utf-8")


def load_emojis(work: Path) -> list[Emoji]:
    """The emojis in the order of their pictures."""
    entries = json.loads((work / _EMOJIS).read_text(encoding="utf-8"))
    return [Emoji(e["text"], e["name"], tuple(e["keywords"])) for e in entries]


class Pictures:
    """All pictures in memory, as batches on coloured backgrounds: [B, 3, 64, 64] in [-1, 1]."""

    def __init__(self, work: Path, device: torch.device):
        rgba = torch.from_numpy(np.load(work / _PICTURES)).to(device).permute(0, 3, 1, 2).float() / 255
        self._rgba = rgba.contiguous()
        self._backgrounds = torch.tensor(list(BACKGROUNDS.values()), device=device)[:, :, None, None] / 255
        self._device = device

    def __len__(self) -> int:
        return len(self._rgba)

    def draw(self, size: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Random picture indices and background indices, [size] each; half of the backgrounds are white."""
        indices = torch.randint(len(self), (size,), generator=generator, device=self._device)
        backgrounds = torch.randint(len(BACKGROUNDS), (size,), generator=generator, device=self._device)
        backgrounds[torch.rand(size, generator=generator, device=self._device) < 0.5] = 0
        return indices, backgrounds

    def compose(self, indices: torch.Tensor, backgrounds: torch.Tensor) -> torch.Tensor:
        """The pictures with these indices on the backgrounds with these indices."""
        return self._over(self._rgba[indices], backgrounds)

    def augment(self, indices: torch.Tensor, backgrounds: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """As compose, with each emoji made up to 15 % smaller and moved by up to 6 % of half the picture."""
        count = len(indices)
        affine = torch.zeros(count, 2, 3, device=self._device)
        affine[:, 0, 0] = affine[:, 1, 1] = 1 + torch.rand(count, generator=generator, device=self._device) * 0.15
        affine[:, :, 2] = (torch.rand(count, 2, generator=generator, device=self._device) - 0.5) * 0.12
        grid = F.affine_grid(affine, (count, 4, SIZE, SIZE), align_corners=False)
        return self._over(F.grid_sample(self._rgba[indices], grid, align_corners=False), backgrounds)

    def _over(self, rgba: torch.Tensor, backgrounds: torch.Tensor) -> torch.Tensor:
        rgb, alpha = rgba[:, :3], rgba[:, 3:]
        composed = rgb + (1 - alpha) * self._backgrounds[backgrounds]
        return (composed * 2 - 1).contiguous(memory_format=torch.channels_last)
