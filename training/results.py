#!/usr/bin/env python3
"""Writes the tables of RESULTS.md: nobody types a number.

Results come out of evaluation-pytorch.json and evaluation-dotnet.json, either of which may be missing, and what was
trained for how long out of the checkpoints. Only what is between the markers of the page is replaced.
"""

from collections.abc import Iterable
from pathlib import Path

import stage
from evaluation_results import Results, Run
from evaluation_set import HELD_OUT

_RESULTS, _TRAINING = "results", "training"
_FILES = ("evaluation-pytorch.json", "evaluation-dotnet.json")


class Tables:
    """The tables of result files; a cell has a value of each, with a slash between."""

    def __init__(self, files: list[Results]):
        self._files = files
        self._runs = [file.runs for file in files]
        every = {key: run for runs in self._runs for key, run in runs.items()}.values()
        names = [run for run in every if run.kind == "name"]
        largest = max((run.count for run in names), default=0)
        self._names = sorted((r for r in names if r.count == largest), key=lambda r: (r.steps, r.guidance))
        names.sort(key=lambda r: (r.sampler, r.steps, r.guidance))
        self._parts = {count: [r for r in names if r.count == count]
                       for count in sorted({r.count for r in names} - {largest}, reverse=True)}
        self._held_out = sorted((r for r in every if r.kind in HELD_OUT), key=lambda r: HELD_OUT.index(r.kind))

    def lines(self) -> list[str]:
        """The page's part between the markers."""
        libraries = " / ".join(file.library for file in self._files)
        accuracies = ("top-1", "top-5", "sharpness")
        return [
            "", f"Where a cell has two values: {libraries}." if len(self._files) > 1 else f"With {libraries}.",
            *_table("Every name, on white", _columns(accuracies), (self._row(run, accuracies) for run in self._names)),
            *_table("Combinations that training never showed", ["new is the", *_columns(Run.MEASURES)],
                    ([run.kind, *self._row(run, Run.MEASURES)] for run in self._held_out)),
            *(line for count, runs in self._parts.items()
              for line in _table(f"{count} of the names, evenly spread", _columns(accuracies),
                                 (self._row(run, accuracies) for run in runs))),
            *_table("PSNR of the autoencoder, on random backgrounds", ["scenes", "pictures", "dB", "sharpness"],
                    self._psnr()),
            *self._agreement(),
        ]

    def _row(self, run: Run, measures: Iterable[str]) -> list[str]:
        found = [runs[run.key].measures() if run.key in runs else {} for runs in self._runs]
        values = [" / ".join(filter(None, (measured.get(measure, "-") for measured in found))) for measure in measures]
        return [f"{run.sampler} {run.steps}", f"{run.guidance:g}", str(run.count), *values]

    def _psnr(self) -> Iterable[list[str]]:
        for group in dict.fromkeys(name for file in self._files for name in file.psnr):
            found = [file.psnr.get(group) for file in self._files]
            pictures = dict.fromkeys(str(entry["pictures"]) for entry in found if entry)
            yield [group, " / ".join(pictures), " / ".join(f"{e['decibels']:.2f}" if e else "-" for e in found),
                   " / ".join(f"{e['sharpness']:.3f}" for e in found if e and "sharpness" in e)]

    def _agreement(self) -> list[str]:
        both = [[runs[key] for runs in self._runs] for key in self._runs[0] if all(key in runs for runs in self._runs)]
        if len(self._files) < 2 or not both:
            return []
        ranks = [x == y for one, other in both for x, y in zip(one.ranks, other.ranks)]
        judged = [x == y for one, other in both for judge in ("attribute", "background")
                  for x, y in zip(getattr(one, judge) or [], getattr(other, judge) or [])]
        return ["", f"Picture by picture: {sum(ranks)} of {len(ranks)} have the same ranks with both, and "
                    f"{sum(judged)} of {len(judged)} judgements of attribute and background are the same."]


def _columns(measures: Iterable[str]) -> list[str]:
    return ["sampler", "guidance", "pictures", *measures]


def _table(title: str, head: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = _markdown(head, rows)
    return ["", f"### {title}", "", *lines] if len(lines) > 2 else []


def _markdown(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    rule = "|---" + "|---:" * (len(head) - 1) + "|"
    return [f"| {' | '.join(head)} |", rule, *(f"| {' | '.join(row)} |" for row in rows)]


def training_lines(work: Path) -> list[str]:
    """The table of what was trained, for how long, and what each stage measured at its end."""
    rows = []
    for path in sorted(work.glob("*.pt"), key=lambda p: p.stat().st_mtime):
        state = stage.load_finished(path)
        parameters = sum(weight.numel() for weight in state["ema"].values())
        measured = ", ".join(f"{key} {value:.4g}" for key, value in state.items()
                             if isinstance(value, float) and not key.endswith("_seconds"))
        rows.append([path.stem, f"{parameters / 1e6:.2f} M", f"{state['used_seconds'] / 60:.3g}", str(state["step"]),
                     state.get("device") or f"{state['workers']} of the CPU", str(state["batch"]), measured or "-"])
    head = ["checkpoint", "parameters", "minutes", "steps", "cores", "pictures in a step of each", "measured"]
    return ["", *_markdown(head, rows)]


def between_markers(page: str, name: str, lines: list[str]) -> str:
    """The page with these lines between its markers of that name; exits where it has none."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if start not in page or end not in page:
        raise SystemExit(f"The page has no lines {start} and {end}.")
    before, rest = page.split(start, 1)
    return "\n".join([before + start, *lines, "", end]) + rest.split(end, 1)[1]


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--page", type=Path, default=Path(__file__).parent / "RESULTS.md")
    options = parser.parse_args()
    files = [Results.read(options.work / name) for name in _FILES if (options.work / name).exists()]
    if not files:
        raise SystemExit(f"Neither {' nor '.join(_FILES)} is in {options.work}: run evaluate.py or samples/Evaluation.")
    page = between_markers(options.page.read_text(encoding="utf-8"), _RESULTS, Tables(files).lines())
    options.page.write_text(between_markers(page, _TRAINING, training_lines(options.work)), encoding="utf-8")
    print(f"{options.page} has the results of {' and '.join(file.library for file in files)}")


if __name__ == "__main__":
    main()
