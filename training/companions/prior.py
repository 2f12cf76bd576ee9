"""The prior of unCLIP: texts and pictures to embeddings, and embeddings of pictures by diffusion (arXiv:2204.06125).

The folder is one of Kandinsky 2.2's prior: both towers of the pair, and a transformer over their embeddings.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import stage
import torch
import torch.nn as nn

import diffusion
import tokenizer
import trained
import training_loop
from companions import pair
from conditioning import Captions
from data import dataset
from data.scenes import Scene
from export import VERSION, write_json
from graphs import BATCH_AXIS, TEXT_AXES, check_part, export_part
from networks import TextEncoder
from networks.embedding_prior import BLOCKS, EmbeddingPrior
from networks.pair import EMBEDDING, PICTURE_SIZE
from networks.text_encoder import WIDTH
from tokenizer import Tokenizer

MINUTES, BATCH = 8, 192
SCHEDULER = {
    "_class_name": "UnCLIPScheduler", **VERSION, "num_train_timesteps": diffusion.TRAIN_STEPS,
    "beta_schedule": "squaredcos_cap_v2", "prediction_type": "sample", "variance_type": "fixed_small_log",
    "clip_sample": True, "clip_sample_range": 5.0,
}
# To look at.
PROMPTS = ["red apple", "grinning face", "panda", "pizza", "a rocket on a blue background", "a red heart",
           "pixel art of a cat face", "a small frog at the top left"]

_STEPS = 25


class Task(training_loop.Task):
    """Embeddings of the encoded scenes, and their captions, of which a tenth is empty."""

    name = "embedding-prior"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.captions = Captions(options.work, device, dropout=0.1)
        self.texts = Texts.load(options.work, device)
        self.model = EmbeddingPrior()

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.scenes = pair.EmbeddedScenes(self.options.work, self.texts.pair.pictures)
        self.alpha_bars = diffusion.cosine_alpha_bars().float().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        batch, scenes = self.options.batch, self.scenes
        numbers = scenes.encoded.choose(batch, self.rng)
        clean = ((scenes.embeddings[numbers] - scenes.mean) / scenes.deviation).to(self.device)
        with torch.no_grad():
            ids = self.captions([scenes.encoded.scenes[i] for i in numbers], self.rng)
            told = self.texts(self.texts.encoder.without_padding(ids))
        timesteps = diffusion.stratified_timesteps(1, batch, self.generator)
        alpha_bar = self.alpha_bars[timesteps][:, None]
        noise = torch.randn(clean.shape, generator=self.generator, device=self.device)
        noisy = alpha_bar.sqrt() * clean + (1 - alpha_bar).sqrt() * noise
        with stage.autocast(self.device, self.options.precision):
            expected = self.model(noisy, timesteps, *told).float()
        loss = (expected - clean).pow(2).mean()
        return loss, loss.detach()

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """Of which part of the emojis the picture is nearest to what is made of the name, and how far off that is."""
        emojis, scenes = self.captions.emojis, self.scenes
        pictures = pair.embed(self.texts.pair.pictures, dataset.Pictures(self.options.work),
                              [Scene(i) for i in range(len(emojis))])
        noise = torch.randn(len(emojis), EMBEDDING, generator=torch.Generator().manual_seed(1)).to(self.device)
        made = embeddings_of(ema, self.texts, [emoji.name for emoji in emojis], noise).cpu()
        made = made * scenes.deviation + scenes.mean
        nearest = torch.cdist(made, pictures).argmin(1)
        return {"picture_of_name": float((nearest == torch.arange(len(emojis))).float().mean()),
                "squared_error": float(((made - pictures) / scenes.deviation).pow(2).mean())}


@dataclass(frozen=True)
class Texts:
    """What the prior is told of texts: the finished text encoder, and the pair."""

    tokenizer: Tokenizer
    encoder: TextEncoder
    pair: pair.Pair

    @classmethod
    def load(cls, work: Path, device: torch.device) -> "Texts":
        encoder, _ = trained.load_prior(work, device)
        return cls(Tokenizer.load(work / "tokenizer"), encoder, pair.load(work, device))

    def __call__(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The embedding of texts, [B, 128], their hidden states, [B, S, 192], and which of these are said, [B, S]."""
        context, ends = self.encoder(ids), ids == self.tokenizer.end_id
        return self.pair.texts(context), context, ~(ends & (ends.cumsum(1) > 1))

    def of(self, prompts: list[str]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The same of prompts."""
        device = self.encoder.positions.device
        return self(torch.tensor([self.tokenizer.encode(prompt) for prompt in prompts], device=device))


@torch.no_grad()
def embeddings_of(prior: EmbeddingPrior, texts: Texts, prompts: list[str], noise: torch.Tensor,
                  guidance: float = 1.0) -> torch.Tensor:
    """Embeddings that prompts have, standardized, from noise [B, 128], by DDIM."""
    told, untold = texts.of(prompts), texts.of([""] * len(prompts))
    alpha_bars = diffusion.cosine_alpha_bars().float()

    def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
        expected = prior(x, timesteps, *told)
        if guidance != 1:
            without = prior(x, timesteps, *untold)
            expected = without + guidance * (expected - without)
        alpha_bar = alpha_bars[timesteps.long().cpu()].to(x.device)[:, None]
        return (x - alpha_bar.sqrt() * expected) / (1 - alpha_bar).sqrt()

    return diffusion.ddim(predict, noise, _STEPS, alpha_bars)


class TextGraph(nn.Module):
    """The text encoder with the outputs of CLIP's with a projection: the text's embedding, and all hidden states."""

    def __init__(self, texts: Texts):
        super().__init__()
        self.encoder, self.tower = texts.encoder, texts.pair.texts

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.encoder(input_ids)
        return self.tower(hidden), hidden


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> EmbeddingPrior:
    """The trained prior."""
    return trained.averaged(work, Task.name, EmbeddingPrior(), device, unfinished)


def export(work: Path, out: Path) -> None:
    """Writes the model folder of Kandinsky 2.2's prior, and checks each graph at another batch size."""
    texts = Texts.load(work, torch.device("cpu"))
    scenes = pair.EmbeddedScenes(work, texts.pair.pictures)
    generator = torch.Generator().manual_seed(0)

    def examples(batch: int) -> dict[str, dict[str, torch.Tensor]]:
        def random(*shape: int) -> torch.Tensor:
            return torch.randn(shape, generator=generator)

        ids = torch.randint(texts.tokenizer.start_id, (batch, tokenizer.LENGTH), generator=generator)
        ids[:, 0], ids[:, 5:] = texts.tokenizer.start_id, texts.tokenizer.end_id
        return {
            "text_encoder": {"input_ids": ids},
            "image_encoder": {"pixel_values": random(batch, 3, PICTURE_SIZE, PICTURE_SIZE).clamp(-1, 1)},
            "prior": {"hidden_states": random(batch, EMBEDDING),
                      "timestep": torch.randint(diffusion.TRAIN_STEPS, (batch,), generator=generator),
                      "proj_embedding": random(batch, EMBEDDING),
                      "encoder_hidden_states": random(batch, tokenizer.LENGTH, WIDTH),
                      "attention_mask": torch.arange(tokenizer.LENGTH).expand(batch, -1) < 6},
        }

    graphs = {
        "text_encoder": (TextGraph(texts), {"text_embeds": BATCH_AXIS, "last_hidden_state": TEXT_AXES}),
        "image_encoder": (texts.pair.pictures, {"image_embeds": BATCH_AXIS}),
        "prior": (load(work, unfinished=True), {"predicted_image_embedding": BATCH_AXIS}),
    }
    traced, checked = examples(2), examples(3)
    words = ("input_ids", "encoder_hidden_states", "attention_mask")
    for name, (graph, output_axes) in graphs.items():
        inputs = {key: (example, TEXT_AXES if key in words else BATCH_AXIS) for key, example in traced[name].items()}
        model = export_part(graph.eval(), out / name, output_axes, inputs)
        check_part(name, model, graph, checked[name])
    texts.tokenizer.save(out / "tokenizer")
    write_configuration(out, texts.tokenizer, scenes)


def write_configuration(out: Path, words: Tokenizer, scenes: pair.EmbeddedScenes) -> None:
    """Writes model_index.json and the configuration of every part."""
    write_json(out / "model_index.json", {
        "_class_name": "KandinskyV22PriorPipeline", **VERSION, "prior": ["diffusers", "PriorTransformer"],
        "text_encoder": ["transformers", "CLIPTextModelWithProjection"], "tokenizer": ["transformers", "CLIPTokenizer"],
        "image_encoder": ["transformers", "CLIPVisionModelWithProjection"],
        "image_processor": ["transformers", "CLIPImageProcessor"], "scheduler": ["diffusers", "UnCLIPScheduler"],
        "num_inference_steps": 25, "guidance_scale": 1.5,
    })
    write_json(out / "scheduler/scheduler_config.json", SCHEDULER)
    write_json(out / "text_encoder/config.json", {
        "architectures": ["CLIPTextModelWithProjection"], "hidden_size": WIDTH, "projection_dim": EMBEDDING,
        "max_position_embeddings": tokenizer.LENGTH, "vocab_size": len(words.vocabulary),
        "eos_token_id": words.end_id, "bos_token_id": words.start_id, "pad_token_id": words.end_id,
    })
    write_json(out / "image_encoder/config.json", {
        "architectures": ["CLIPVisionModelWithProjection"], "image_size": PICTURE_SIZE, "num_channels": 3,
        "projection_dim": EMBEDDING,
    })
    write_json(out / "image_processor/preprocessor_config.json", {
        "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": PICTURE_SIZE},
        "resample": 3, "do_center_crop": True, "crop_size": {"height": PICTURE_SIZE, "width": PICTURE_SIZE},
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [0.5] * 3,
        "image_std": [0.5] * 3, "do_convert_rgb": True,
    })
    write_json(out / "prior/config.json", {
        "_class_name": "PriorTransformer", **VERSION, "embedding_dim": EMBEDDING, "num_embeddings": tokenizer.LENGTH,
        "additional_embeddings": 4, "num_layers": BLOCKS, "added_emb_type": "prd",
    })
    write_json(out / "prior/post_process_latents.json", {
        "formula": "image_embeds = latents * clip_std + clip_mean", "clip_std": scenes.deviation.tolist(),
        "clip_mean": scenes.mean.tolist(),
    })


@torch.no_grad()
def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """A row for each of eight prompts: the encoded scenes whose embeddings are nearest to what is made of it."""
    texts, pictures = Texts.load(work, device), dataset.Pictures(work)
    scenes = pair.EmbeddedScenes(work, texts.pair.pictures)
    noise = torch.randn(len(PROMPTS), EMBEDDING, generator=torch.Generator().manual_seed(seed)).to(device)
    made = embeddings_of(load(work, device, unfinished=True), texts, PROMPTS, noise).cpu()
    distances = torch.cdist(made, (scenes.embeddings - scenes.mean) / scenes.deviation)
    nearest = distances.topk(8, largest=False).indices.flatten().tolist()
    return trained.to_bytes(pictures.render([scenes.encoded.scenes[i] for i in nearest]))
