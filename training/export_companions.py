#!/usr/bin/env python3
"""Writes the model folders of companions, emoji-NAME each, checked against PyTorch on random inputs."""

from pathlib import Path

import stage
import torch

import companions
from reference_values import write_references


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("names", nargs="*", choices=[*companions.COMPANIONS, "all"], default="all", help="which")
    parser.add_argument("--out", type=Path, help="where the folders are made (default: the work folder)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for name in companions.COMPANIONS if "all" in options.names else options.names:
        if not hasattr(companions.load(name), "export"):
            continue
        folder = (options.out or options.work) / f"emoji-{name}"
        companions.load(name).export(options.work, folder)
        write_references(folder)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(f"{size / 1e6:.1f} MB in {folder}")


if __name__ == "__main__":
    main()
