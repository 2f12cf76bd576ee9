"""A generative adversarial network of the classes (arXiv:1406.2661): noise and class to 32x32 pixels in one pass.

Both networks take their steps at once, on the non-saturating loss and R1, the penalty of the discriminator's gradient
(arXiv:1801.04406). The discriminator compares its features with the class (arXiv:1802.05637), sees how far pictures of
one class are apart (arXiv:1710.10196), and sees drawn and true pictures shifted, because there are few
(arXiv:2006.10738).
"""

import argparse
from pathlib import Path

import stage
import torch
import torch.nn as nn
import torch.nn.functional as F

import training_loop
from companions import small_emojis
from export import VERSION, write_json
from graphs import BATCH_AXIS, check_part, export_part
from networks.layers import GroupNorm, ResidualBlock
from optimizer import Optimizer
from trained import averaged, to_bytes

MINUTES, BATCH = 90, 32
LATENT = 64
CHANNELS = (96, 64, 40)

_STYLE, _LAST = 128, 12
_FEATURES = (48, 96, 128)
_SLOPE = 0.2
_SMALLEST = 4
# So many pictures of one class follow each other in a batch; of pictures of several, their classes are what is apart.
_GROUP = 4
_SHIFT = 3
_RATE = 6e-4
# R1 is taken every few steps, and weighs as much more there.
_PENALTY, _PENALTY_STEPS = 0.5, 8
_MEASURED = 64


class Generator(nn.Module):
    """Noise [B, 64, 1, 1] and classes [B] to pictures [B, 3, 32, 32], nominally in [-1, 1]."""

    def __init__(self, classes: int):
        super().__init__()
        self.labels = nn.Embedding(classes, LATENT)
        self.style = nn.Sequential(nn.Linear(2 * LATENT, _STYLE), nn.SiLU(), nn.Linear(_STYLE, _STYLE), nn.SiLU())
        self.enter = nn.Linear(_STYLE, CHANNELS[0] * _SMALLEST ** 2)
        self.blocks = nn.ModuleList([ResidualBlock(i, o, _STYLE) for i, o in zip(CHANNELS[:1] + CHANNELS, CHANNELS)])
        self.norm = GroupNorm(CHANNELS[-1])
        self.grow = nn.Conv2d(CHANNELS[-1], 4 * _LAST, 3, padding=1)
        self.leave = nn.Conv2d(_LAST, 3, 3, padding=1)

    def forward(self, latent_sample: torch.Tensor, class_labels: torch.Tensor) -> torch.Tensor:
        style = self.style(torch.cat([latent_sample.view(-1, LATENT), self.labels(class_labels)], 1))
        h = self.blocks[0](self.enter(style).view(-1, CHANNELS[0], _SMALLEST, _SMALLEST), style)
        for block in self.blocks[1:]:
            h = block(F.interpolate(h, size=2 * h.shape[-1], mode="bilinear", align_corners=False), style)
        return self.leave(F.silu(F.pixel_shuffle(self.grow(F.silu(self.norm(h))), 2)))


class Discriminator(nn.Module):
    """Pictures [B, 3, 32, 32] and classes [B], of which each four are the same, to the logits of being true, [B]."""

    def __init__(self, classes: int):
        super().__init__()
        self.shrink = nn.ModuleList([nn.Conv2d(i, o, 4, stride=2, padding=1)
                                     for i, o in zip((3, *_FEATURES), _FEATURES)])
        self.features = nn.Linear((_FEATURES[-1] + 1) * _SMALLEST ** 2, _FEATURES[-1])
        self.score = nn.Linear(_FEATURES[-1], 1)
        self.labels = nn.Embedding(classes, _FEATURES[-1])

    def forward(self, pictures: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        h = pictures
        for convolution in self.shrink:
            h = F.leaky_relu(convolution(h), _SLOPE)
        groups = h.reshape(-1, _GROUP, *h.shape[1:])
        apart = (groups.var(1, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3)).repeat_interleave(_GROUP)
        shown = torch.cat([h, apart[:, None, None, None].expand(-1, 1, *h.shape[2:])], 1)
        features = F.leaky_relu(self.features(shown.flatten(1)), _SLOPE)
        projection = (self.labels(labels) * features).sum(1) / _FEATURES[-1] ** 0.5
        return self.score(features)[:, 0] + projection


def new_model(work: Path) -> nn.ModuleDict:
    """Both networks, untrained."""
    classes = len(small_emojis.group_names(work))
    return nn.ModuleDict({"generator": Generator(classes), "discriminator": Discriminator(classes)})


class Task(training_loop.Task):
    """One loss for both networks: pictures are constants to the discriminator, which is a constant to the generator."""

    name = "gan"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.model = new_model(options.work)

    def optimizer(self, model: nn.Module) -> Optimizer:
        # Momentum makes two networks that follow each other circle.
        return Optimizer(torch.optim.Adam(model.parameters(), _RATE, betas=(0.0, 0.99)))

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        self.step = step
        self.pictures = small_emojis.pictures(self.options.work).to(self.device)
        self.groups = small_emojis.groups(self.options.work).to(self.device)
        self.members = [(self.groups == label).nonzero()[:, 0] for label in range(int(self.groups.max()) + 1)]

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        batch, source = self.options.batch, {"generator": self.generator, "device": self.device}
        emojis = self._emojis(batch // _GROUP)
        labels, generator, discriminator = self.groups[emojis], self.model["generator"], self.model["discriminator"]
        true = self._shifted(self.pictures[emojis])
        with stage.autocast(self.device, self.options.precision):
            drawn = self._shifted(generator(torch.randn(batch, LATENT, 1, 1, **source), labels))
            true_logits, drawn_logits = discriminator(true, labels), discriminator(drawn.detach(), labels)
            discriminator.requires_grad_(False)
            fooled_logits = discriminator(drawn, labels)
            discriminator.requires_grad_(True)
        told_apart = F.softplus(-true_logits.float()).mean() + F.softplus(drawn_logits.float()).mean()
        loss = told_apart + F.softplus(-fooled_logits.float()).mean()
        self.step += 1
        if self.step % _PENALTY_STEPS == 0:
            loss = loss + _PENALTY_STEPS * _PENALTY / 2 * gradient_penalty(discriminator, true, labels)
        return loss, told_apart.detach()

    def _emojis(self, groups: int) -> torch.Tensor:
        """Random emojis, each four of one class; each class as often as emojis are of it."""
        source = {"generator": self.generator, "device": self.device}
        classes = self.groups[torch.randint(len(self.groups), (groups,), **source)].tolist()
        return torch.cat([members[torch.randint(len(members), (_GROUP,), **source)]
                          for members in (self.members[label] for label in classes)])

    def _shifted(self, pictures: torch.Tensor) -> torch.Tensor:
        """All pictures of a batch, shifted by the same few pixels and mirrored or not; white comes in."""
        top, left = (self.rng.randrange(2 * _SHIFT + 1) for _ in range(2))
        size = small_emojis.SIZE
        shifted = F.pad(pictures, (_SHIFT,) * 4, value=1.0)[:, :, top:top + size, left:left + size]
        shifted = shifted.flip(3) if self.rng.random() < 0.5 else shifted
        return shifted.contiguous(memory_format=torch.channels_last)

    def measure(self, ema: nn.Module) -> dict[str, object]:
        """How many drawn pictures have as their nearest emoji one of the right class."""
        pictures, groups = draw(ema["generator"], len(self.members), _MEASURED, self.options.seed, self.device)
        nearest = torch.cdist(pictures.clamp(-1, 1).flatten(1), self.pictures.flatten(1)).argmin(1)
        return {"nearest_of_class": float((self.groups[nearest] == groups).float().mean())}


def gradient_penalty(discriminator: Discriminator, pictures: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """R1: the squared norm of the logit's gradient by a true picture, the mean over a batch."""
    pictures = pictures.detach().requires_grad_()
    gradient, = torch.autograd.grad(discriminator(pictures, labels).sum(), pictures, create_graph=True)
    return gradient.pow(2).sum((1, 2, 3)).mean()


@torch.no_grad()
def draw(generator: Generator, classes: int, of_each: int, seed: int,
         device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures of each class in turn, and their classes."""
    labels = torch.arange(classes, device=device).repeat_interleave(of_each)
    noise = torch.randn(len(labels), LATENT, 1, 1, generator=torch.Generator().manual_seed(seed)).to(device)
    return generator(noise, labels), labels


def export(work: Path, out: Path) -> None:
    """Writes the generator as a decoder of noise, and checks it at another batch size than it was traced with."""
    names, model = small_emojis.group_names(work), averaged(work, Task.name, new_model(work))["generator"]
    source = torch.Generator().manual_seed(0)

    def examples(batch: int) -> dict[str, torch.Tensor]:
        return {"latent_sample": torch.randn(batch, LATENT, 1, 1, generator=source),
                "class_labels": torch.randint(len(names), (batch,), generator=source)}

    inputs = {key: (example, BATCH_AXIS) for key, example in examples(2).items()}
    graph = export_part(model, out, {"sample": BATCH_AXIS}, inputs)
    check_part("gan", graph, model, examples(3))
    write_json(out / "config.json", {
        "_class_name": "Generator", **VERSION, "sample_size": small_emojis.SIZE, "latent_channels": LATENT,
        "out_channels": 3, "block_out_channels": list(CHANNELS), "classes": names,
    })


def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Eight pictures of each class, uint8 [8 classes, 3, 32, 32]."""
    model = averaged(work, Task.name, new_model(work), device, unfinished=True)
    return to_bytes(draw(model["generator"], len(small_emojis.group_names(work)), 8, seed, device)[0])
