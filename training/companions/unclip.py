"""The decoder of unCLIP: draws the picture of an embedding, in latents of the main model (arXiv:2204.06125)."""

import argparse
from pathlib import Path

import stage
import torch
import torch.nn as nn

import diffusion
import trained
import training_loop
from companions import pair, prior
from data import dataset
from data.scenes import Scene
from export import SCHEDULER, VERSION, write_json
from graphs import BATCH_AXIS, PICTURE_AXES, check_part, export_part
from networks.autoencoder import LATENT_CHANNELS
from networks.depicted import CHANNELS, DepictedPredictor
from networks.pair import EMBEDDING
from retrieval import pool
from train_denoiser import LEVELS

MINUTES, BATCH = 10, 32
_STEPS, _GUIDANCE = 20, 1.5
_MEASURED = 100


class Task(training_loop.Task):
    """Latents of the encoded scenes, by the embeddings of their pictures, of which a tenth is that of nothing."""

    name = "unclip"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.pair = pair.load(options.work, device)
        self.model = DepictedPredictor(self.pair.drawing)

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.scenes = pair.EmbeddedScenes(self.options.work, self.pair.pictures)
        self.nothing = self.pair.pictures.nothing()
        self.alpha_bars = diffusion.alpha_bars().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        numbers = self.scenes.encoded.choose(self.options.batch, self.rng)
        latents = self.scenes.encoded.latents_of(numbers).to(self.device).repeat_interleave(LEVELS, 0)
        embeddings = pair.blurred(self.scenes.embeddings[numbers].to(self.device), self.nothing, self.generator)
        timesteps = diffusion.stratified_timesteps(self.options.batch, LEVELS, self.generator)
        alpha_bar = self.alpha_bars[timesteps]
        noise = torch.randn(latents.shape, generator=self.generator, device=self.device)
        noisy, velocity = diffusion.add_noise(latents, noise, alpha_bar)
        with stage.autocast(self.device, self.options.precision):
            with torch.no_grad():
                # With all of the variance, as the main UNet is trained.
                drawn = tuple(x.repeat_interleave(LEVELS, 0) for x in self.model.drawn(embeddings))
            predicted = self.model.informed(drawn, noisy, timesteps, embeddings.repeat_interleave(LEVELS, 0)).float()
        return diffusion.velocity_loss(predicted, velocity, alpha_bar)

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """Of which part of some emojis a variation of the picture, and what is drawn of the name through the finished
        prior, is the nearest to its own picture, of those of all."""
        pictures, texts = dataset.Pictures(self.options.work), prior.Texts.load(self.options.work, self.device)
        scenes, emojis = [Scene(i) for i in range(len(pictures))], dataset.load_emojis(self.options.work)
        own = torch.arange(0, len(scenes), max(1, len(scenes) // _MEASURED))
        generator = torch.Generator().manual_seed(1)
        parts = trained.load(self.options.work, self.device)
        all_of_them = torch.cat([_pooled(trained.to_bytes(pictures.render(scenes[i:i + _MEASURED])))
                                 for i in range(0, len(scenes), _MEASURED)])

        def top1(embeddings: torch.Tensor) -> float:
            noise = torch.randn(len(own), *trained.LATENT_SHAPE, generator=generator).to(self.device)
            predict = trained.guided(ema, embeddings.to(self.device), self.nothing, _GUIDANCE)
            latents = diffusion.ddim(predict, noise, _STEPS)
            return float((torch.cdist(_pooled(parts.pictures(latents)), all_of_them).argmin(1) == own).float().mean())

        noise = torch.randn(len(own), EMBEDDING, generator=generator).to(self.device)
        names, finished = [emojis[i].name for i in own], prior.load(self.options.work, self.device)
        named = prior.embeddings_of(finished, texts, names, noise)
        return {"variations_top1": top1(pair.embed(self.pair.pictures, pictures, [scenes[i] for i in own])),
                "names_top1": top1(named.cpu() * self.scenes.deviation + self.scenes.mean)}


def _pooled(pictures: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(pool(pictures)).float().flatten(1)


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> DepictedPredictor:
    """The trained decoder."""
    return trained.averaged(work, Task.name, DepictedPredictor(pair.load(work).drawing), device, unfinished)


def export(work: Path, out: Path) -> None:
    """Writes the UNet and what belongs to it; the autoencoder is the main model's."""
    predictor, generator = load(work, unfinished=True), torch.Generator().manual_seed(0)

    def example(batch: int, height: int, width: int) -> dict[str, torch.Tensor]:
        return {"sample": torch.randn(batch, LATENT_CHANNELS, height, width, generator=generator),
                "timestep": 999 * torch.rand(batch, generator=generator),
                "image_embeds": torch.randn(batch, EMBEDDING, generator=generator)}

    axes = {"sample": PICTURE_AXES, "timestep": BATCH_AXIS, "image_embeds": BATCH_AXIS}
    inputs = {key: (value, axes[key]) for key, value in example(2, 16, 16).items()}
    model = export_part(predictor, out / "unet", {"out_sample": PICTURE_AXES}, inputs)
    check_part("unclip unet", model, predictor, example(3, 12, 20))
    write_json(out / "unet/config.json", {
        "_class_name": "UNet2DConditionModel", **VERSION, "sample_size": trained.LATENT_SHAPE[1],
        "in_channels": LATENT_CHANNELS, "out_channels": LATENT_CHANNELS, "block_out_channels": list(CHANNELS),
        "layers_per_block": 1, "encoder_hid_dim": EMBEDDING, "encoder_hid_dim_type": "image_proj",
        "addition_embed_type": "image",
    })
    write_json(out / "scheduler/scheduler_config.json", SCHEDULER)


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Rows of eight: pictures, two variations of each, between the first two, and what the prior makes of texts."""
    generator = torch.Generator().manual_seed(seed)
    predictor, texts = load(work, device, unfinished=True), prior.Texts.load(work, device)
    tower, pictures, parts = texts.pair.pictures, dataset.Pictures(work), trained.load(work, device)
    shown = [Scene(i) for i in torch.randperm(len(pictures), generator=generator)[:8].tolist()]
    embeddings = pair.embed(tower, pictures, shown)
    shares = torch.linspace(0, 1, 8)[:, None]
    angle = torch.nn.functional.cosine_similarity(embeddings[:1], embeddings[1:2]).arccos()
    between = (((1 - shares) * angle).sin() * embeddings[:1] + (shares * angle).sin() * embeddings[1:2]) / angle.sin()
    scenes, noise = pair.EmbeddedScenes(work, tower), torch.randn(8, EMBEDDING, generator=generator).to(device)
    made = prior.embeddings_of(prior.load(work, device, unfinished=True), texts, prior.PROMPTS, noise).cpu()
    drawn = [trained.to_bytes(pictures.render(shown))]
    for row in (embeddings, embeddings, between, made * scenes.deviation + scenes.mean):
        noise = torch.randn(8, *trained.LATENT_SHAPE, generator=generator).to(device)
        predict = trained.guided(predictor, row.to(device), tower.nothing(), _GUIDANCE)
        drawn.append(parts.pictures(diffusion.ddim(predict, noise, _STEPS)))
    return torch.cat(drawn)
