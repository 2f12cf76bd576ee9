"""The rival of `vq`: the same UNet and training, of the same classes, in 128x128 pixels without an autoencoder."""

from pathlib import Path

import torch

from companions import labelled, small_emojis
from companions.labelled import BATCH, MINUTES, LabelledTask
from data.dataset import SIZE
from export import VERSION, write_json
from trained import to_bytes

__all__ = ["BATCH", "MINUTES", "Task", "export", "sample"]


class Task(LabelledTask):
    """Of the pixels of all emojis."""

    name = "classes-128"
    channels = 3

    def everything(self) -> torch.Tensor:
        return small_emojis.pictures(self.options.work, size=SIZE)


def export(work: Path, out: Path) -> None:
    """Writes the model folder, and checks the graph."""
    labelled.export(Task, work, out, SIZE, clips=True)
    write_json(out / "model_index.json", {
        "_class_name": "DDIMPipeline", **VERSION, "unet": ["optimum", "ORTModelUnet"],
        "scheduler": ["diffusers", "DDIMScheduler"],
    })


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Eight pictures of each class, uint8 [8 classes, 3, 128, 128]."""
    return to_bytes(labelled.draw(Task, work, device, seed, SIZE, clips=True))
