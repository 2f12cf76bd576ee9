#!/usr/bin/env python3
"""Stage 13: sheets to judge a model by, with PyTorch: prompts beside what they ask for, and prompts with several seeds.

Half of the 48 prompts are names, the others combinations that training never showed; evaluation.json has them, and
chose them before anything was trained. Of the seeds it is also said how far pictures of one prompt are apart.
"""

import argparse

import stage
import torch

import evaluation_set
import sheet
import trained
from data.dataset import Pictures
from diffusion import ddim
from evaluation_set import EvaluationSet, Prompt
from train_autoencoder import psnr

_NAMES, _OF_EACH_KIND = 24, 6
_COLUMNS = 8
# What captions leave open more and more: a name, a group of keywords, one keyword, nothing.
_OPEN = ("red apple", "grinning face", "cup, drink", "animal, face", "bird", "fruit", "vehicle", "")


@torch.no_grad()
def draw(parts: trained.Trained, prompts: list[str], seeds: list[int], options: argparse.Namespace) -> torch.Tensor:
    """Pictures of prompts, each from its own seed, uint8 [B, 3, 128, 128]."""
    noise = torch.stack([torch.randn(trained.LATENT_SHAPE, generator=torch.Generator().manual_seed(seed))
                         for seed in seeds]).to(next(parts.decoder.parameters()).device)
    predict = trained.guided(parts.predictor, parts.context(prompts), parts.context([""]), options.guidance)
    return parts.pictures(ddim(predict, noise, options.steps))


def beside_originals(parts: trained.Trained, prompts: list[Prompt], pictures: Pictures,
                     options: argparse.Namespace) -> torch.Tensor:
    """Rows of originals, and below each what is drawn."""
    drawn = draw(parts, [p.prompt for p in prompts], [p.seed for p in prompts], options)
    originals = trained.to_bytes(pictures.render([p.scene for p in prompts]))
    return torch.cat([row for rows in zip(originals.split(_COLUMNS), drawn.split(_COLUMNS)) for row in rows])


def chosen(evaluation: EvaluationSet) -> list[Prompt]:
    """The 48 prompts, evenly spread over those of each kind."""
    return [prompt for kind in evaluation_set.KINDS
            for prompt in evaluation.of(kind, _NAMES if kind == "name" else _OF_EACH_KIND)]


def apart(pictures: torch.Tensor) -> float:
    """The PSNR in dB of pictures to their mean: the lower, the further they are apart."""
    values = pictures.float() / 127.5 - 1
    return float(psnr((values - values.mean(0)).pow(2).mean() + 1e-12))


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--guidance", type=float, default=1.0)
    parser.add_argument("--steps", type=int, default=30)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    parts = trained.load(options.work, stage.device(), unfinished=True)
    prompts = chosen(evaluation_set.load(options.work))
    originals = beside_originals(parts, prompts, Pictures(options.work), options)
    sheet.save(originals, options.work / "sheet-originals.png", _COLUMNS, zoom=1)
    rows = [draw(parts, [prompt] * _COLUMNS, list(range(_COLUMNS)), options) for prompt in _OPEN]
    sheet.save(torch.cat(rows), options.work / "sheet-seeds.png", _COLUMNS, zoom=1)
    for prompt, row in zip(_OPEN, rows):
        print(f"{prompt or '(nothing)'}: {_COLUMNS} seeds, {apart(row):.1f} dB from their mean")
    print(f"all of these: {apart(torch.cat(rows)):.1f} dB from their mean")
    print(f"sheet-originals.png and sheet-seeds.png in {options.work}")


if __name__ == "__main__":
    main()
