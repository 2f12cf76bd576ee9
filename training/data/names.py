"""Which emojis there are, what they are called, and which keywords they have."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

# Signs rather than things: a caption such as "keycap: 3" or "fast-forward button" teaches little at 64x64.
_SKIPPED_GROUPS = {"Flags", "Component"}
_SKIPPED_SUBGROUPS = {
    "family", "keycap", "alphanum", "zodiac", "arrow", "transport-sign", "religion", "math", "punctuation",
    "currency", "av-symbol", "gender", "geometric",
}
_SKIN_TONES = {chr(code) for code in range(0x1F3FB, 0x1F400)}
_JOINER = "\u200d"
_VARIATION_SELECTOR = "\ufe0f"
_LINE = re.compile(r"([0-9A-F ]+?)\s*; fully-qualified\s*# \S+ E[\d.]+ (.*)")


@dataclass(frozen=True)
class Emoji:
    """One emoji: its character sequence, its Unicode short name and its CLDR keywords, all in lower case."""

    text: str
    name: str
    keywords: tuple[str, ...]


def read_emojis(emoji_test: Path, annotations: Path) -> list[Emoji]:
    """Reads Unicode's emoji-test.txt and CLDR's annotations; without flags, skin tones and gendered variants."""
    keywords = _read_keywords(annotations)
    emojis = []
    group = subgroup = ""
    for line in emoji_test.read_text(encoding="utf-8").splitlines():
        if line.startswith("# group:"):
            group = line.split(":", 1)[1].strip()
        elif line.startswith("# subgroup:"):
            subgroup = line.split(":", 1)[1].strip()
        elif match := _LINE.match(line):
            text = "".join(chr(int(code, 16)) for code in match[1].split())
            if _is_pictured(text, group, subgroup):
                bare = text.replace(_VARIATION_SELECTOR, "")
                emojis.append(Emoji(text, _plain(match[2]), keywords.get(bare, keywords.get(text, ()))))
    return emojis


def _is_pictured(text: str, group: str, subgroup: str) -> bool:
    gendered = subgroup.startswith("person") and _JOINER in text
    skipped = group in _SKIPPED_GROUPS or subgroup in _SKIPPED_SUBGROUPS
    return not (skipped or gendered or _SKIN_TONES & set(text))


def _plain(name: str) -> str:
    return name.lower().replace("’", "'").replace("“", "").replace("”", "")


def _read_keywords(annotations: Path) -> dict[str, tuple[str, ...]]:
    """Keywords by character sequence; the entries of type tts repeat the name and are left out."""
    return {
        entry.get("cp"): tuple(keyword.strip().lower() for keyword in entry.text.split("|"))
        for entry in ElementTree.parse(annotations).getroot().iter("annotation")
        if entry.get("type") != "tts"
    }
