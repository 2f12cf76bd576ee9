#!/usr/bin/env python3
"""Stage 2: the tokenizer, learned from captions of all emojis."""

import stage
from data import dataset
from data.captions import corpus
from tokenizer import Tokenizer


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--merges", type=int, default=900)
    options = parser.parse_args()

    tokenizer = Tokenizer.learn(corpus(dataset.load_emojis(options.work)), options.merges)
    tokenizer.save(options.work / "tokenizer")
    print(f"{len(tokenizer.vocabulary)} tokens in {options.work / 'tokenizer'}")


if __name__ == "__main__":
    main()
