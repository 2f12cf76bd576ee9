#!/usr/bin/env python3
"""Stage 2: the tokenizer, learned from captions of all emojis."""

import random

import stage
from data import dataset
from data.scenes import Scene, SceneMaker, caption
from tokenizer import Tokenizer

_CAPTIONS_EACH = 8


def corpus(work) -> list[str]:
    """The captions from which the tokenizer is learned: always the same ones for the same emojis."""
    emojis, rng = dataset.load_emojis(work), random.Random(0)
    scenes = SceneMaker(emojis)
    drawn = [caption(scenes.draw(rng), emojis, rng) for _ in range(_CAPTIONS_EACH * len(emojis))]
    named = [caption(Scene(i), emojis, rng) for i in range(len(emojis)) for _ in range(2)]
    keywords = [", ".join((emoji.name, *emoji.keywords)) for emoji in emojis]
    return drawn + named + keywords


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--merges", type=int, default=1300)
    options = parser.parse_args()

    tokenizer = Tokenizer.learn(corpus(options.work), options.merges)
    tokenizer.save(options.work / "tokenizer")
    print(f"{len(tokenizer.vocabulary)} tokens in {options.work / 'tokenizer'}")


if __name__ == "__main__":
    main()
