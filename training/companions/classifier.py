"""A classifier of noisy pictures for the classes' model, with its gradient (classifier guidance, arXiv:2105.05233).

The gradient of log p(class | picture) is an output of the graph, computed by formulas: runtimes do not differentiate.
"""

import argparse
from pathlib import Path

import stage
import torch
import torch.nn as nn
import torch.nn.functional as F

import diffusion
import training_loop
from companions import classes, small_emojis
from companions.learned_variance import ancestral
from data import dataset
from data.split import held_out
from export import VERSION, write_json
from graphs import BATCH_AXIS, check_part, export_part
from networks.unet import timestep_embedding
from trained import averaged, to_bytes

MINUTES, BATCH = 3, 64
CHANNELS = (32, 56, 80, 96, 96)
STRIDES = (1, 2, 2, 2, 1)

_TIME_WIDTH = 64
_SHIFT = 2
_CHUNK = 128
# The timesteps at which accuracy is measured: alpha_bar is 0.99 and 0.65.
_MEASURED = {"low": 50, "mid": 400}
_TOLERANCE = 1e-5
_STEPS, _GUIDANCE = 50, 3.0


class NoisyClassifier(nn.Module):
    """Samples [B, 3, 32, 32] at timesteps [B] to the logits of classes, [B, classes].

    Convolutions, each scaled and shifted by the timestep and followed by SiLU, then the mean over all positions. There
    is no normalization, so that the gradient has simple formulas.
    """

    def __init__(self, classes: int):
        super().__init__()
        inputs = (3, *CHANNELS[:-1])
        self.time = nn.Sequential(nn.Linear(_TIME_WIDTH, _TIME_WIDTH), nn.SiLU(),
                                  nn.Linear(_TIME_WIDTH, 2 * sum(CHANNELS)))
        self.convolutions = nn.ModuleList([nn.Conv2d(i, o, 3, stride, padding=1)
                                           for i, o, stride in zip(inputs, CHANNELS, STRIDES)])
        self.leave = nn.Linear(CHANNELS[-1], classes)
        for convolution in self.convolutions:
            nn.init.kaiming_normal_(convolution.weight)
        nn.init.zeros_(self.time[2].weight)
        nn.init.zeros_(self.time[2].bias)
        nn.init.zeros_(self.leave.weight)

    def modulations(self, timestep: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """What the output of each convolution is multiplied by, and what is added, [B, C, 1, 1]."""
        values = self.time(timestep_embedding(timestep, _TIME_WIDTH))[:, :, None, None]
        halves = (part.chunk(2, 1) for part in values.split([2 * c for c in CHANNELS], 1))
        return [(1 + scale, shift) for scale, shift in halves]

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor) -> torch.Tensor:
        for convolution, (scale, shift) in zip(self.convolutions, self.modulations(timestep)):
            sample = F.silu(convolution(sample) * scale + shift)
        return self.leave(sample.mean((2, 3)))


class GradientGraph(nn.Module):
    """The logits [B, classes], and the gradient [B, 3, 32, 32] of log p(class_labels | sample) by the sample."""

    def __init__(self, classifier: NoisyClassifier):
        super().__init__()
        self.m = classifier

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor,
                class_labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        modulations, before = self.m.modulations(timestep), []
        for convolution, (scale, shift) in zip(self.m.convolutions, modulations):
            z = convolution(sample) * scale + shift
            before.append(z)
            sample = F.silu(z)
        logits = self.m.leave(sample.mean((2, 3)))

        # d log softmax(l)[y] / dl = onehot(y) - softmax(l); then back through the mean, and layer by layer.
        classes = torch.arange(self.m.leave.out_features, device=logits.device)
        errors = (class_labels[:, None] == classes).float() - logits.softmax(-1)
        positions = before[-1].shape[2] * before[-1].shape[3]
        gradient = (errors @ self.m.leave.weight / positions)[:, :, None, None]
        for convolution, (scale, _), z in zip(reversed(self.m.convolutions), reversed(modulations), reversed(before)):
            sigmoid = z.sigmoid()
            gradient = gradient * sigmoid * (1 + z * (1 - sigmoid)) * scale
            # A convolution of stride 2 gives half the size: its transpose needs one more row and column.
            gradient = F.conv_transpose2d(gradient, convolution.weight, None, convolution.stride, 1,
                                          convolution.stride[0] - 1)
        return logits, gradient


class Task(training_loop.Task):
    """Cross-entropy at random timesteps; the pictures are shifted a little, and a tenth of them is held out."""

    name = "classifier"

    def __init__(self, options: argparse.Namespace, device: torch.device):
        super().__init__(options, device)
        self.model = NoisyClassifier(len(small_emojis.group_names(options.work)))

    def start(self, rank: int, step: int) -> None:
        super().start(rank, step)
        pictures = small_emojis.pictures(self.options.work).to(self.device)
        groups = small_emojis.groups(self.options.work).to(self.device)
        out = torch.tensor([held_out("classifier", e.name) for e in dataset.load_emojis(self.options.work)])
        self.seen, self.held_out = ((pictures[which], groups[which]) for which in (~out, out))
        # White all around, which is what a shift brings in.
        self.padded = F.pad(self.seen[0], (_SHIFT,) * 4, value=1.0)
        self.alpha_bars = diffusion.cosine_alpha_bars().float().to(self.device)

    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        batch, source = self.options.batch, {"generator": self.generator, "device": self.device}
        emojis = torch.randint(len(self.padded), (batch,), **source)
        pixels = torch.arange(small_emojis.SIZE, device=self.device)
        rows, columns = (pixels + torch.randint(2 * _SHIFT + 1, (batch, 1), **source) for _ in range(2))
        clean = self.padded[emojis[:, None, None], :, rows[:, :, None], columns[:, None]].permute(0, 3, 1, 2)
        timesteps = diffusion.stratified_timesteps(1, batch, self.generator)
        noise = torch.randn(clean.shape, **source)
        noisy, _ = diffusion.add_noise(clean, noise, self.alpha_bars[timesteps])
        with stage.autocast(self.device, self.options.precision):
            logits = self.model(noisy, timesteps).float()
        loss = F.cross_entropy(logits, self.seen[1][emojis])
        return loss, loss.detach()

    @torch.no_grad()
    def measure(self, ema: nn.Module) -> dict[str, object]:
        """Accuracy at two levels of noise, of pictures that were trained on and of pictures that were not."""
        generator = stage.generator(self.device, 1, 0)

        def accuracy(pictures: torch.Tensor, groups: torch.Tensor, timestep: int) -> float:
            hits = 0
            for clean, group in zip(pictures.split(_CHUNK), groups.split(_CHUNK)):
                timesteps = torch.full((len(clean),), timestep, device=self.device)
                noise = torch.randn(clean.shape, generator=generator, device=self.device)
                noisy, _ = diffusion.add_noise(clean, noise, self.alpha_bars[timesteps])
                hits += int((ema(noisy, timesteps).argmax(-1) == group).sum())
            return hits / len(pictures)

        return {f"{kind}_accuracy_{level}": accuracy(*data, timestep)
                for kind, data in (("seen", self.seen), ("held_out", self.held_out))
                for level, timestep in _MEASURED.items()}


def load(work: Path, device: torch.device = torch.device("cpu"), unfinished: bool = False) -> GradientGraph:
    """The trained classifier, with its gradient."""
    model = NoisyClassifier(len(small_emojis.group_names(work)))
    return GradientGraph(averaged(work, Task.name, model, device, unfinished))


def check_gradient(graph: GradientGraph, sample: torch.Tensor, timestep: torch.Tensor, labels: torch.Tensor) -> None:
    """Compares the formulas with PyTorch's own gradient, and exits where they differ."""
    variable = sample.clone().requires_grad_()
    log_p = graph.m(variable, timestep).log_softmax(-1).gather(1, labels[:, None])
    expected, = torch.autograd.grad(log_p.sum(), variable)
    difference = float((graph(sample, timestep, labels)[1] - expected).abs().max() / expected.abs().max())
    if not difference <= _TOLERANCE:
        raise SystemExit(f"classifier: the gradient differs from PyTorch's by {difference:.1e} of its largest value.")
    print(f"classifier: the gradient is {difference:.1e} from PyTorch's, of its largest value")


def export(work: Path, out: Path) -> None:
    """Writes the model folder, checks the gradient, and the graph at another batch size than it was traced with."""
    names, graph = small_emojis.group_names(work), load(work)
    generator = torch.Generator().manual_seed(0)

    def examples(batch: int) -> dict[str, torch.Tensor]:
        return {"sample": torch.randn(batch, 3, small_emojis.SIZE, small_emojis.SIZE, generator=generator),
                "timestep": 999 * torch.rand(batch, generator=generator),
                "class_labels": torch.randint(len(names), (batch,), generator=generator)}

    inputs = {key: (example, BATCH_AXIS) for key, example in examples(2).items()}
    model = export_part(graph, out, {"logits": BATCH_AXIS, "gradient": BATCH_AXIS}, inputs)
    check_gradient(graph, *examples(16).values())
    check_part("classifier", model, graph, examples(3))
    write_json(out / "config.json", {
        "_class_name": "NoisyClassifier", **VERSION, "sample_size": small_emojis.SIZE, "in_channels": 3,
        "block_out_channels": list(CHANNELS), "num_train_timesteps": diffusion.TRAIN_STEPS,
        "beta_schedule": "squaredcos_cap_v2", "classes": names,
    })


def sample(work: Path, device: torch.device, seed: int) -> torch.Tensor:
    """Eight pictures of each class, guided by the classifier alone: the classes' model sees the null class only."""
    predictor, graph = classes.load(work, device, unfinished=True), load(work, device, unfinished=True)
    null = len(small_emojis.group_names(work))
    labels = torch.arange(null, device=device).repeat_interleave(8)
    generator, alpha_bars = torch.Generator().manual_seed(seed), diffusion.cosine_alpha_bars()
    sigmas = (1 - alpha_bars).sqrt().float().to(device)

    def predict(x: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
        epsilon, v = predictor(x, timesteps, torch.full_like(labels, null)).chunk(2, 1)
        gradient = graph(x, timesteps, labels)[1]
        return torch.cat([epsilon - _GUIDANCE * sigmas[timesteps.long()][:, None, None, None] * gradient, v], 1)

    noise = torch.randn(len(labels), 3, small_emojis.SIZE, small_emojis.SIZE, generator=generator)
    return to_bytes(ancestral(predict, alpha_bars, noise.to(device), _STEPS, generator))
