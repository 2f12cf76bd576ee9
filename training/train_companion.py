#!/usr/bin/env python3
"""Trains one of the companions. Run it again to resume where the last checkpoint is."""

import argparse

import stage

import companions
import training_loop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = parser.add_subparsers(dest="name", required=True)
    for name in companions.COMPANIONS:
        module = companions.load(name)
        options = names.add_parser(
            name, parents=[stage.parser("")], conflict_handler="resolve", description=module.__doc__,
            help=module.__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
        stage.add_training_options(options, module.MINUTES, module.BATCH)
    options = parser.parse_args()
    training_loop.run(companions.load(options.name).Task, options)


if __name__ == "__main__":
    main()
