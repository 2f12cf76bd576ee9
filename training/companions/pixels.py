"""What the companions without text share."""

from pathlib import Path

import torch

from graphs import BATCH_AXIS, PICTURE_AXES, check_part, export_part
from networks.epsilon import EpsilonPredictor


def export_unet(name: str, predictor: EpsilonPredictor, out: Path, size: int, channels: int, labels: int) -> None:
    """Writes the graph of a predictor of samples [B, channels, H, W], timesteps [B] and labels [B] below a number.

    It is traced with pictures of size x size, and checked with a batch and pictures of another size.
    """
    generator = torch.Generator().manual_seed(0)

    def examples(batch: int, height: int, width: int) -> dict[str, torch.Tensor]:
        return {"sample": torch.randn(batch, channels, height, width, generator=generator),
                "timestep": 999 * torch.rand(batch, generator=generator),
                "class_labels": torch.randint(labels, (batch,), generator=generator)}

    axes = {"sample": PICTURE_AXES, "timestep": BATCH_AXIS, "class_labels": BATCH_AXIS}
    inputs = {key: (example, axes[key]) for key, example in examples(2, size, size).items()}
    model = export_part(predictor, out / "unet", {"out_sample": PICTURE_AXES}, inputs)
    check_part(name, model, predictor, examples(3, size // 2, size * 3 // 2))
