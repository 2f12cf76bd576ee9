"""The emojis, small unless asked otherwise, with their Unicode groups: what the models in pixel space see."""

from pathlib import Path

import torch
import torch.nn.functional as F

from data import dataset
from data.scenes import Scene

SIZE = 32
_CHUNK = 64


def pictures(work: Path, background: int = 0, size: int = SIZE) -> torch.Tensor:
    """All emojis, [N, 3, size, size] in [-1, 1], in 8-bit steps: averages of squares of the full size's pixels."""
    source = dataset.Pictures(work)
    scenes = [Scene(i, background) for i in range(len(source))]
    small = torch.cat([F.avg_pool2d(source.render(scenes[i:i + _CHUNK]), dataset.SIZE // size)
                       for i in range(0, len(scenes), _CHUNK)])
    return ((small + 1) * 127.5).round() / 127.5 - 1


def group_names(work: Path) -> list[str]:
    """The groups that occur, in the order in which they first do."""
    return list(dict.fromkeys(emoji.group for emoji in dataset.load_emojis(work)))


def groups(work: Path) -> torch.Tensor:
    """The number of each emoji's group, [N]."""
    numbers = {name: i for i, name in enumerate(group_names(work))}
    return torch.tensor([numbers[emoji.group] for emoji in dataset.load_emojis(work)])
