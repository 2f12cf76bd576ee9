#!/usr/bin/env python3
"""Stage 6: a sheet of pictures made by DDIM, to look at."""

from pathlib import Path

import torch
from PIL import Image

import stage
import trained
from diffusion import ddim

_PROMPTS = [
    "a slice of pizza", "a red apple", "grinning face", "dog face", "a rocket on a blue background", "a red heart",
    "a house", "an owl on a purple background", "a car on a yellow background", "a tulip", "a fire engine",
    "smiling face with sunglasses", "a cup, coffee, drink", "a strawberry on a pink background",
    "a guitar on a green background", "crescent moon on a black background",
]
_ZOOM = 2


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--prompts", nargs="+", default=_PROMPTS, metavar="PROMPT")
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2, help="CPU threads")
    parser.add_argument("--out", type=Path, help="the PNG (default: samples.png in the work folder)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    parts = trained.load(options.work, stage.device())
    latents = ddim(parts.unet, parts.text_encoder, parts.tokenizer, options.prompts, options.guidance, options.steps,
                   options.seed)
    pictures = ((parts.decoder(latents / parts.scaling_factor).clamp(-1, 1) + 1) * 127.5).round().byte().cpu()
    columns = min(options.columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height, width = pictures.shape[2:]
    sheet = Image.new("RGB", (columns * width, rows * height), "white")
    for i, picture in enumerate(pictures):
        sheet.paste(Image.fromarray(picture.permute(1, 2, 0).numpy()), (i % columns * width, i // columns * height))
    out = options.out or options.work / "samples.png"
    sheet.resize((_ZOOM * sheet.width, _ZOOM * sheet.height)).save(out)
    print(f"{len(pictures)} pictures in {out}")


if __name__ == "__main__":
    main()
