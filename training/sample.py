#!/usr/bin/env python3
"""Stage 10: a sheet of pictures to look at, with PyTorch; the denoiser may be unfinished."""

from pathlib import Path

import stage
import torch

import sheet
import trained
from diffusion import ddim

_PROMPTS = [
    "a slice of pizza", "a red apple", "grinning face", "dog face", "a rocket on a blue background", "a red heart",
    "a house", "an owl on a purple background", "a taxi on a yellow background", "a tulip", "a fire engine",
    "smiling face with sunglasses", "a cup, coffee, drink", "a strawberry on a pink background",
    "a guitar on a green background", "crescent moon on a black background", "pixel art of a cat face",
    "a line drawing of an elephant", "a silhouette of a horse on an orange background", "a flat sunflower",
    "a small frog at the top left", "a red apple left of a green apple", "a cloud above a house on a blue background",
    "a panda and a pizza",
]


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--prompts", nargs="+", default=_PROMPTS)
    parser.add_argument("--guidance", type=float, default=1.0)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--out", type=Path, help="the PNG (default: samples.png in the work folder)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    device = stage.device()
    parts = trained.load(options.work, device, unfinished=True)
    generator = torch.Generator().manual_seed(options.seed)
    noise = torch.randn(len(options.prompts), *trained.LATENT_SHAPE, generator=generator)
    with torch.no_grad():
        predict = trained.guided(parts.predictor, parts.context(options.prompts), parts.context([""]), options.guidance)
        pictures = parts.pictures(ddim(predict, noise.to(device), options.steps))
    out = options.out or options.work / "samples.png"
    sheet.save(pictures, out, options.columns, zoom=1)
    print(f"{len(pictures)} pictures in {out}")


if __name__ == "__main__":
    main()
