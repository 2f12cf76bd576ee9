#!/usr/bin/env python3
"""A sheet of pictures of a companion to look at, with PyTorch; it may be unfinished."""

from pathlib import Path

import stage
import torch

import companions
import sheet


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("name", choices=companions.COMPANIONS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--out", type=Path, help="the PNG (default: samples-NAME.png in the work folder)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pictures = companions.load(options.name).sample(options.work, stage.device(), options.seed)
    out = options.out or options.work / f"samples-{options.name}.png"
    sheet.save(pictures, out, options.columns)
    print(f"{len(pictures)} pictures in {out}")


if __name__ == "__main__":
    main()
