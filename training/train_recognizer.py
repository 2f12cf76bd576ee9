#!/usr/bin/env python3
"""Stage 6: the recognizer, on the finished text encoder and prior. Run it again to resume where the last checkpoint is."""

import argparse

import stage
import torch
import torch.nn.functional as F

import diffusion
import trained
import training_loop
from conditioning import encoded_scenes
from data.scenes import SEVERAL
from networks import CaptionedPredictor
from networks.prior import hear, prior_loss
from networks.text_encoder import pooled

# Each picture is looked at with several noise levels at once; what is drawn of one of these is compared with it.
LEVELS = 3
# What there is to recognize is what captions leave open.
_EMPTY, _KEYWORDS = 0.15, 0.8
_START, _LAST_UNSEEN, _UNSEEN = 900, 600, 0.4
_WEIGHT_OF_EMOJIS = 0.2
_CAPTIONS = 8


class RecognizerTask(training_loop.Task):
    """To hear of an open caption and a noisy sample what a clear caption of the same scene says, and which emoji it is."""

    name = "recognizer"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.data = encoded_scenes(options, device, _EMPTY, _KEYWORDS)
        self.predictor = CaptionedPredictor().to(device)
        self.text_encoder, self.predictor.caption_prior = trained.load_prior(options.work, device)
        self.model = self.predictor.recognizer

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.alpha_bars = diffusion.alpha_bars().to(self.device)
        # Here, after a checkpoint was read, since the text encoder may have been trained further.
        encode = self.data.tokenizer.encode
        names = torch.tensor([encode(emoji.name) for emoji in self.data.emojis], device=self.device)
        context = self._context(names)
        # Without the end, which is the caption's own, whatever else that says.
        is_said = names[:, :context.shape[1], None] != self.data.tokenizer.end_id
        self.model.names.weight.data[:len(names)] = pooled(context * is_said)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        scenes, latents, ids = self.data.draw(self.options.batch, self.rng)
        timesteps = diffusion.stratified_timesteps(self.options.batch, LEVELS, self.generator)
        clean = latents.repeat_interleave(LEVELS, 0)
        noise = torch.randn(clean.shape, generator=self.generator, device=self.device)
        noisy, _ = diffusion.add_noise(clean, noise, self.alpha_bars[timesteps])
        prior = self.predictor.caption_prior
        with stage.autocast(self.device, self.options.precision):
            with torch.no_grad():
                told = self.predictor.told(self._context(ids)).repeated(LEVELS)
                # Sampling starts from noise alone, and goes on with the mean of all that the caption allows: there is
                # nothing to see of one picture in either.
                unseen = torch.rand(len(noisy), generator=self.generator, device=self.device) < _UNSEEN
                seen = (timesteps < _START)[:, None, None, None] * told.expected[0]
                blind, _ = diffusion.add_noise(seen, noise, self.alpha_bars[timesteps])
                noisy = torch.where((unseen & (timesteps >= _LAST_UNSEEN))[:, None, None, None], blind, noisy)
                named = self._context(self.data.named(scenes, self.rng))
                clear = prior.sketch(hear(prior.hearing(named), named))
            recognized = self.predictor.recognize(told, noisy, timesteps)
            places, caption = self.predictor.clearer(told, recognized)
            sketch = prior.sketch(places)
            # Of picture 0 the first level, of picture 1 the second, and so on.
            some = torch.arange(self.options.batch, device=self.device)
            some = some * LEVELS + some % LEVELS
            moments = prior.draw(places[some], caption[some])
        error = (sketch.float() - clear.float().repeat_interleave(LEVELS, 0)).pow(2).mean() / clear.float().var(0).mean()
        loss, report = prior_loss(moments, latents)
        emojis = self.data.single(scenes).repeat_interleave(LEVELS)
        unsure = F.cross_entropy(recognized.logits.float(), emojis, ignore_index=SEVERAL) + self._unsure_of_captions()
        return error + loss + _WEIGHT_OF_EMOJIS * unsure, report

    def _unsure_of_captions(self) -> torch.Tensor:
        """The cross-entropy of what captions alone say of the emoji. They cost little, so there are many."""
        emojis, ids = self.data.of_emojis(_CAPTIONS * self.options.batch, self.rng)
        return F.cross_entropy(self.model.from_caption(self._context(ids)).float(), emojis)

    @torch.no_grad()
    def _context(self, ids: torch.Tensor) -> torch.Tensor:
        return self.text_encoder.said(ids)


def main() -> None:
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=25, batch=48)
    training_loop.run(RecognizerTask, parser.parse_args())


if __name__ == "__main__":
    main()
