"""The main model's text encoder once more, as the first latent diffusion models have it: word pieces, and a transformer
that sees the whole caption (LDMBert of arXiv:2112.10752)."""

import argparse
import random
from dataclasses import replace
from pathlib import Path

import stage
import torch

import trained
import training_loop
from conditioning import LatentEncoder
from data import dataset
from data.scenes import Scene, SceneMaker, caption
from diffusion import ddim
from evaluation_set import HELD_OUT
from export import write_json
from graphs import TEXT_AXES, check_part, export_part
from networks import BertEncoder, CaptionedPredictor
from networks.prior import hear, mean_and_log_variance
from networks.text_encoder import WIDTH, pooled
from optimizer import Optimizer, muon_and_adamw
from tokenizer import END_OF_WORD, LENGTH, Tokenizer
from train_tokenizer import corpus
from word_pieces import END, GOES_ON, START, WordPieces

MINUTES, BATCH = 20, 96
_NAME = "bert"
_EMPTY, _KEYWORDS = 0.02, 0.3
_WEIGHT_OF_STATES = 4
# A piece has few captions of its own.
_EMBEDDING_RATE = 5e-3
_MEASURED = 50


def load_tokenizer(work: Path) -> WordPieces:
    """The main model's tokens of all captions as word pieces, made where the work folder has none yet."""
    folder = work / "word-pieces"
    if not (folder / "vocab.txt").exists():
        WordPieces.spelled_by(Tokenizer.load(work / "tokenizer"), corpus(work)).save(folder)
    return WordPieces.load(folder)


def started_from(parts: trained.Trained, pieces: WordPieces) -> BertEncoder:
    """An encoder with the trained one's weights, those of its tokens too; as a rule a piece ends a word."""
    weights, old = parts.text_encoder.state_dict(), parts.tokenizer
    tokens = weights["tokens.weight"]
    ids = {START: old.start_id, END: old.end_id}
    for piece in pieces.tokens:
        text = piece.removeprefix(GOES_ON)
        ids.setdefault(piece, old.vocabulary.get(text + END_OF_WORD, old.vocabulary.get(text)))
    rows = [torch.zeros(WIDTH) if ids[piece] is None else tokens[ids[piece]] for piece in pieces.tokens]
    encoder = BertEncoder(len(pieces.tokens))
    encoder.load_state_dict({**weights, "tokens.weight": torch.stack(rows)})
    return encoder


def heard(predictor: CaptionedPredictor, context: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """What the prior's places hear of a context [B, S, 192], [2B, 16, 192], and what it says in all, [2B, 192].

    The second half is of what stays where the recognizer puts a name in place of what leaves the emoji open.
    """
    stays = context * (1 - torch.sigmoid(predictor.recognizer.is_replaced(context)))
    hearing = predictor.caption_prior.hearing(context)
    return torch.cat([hear(hearing, context), hear(hearing, stays)]), torch.cat([pooled(context), pooled(stays)])


class Task(training_loop.Task):
    """Of every caption the prior shall hear the same as with the main model's encoder; no pictures are needed.

    Where both spell it in as many tokens, the hidden states shall be the same.
    """

    name = _NAME

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.emojis = dataset.load_emojis(options.work)
        self.scenes = SceneMaker(self.emojis)
        self.parts = trained.load(options.work, device)
        self.pieces = load_tokenizer(options.work)
        self.model = started_from(self.parts, self.pieces)

    def optimizer(self, model: BertEncoder) -> Optimizer:
        return muon_and_adamw(model, self.matrix_rate, _EMBEDDING_RATE)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        texts = [self._text() for _ in range(self.options.batch)]
        predictor, prior = self.parts.predictor, self.parts.predictor.caption_prior
        with stage.autocast(self.device, self.options.precision):
            with torch.no_grad():
                taught = self._taught(texts)
                places, said = heard(predictor, taught)
                sketch = prior.sketch(places)
            own = self._context(self.model, texts)
            own_places, own_said = heard(predictor, own)
            error = _relative(prior.sketch(own_places), sketch)
        length = min(own.shape[1], taught.shape[1])
        same = _lengths(own) == _lengths(taught)
        states = (own[same, :length] - taught[same, :length]).pow(2).sum() / taught.pow(2).sum()
        return error + _relative(own_said, said) + _WEIGHT_OF_STATES * states, error.detach()

    @torch.no_grad()
    def measure(self, ema: BertEncoder) -> dict[str, object]:
        """The squared error of the prior's mean, of names and of what training never showed; and the teacher's."""
        rng, encode = random.Random(0), LatentEncoder(self.options, self.device)
        pictures, generator = dataset.Pictures(self.options.work), torch.Generator(self.device).manual_seed(0)
        groups = {"names": [Scene(i) for i in range(len(self.emojis))],
                  "held_out": [self.scenes.draw_held_out(kind, rng) for kind in HELD_OUT for _ in range(_MEASURED)]}
        measured = {}
        for group, scenes in groups.items():
            sums = {group: 0.0, f"{group}_taught": 0.0}
            for start in range(0, len(scenes), _MEASURED):
                some = scenes[start:start + _MEASURED]
                latents = encode(pictures.render(some).to(self.device), generator)
                texts = [caption(scene, self.emojis, rng, keywords=0) for scene in some]
                for key, context in zip(sums, (self._context(ema, texts), self._taught(texts))):
                    mean, _ = mean_and_log_variance(self.parts.predictor.caption_prior(context))
                    sums[key] += float((mean - latents).pow(2).mean((1, 2, 3)).sum())
            measured.update({key: value / len(scenes) for key, value in sums.items()})
        return measured

    def _text(self) -> str:
        if self.rng.random() < _EMPTY:
            return ""
        return caption(self.scenes.draw(self.rng), self.emojis, self.rng, _KEYWORDS)

    def _context(self, encoder: BertEncoder, texts: list[str]) -> torch.Tensor:
        ids = torch.tensor([self.pieces.encode(text) for text in texts], device=self.device)
        return encoder.said(ids)

    def _taught(self, texts: list[str]) -> torch.Tensor:
        ids = torch.tensor([self.parts.tokenizer.encode(text) for text in texts], device=self.device)
        return self.parts.text_encoder.said(ids)


def _lengths(context: torch.Tensor) -> torch.Tensor:
    """How many tokens are said, [B]."""
    return (context != 0).any(2).sum(1)


def _relative(given: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The mean squared error in units of the variance of what is wanted."""
    return (given.float() - wanted.float()).pow(2).mean() / wanted.float().var(0).mean()


def load(work: Path, device: torch.device) -> trained.Trained:
    """The main model with this encoder."""
    pieces = load_tokenizer(work)
    encoder = trained.averaged(work, _NAME, BertEncoder(len(pieces.tokens)), device, unfinished=True)
    return replace(trained.load(work, device), tokenizer=pieces, text_encoder=encoder)


def export(work: Path, out: Path) -> None:
    """Writes the encoder, which it checks, and its tokenizer; the other parts are the main model's."""
    pieces = load_tokenizer(work)
    encoder = trained.averaged(work, _NAME, BertEncoder(len(pieces.tokens)), unfinished=True)
    generator = torch.Generator().manual_seed(0)

    def example(batch: int, length: int) -> torch.Tensor:
        ids = torch.randint(1, len(pieces.tokens), (batch, length), generator=generator)
        ids[1:, length // 2:] = 0
        return ids

    model = export_part(encoder, out / "bert", {"last_hidden_state": TEXT_AXES},
                        {"input_ids": (example(2, LENGTH), TEXT_AXES)})
    check_part("bert", model, encoder, {"input_ids": example(3, LENGTH - 8)})
    write_json(out / "bert/config.json", {
        "architectures": ["LDMBertModel"], "model_type": "ldmbert", "vocab_size": len(pieces.tokens), "d_model": WIDTH,
        "max_position_embeddings": LENGTH, "encoder_layers": 3, "encoder_attention_heads": 4, "head_dim": WIDTH // 4,
        "encoder_ffn_dim": 4 * WIDTH, "activation_function": "gelu", "pad_token_id": 0,
        "bos_token_id": pieces.tokens.index(START), "eos_token_id": pieces.tokens.index(END),
    })
    pieces.save(out / "tokenizer")


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: the main model's encoder, this one, and this one with guidance; the same prompts and noise."""
    prompts = ["red apple", "grinning face", "panda", "pizza", "a rocket on a blue background", "sunflower",
               "pixel art of a cat face", "a red apple left of a pear"]
    noise = torch.randn(8, *trained.LATENT_SHAPE, generator=torch.Generator().manual_seed(seed)).to(device)
    rows, bert = [], load(work, device)
    for parts, guidance in ((trained.load(work, device), 1.0), (bert, 1.0), (bert, 3.0)):
        predict = trained.guided(parts.predictor, parts.context(prompts), parts.context([""]), guidance)
        rows.append(parts.pictures(ddim(predict, noise, 20)))
    return torch.cat(rows)
