#!/usr/bin/env python3
"""Stage 4: latents of many random scenes, so that the stages after it need not draw and encode them in every step."""

import random
import time

import numpy as np
import stage
import torch

import trained
from data import dataset
from data.encoded import Encoded
from data.scenes import SceneMaker

_BATCH = 32


@torch.no_grad()
def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--scenes", type=int, default=62_500, help="drawn; each that comes again is encoded once")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    device = stage.device()
    encoder, _ = trained.load_autoencoder(options.work, device)
    encoder.to(memory_format=torch.channels_last)
    pictures, maker = dataset.Pictures(options.work), SceneMaker(dataset.load_emojis(options.work))
    rng, numbers, drawn = random.Random(options.seed), {}, []
    for _ in range(options.scenes):
        drawn.append(numbers.setdefault(maker.draw(rng), len(numbers)))
    scenes = list(numbers)

    started, latents = time.monotonic(), []
    for start in range(0, len(scenes), _BATCH):
        mean, _ = encoder(pictures.render(scenes[start:start + _BATCH]).to(device)).chunk(2, 1)
        latents.append(mean.half().cpu().numpy())
    Encoded(scenes, np.concatenate(latents), drawn).save(options.work)
    print(f"{len(scenes)} scenes in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
