#!/usr/bin/env python3
"""Stage 1: emoji pictures, names and keywords, from the emoji font and the Unicode data files."""

from pathlib import Path

import stage
from data import dataset
from data.glyphs import GlyphRenderer
from data.names import read_emojis


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--font", type=Path, default=Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"))
    parser.add_argument("--emoji-test", type=Path, default=Path("/usr/share/unicode/emoji/emoji-test.txt"))
    parser.add_argument("--annotations", type=Path,
                        default=Path("/usr/share/unicode/cldr/common/annotations/en.xml"))
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    renderer = GlyphRenderer(options.font)
    emojis, glyphs = [], []
    for emoji in read_emojis(options.emoji_test, options.annotations):
        glyph = renderer.render(emoji.text)
        if glyph is None:
            print(f"left out, not in the font: {emoji.name}")
            continue
        emojis.append(emoji)
        glyphs.append(glyph)
    dataset.save(options.work, emojis, glyphs)
    print(f"{len(emojis)} emojis in {options.work}")


if __name__ == "__main__":
    main()
