"""SentencePiece's unigram model (arXiv:1808.06226) with T5's special ids: spiece.model."""

import io
import json
from collections.abc import Iterable
from pathlib import Path

import sentencepiece
import torch

from networks.t5_encoder import LENGTH

PADDING, END, UNKNOWN = 0, 1, 2

_FILE = "spiece.model"
_SPECIAL = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}


class T5Tokenizer:
    """Turns captions, lower-cased, into token ids: pieces and an end, at most 77, and padding."""

    def __init__(self, model: bytes):
        self._model = model
        self._pieces = sentencepiece.SentencePieceProcessor(model_proto=model)

    def __len__(self) -> int:
        return len(self._pieces)

    @classmethod
    def learn(cls, corpus: Iterable[str], pieces: int) -> "T5Tokenizer":
        """Learns so many pieces; always the same of the same texts."""
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(corpus), model_writer=model, model_type="unigram", vocab_size=pieces,
            character_coverage=1.0, pad_id=PADDING, eos_id=END, unk_id=UNKNOWN, bos_id=-1, num_threads=1,
            minloglevel=1)
        return cls(model.getvalue())

    @classmethod
    def load(cls, folder: Path) -> "T5Tokenizer":
        """Reads spiece.model."""
        return cls((folder / _FILE).read_bytes())

    def save(self, folder: Path) -> None:
        """Writes spiece.model and the two configuration files that transformers reads."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_bytes(self._model)
        config = {"tokenizer_class": "T5Tokenizer", "model_max_length": LENGTH, "extra_ids": 0,
                  "additional_special_tokens": [], "legacy": True, **_SPECIAL}
        for name, content in (("tokenizer_config", config), ("special_tokens_map", _SPECIAL)):
            (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

    def encode(self, text: str) -> list[int]:
        """The ids of a caption with its end; a longer caption is cut."""
        return [*self._pieces.encode(text.lower().strip())[:LENGTH - 1], END]

    def batch(self, texts: Iterable[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """The ids of captions, as long as the longest, and a mask that is 1 where there is no padding, int64 [B, S]."""
        texts = [torch.tensor(self.encode(text)) for text in texts]
        ids = torch.nn.utils.rnn.pad_sequence(texts, batch_first=True, padding_value=PADDING)
        return ids, (ids != PADDING).long()
