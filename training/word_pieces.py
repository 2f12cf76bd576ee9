"""BERT's WordPiece (arXiv:1810.04805): words spelled in pieces, the longest that fits first; vocab.txt."""

import collections
import json
import string
import unicodedata
from pathlib import Path

from tokenizer import LENGTH, Tokenizer

PADDING, UNKNOWN, START, END, MASK = _SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# Before a piece that goes on a word.
GOES_ON = "##"


def _words(text: str) -> list[str]:
    """The words of a text in lower case and without accents; each punctuation mark is a word.

    BERT's rules, without those for control and Chinese characters, which no caption has.
    """
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).lower())
    plain = (c for c in decomposed if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if _is_punctuation(c) else c for c in plain).split()


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


class WordPieces:
    """Turns captions into 32 token ids: [CLS], pieces, [SEP], and [PAD], which is 0."""

    def __init__(self, tokens: list[str]):
        self.tokens = tokens
        self._ids = {token: i for i, token in enumerate(tokens)}

    @classmethod
    def spelled_by(cls, tokenizer: Tokenizer, corpus: list[str]) -> "WordPieces":
        """Single characters, and the pieces in which another tokenizer spells the words of texts."""
        words = collections.Counter(word for text in corpus for word in _words(text))
        pieces = collections.Counter()
        for word, count in words.items():
            for i, token in enumerate(tokenizer.spell(word) if word.isascii() else word):
                pieces[GOES_ON * (i > 0) + token] += count
        letters = string.ascii_lowercase + string.digits
        characters = [*letters, *string.punctuation, *(GOES_ON + c for c in letters)]
        return cls(list(dict.fromkeys([*_SPECIAL, *characters, *(piece for piece, _ in pieces.most_common())])))

    @classmethod
    def load(cls, folder: Path) -> "WordPieces":
        """Reads vocab.txt."""
        return cls((folder / "vocab.txt").read_text(encoding="utf-8").splitlines())

    def save(self, folder: Path) -> None:
        """Writes vocab.txt and the two configuration files that transformers reads."""
        folder.mkdir(parents=True, exist_ok=True)
        special = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), _SPECIAL))
        config = {"tokenizer_class": "BertTokenizer", "model_max_length": LENGTH, "do_lower_case": True, **special}
        for name, content in (("tokenizer_config", config), ("special_tokens_map", special)):
            (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        (folder / "vocab.txt").write_text("".join(f"{token}\n" for token in self.tokens), encoding="utf-8")

    def encode(self, text: str) -> list[int]:
        """The ids of a caption, LENGTH of them; a longer caption is cut."""
        pieces = [piece for word in _words(text) for piece in self._spell(word)][:LENGTH - 2]
        ids = [self._ids[token] for token in (START, *pieces, END)]
        return ids + [self._ids[PADDING]] * (LENGTH - len(ids))

    def _spell(self, word: str) -> list[str]:
        """The longest piece that the word begins with, and again for the rest; unknown where that does not end."""
        pieces, start = [], 0
        while start < len(word):
            candidates = (GOES_ON * (start > 0) + word[start:end] for end in range(len(word), start, -1))
            piece = next((candidate for candidate in candidates if candidate in self._ids), None)
            if piece is None:
                return [UNKNOWN]
            pieces.append(piece)
            start += len(piece) - len(GOES_ON) * (start > 0)
        return pieces
