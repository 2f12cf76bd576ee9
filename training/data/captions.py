"""Captions as people write prompts: a name, keywords or both, and the colour of the background."""

import random

from data.names import Emoji

# RGB of each background that a caption can name. White is the first because it need not be named.
BACKGROUNDS = {
    "white": (255, 255, 255), "black": (20, 20, 20), "red": (220, 50, 47), "orange": (245, 140, 30),
    "yellow": (250, 215, 60), "green": (70, 170, 80), "teal": (40, 160, 160), "blue": (50, 110, 220),
    "purple": (130, 70, 180), "pink": (245, 150, 190), "brown": (130, 85, 55), "gray": (150, 150, 150),
}
_COLOURS = tuple(BACKGROUNDS)


def caption(emoji: Emoji, background: int, rng: random.Random) -> str:
    """A random caption of the emoji on the background with that index in BACKGROUNDS."""
    text = _subject(emoji, rng)
    style = rng.random()
    if style < 0.3:
        text = ("an " if text[0] in "aeiou" else "a ") + text
    elif style < 0.4:
        text = "emoji of " + text
    if background != 0 or rng.random() < 0.3:
        text += f" on a {_COLOURS[background]} background"
    return text


def corpus(emojis: list[Emoji], captions_each: int = 8) -> list[str]:
    """The captions from which the tokenizer is learned: always the same ones for the same emojis."""
    rng = random.Random(0)
    return [caption(e, rng.randrange(len(_COLOURS)), rng) for e in emojis for _ in range(captions_each)]


def _subject(emoji: Emoji, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.7 or not emoji.keywords:
        return emoji.name
    if kind < 0.85:
        return ", ".join([emoji.name, *_some(emoji.keywords, rng.randint(1, 3), rng)])
    if len(emoji.keywords) == 1:
        return emoji.name
    return ", ".join(_some(emoji.keywords, rng.randint(2, 4), rng))


def _some(keywords: tuple[str, ...], count: int, rng: random.Random) -> list[str]:
    return rng.sample(keywords, min(len(keywords), count))
