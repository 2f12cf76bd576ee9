"""Trained companions, as the checkpoints in the work folder have them."""

from pathlib import Path

import stage
import torch
import torch.nn as nn


def averaged(work: Path, name: str, model: nn.Module, device: torch.device = torch.device("cpu"),
             unfinished: bool = False) -> nn.Module:
    """The model in evaluation mode, with averaged (EMA) parameters; exits where it is not finished, unless allowed."""
    path = work / f"{name}.pt"
    state = stage.load_checkpoint(path, device) if unfinished else None
    state = state or stage.load_finished(path, device)
    model.load_state_dict(state["ema"])
    return model.to(device).eval().requires_grad_(False)
