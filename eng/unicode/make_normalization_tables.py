#!/usr/bin/env python3
"""Writes the tables of src/DiffusionSharp/Text/Normalization from the Unicode character database.

Usage: make_normalization_tables.py UCD_FOLDER [OUTPUT_FOLDER]

UCD_FOLDER holds UnicodeData.txt and CompositionExclusions.txt, for example /usr/share/unicode of Debian's package
unicode-data. The tables in the repository are of Unicode 17.0; an older database gives a subset of them.
"""

import pathlib
import re
import sys

NAMESPACE = "namespace DiffusionSharp.Text.Normalization;\n\n"
HANGUL = range(0xAC00, 0xD7A4)


def read_characters(folder):
    """Yields (code point, combining class, canonical decomposition)."""
    for line in (folder / "UnicodeData.txt").read_text(encoding="utf-8").splitlines():
        fields = line.split(";")
        decomposition = [] if fields[5].startswith("<") else [int(part, 16) for part in fields[5].split()]
        yield int(fields[0], 16), int(fields[3]), decomposition


def read_exclusions(folder):
    text = (folder / "CompositionExclusions.txt").read_text(encoding="utf-8")
    return {int(code, 16) for code in re.findall(r"^([0-9A-F]{4,6})\b", text, re.MULTILINE)}


def version(folder):
    text = (folder / "CompositionExclusions.txt").read_text(encoding="utf-8")
    return re.search(r"CompositionExclusions-(\d+\.\d+)", text).group(1)


def rows(entries, per_row):
    lines = []
    for start in range(0, len(entries), per_row):
        lines.append("        " + " ".join(", ".join(f"0x{value:X}" for value in entry) + "," for entry in entries[start : start + per_row]))
    return "\n".join(lines)


def property_of(summary, name, entries, per_row):
    return f"    /// <summary>{summary}</summary>\n    public static ReadOnlySpan<int> {name} =>\n    [\n{rows(entries, per_row)}\n    ];\n"


def write(folder, name, summary, *properties):
    body = "\n".join(properties)
    (folder / f"{name}.cs").write_text(f"{NAMESPACE}/// <summary>{summary}</summary>\ninternal static class {name}\n{{\n{body}}}\n", encoding="utf-8")


def runs(classes):
    """Merges neighbouring code points of one class into (first, last, class)."""
    merged = []
    for code, value in sorted(classes.items()):
        if merged and merged[-1][1] == code - 1 and merged[-1][2] == value:
            merged[-1] = (merged[-1][0], code, value)
        else:
            merged.append((code, code, value))
    return merged


def main():
    source = pathlib.Path(sys.argv[1])
    default = pathlib.Path(__file__).parents[2] / "src/DiffusionSharp/Text/Normalization"
    output = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else default
    excluded_by_list = read_exclusions(source)
    characters = [c for c in read_characters(source) if c[0] not in HANGUL]
    classes = {code: value for code, value, _ in characters if value}
    singletons = [(code, parts[0]) for code, _, parts in characters if len(parts) == 1]
    pairs = [(code, *parts) for code, _, parts in characters if len(parts) == 2]

    # Non-starter decompositions are excluded from composition too (Unicode Standard Annex 15, section 5.1).
    excluded = [p for p in pairs if p[0] in excluded_by_list or classes.get(p[0]) or classes.get(p[1])]
    composing = [p for p in pairs if p not in excluded]
    unicode = f"Unicode {version(source)}"
    write(
        output,
        "CanonicalPairs",
        f"Canonical decompositions into two code points: UnicodeData.txt and CompositionExclusions.txt of {unicode}.",
        property_of("Composed code point, first part, second part; composing and decomposing are inverse.", "Composing", composing, 6),
        property_of("Code point, first part, second part; these are taken apart and never put together again.", "Excluded", excluded, 6),
    )
    write(
        output,
        "CanonicalSingletons",
        f"Canonical decompositions into one other code point: UnicodeData.txt of {unicode}.",
        property_of("Code point, its equivalent.", "Mappings", singletons, 8),
    )
    write(
        output,
        "CombiningClasses",
        f"Canonical combining classes other than 0: UnicodeData.txt of {unicode}.",
        property_of("First code point, last code point, class in [1, 240].", "Ranges", runs(classes), 6),
    )


if __name__ == "__main__":
    main()
