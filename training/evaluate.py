#!/usr/bin/env python3
"""Stage 12: how well the model draws what it is asked for, with PyTorch.

Needs evaluation.json (evaluation_set.py). Every run goes into evaluation-pytorch.json, where it replaces the same run
of before, so parts can be run one after the other; other weights start a new file. How pictures are scored is in
retrieval.py; samples/Evaluation does the same with the library.
"""

import argparse
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import stage
import torch

import evaluation_set
import reconstruction
import sheet
import trained
from data.dataset import Pictures
from diffusion import ddim
from evaluation_results import Results, Run
from evaluation_set import EvaluationSet, Prompt
from retrieval import Retrieval

_PARTS = ("autoencoder", *evaluation_set.KINDS, "samplers")
_SHEET = 64


@torch.no_grad()
def generate(parts: trained.Trained, prompts: list[Prompt], run: Run, batch: int) -> Iterator[torch.Tensor]:
    """The pictures of prompts in their order, uint8 [3, 128, 128]; each draws all its noise from its own seed."""
    device = next(parts.text_encoder.parameters()).device
    unconditional = parts.context([""])
    for start in range(0, len(prompts), batch):
        some = prompts[start:start + batch]
        generators = [torch.Generator().manual_seed(prompt.seed) for prompt in some]

        def noise() -> torch.Tensor:
            return torch.cat([torch.randn(1, *trained.LATENT_SHAPE, generator=generator) for generator in generators])

        predict = trained.guided(parts.predictor, parts.context([p.prompt for p in some]), unconditional, run.guidance)
        eta = 1.0 if run.sampler == "DDPM" else 0.0
        yield from parts.pictures(ddim(predict, noise().to(device), run.steps, eta=eta, noise=noise))


def evaluate(parts: trained.Trained, prompts: list[Prompt], run: Run, batch: int, retrieval: Retrieval,
             work: Path) -> None:
    """Generates and scores a run, and writes its first pictures as a sheet."""
    started = time.monotonic()
    pictures, energies = [], torch.zeros(2)
    for prompt, picture in zip(prompts, generate(parts, prompts, run, batch)):
        run.add(retrieval.score(prompt, picture))
        asked = retrieval.draw([prompt.scene])[0]
        energies += torch.tensor([reconstruction.edge_energy(picture), reconstruction.edge_energy(asked)])
        if len(pictures) < _SHEET:
            pictures.append(picture)
    run.sharpness = round(float((energies[0] / energies[1]).sqrt()), 3)
    name = f"evaluation-{run.kind}-{run.sampler}{run.steps}-{run.guidance:g}.png".lower()
    sheet.save(torch.stack(pictures), work / name, zoom=1)
    run.seconds = round(time.monotonic() - started, 1)


def plan(options: argparse.Namespace, evaluation: EvaluationSet) -> Iterator[tuple[Run, list[Prompt]]]:
    """The runs that the options ask for, and their prompts."""
    for kind in evaluation_set.KINDS:
        if kind in options.only:
            prompts = evaluation.of(kind, options.limit)
            for guidance in options.guidance if kind == "name" else [options.held_out_guidance]:
                yield Run(kind, "DDIM", options.steps, guidance, len(prompts)), prompts
    if "samplers" in options.only:
        prompts = evaluation.of("name", options.sampler_names)
        for sampler in options.samplers:
            name, steps = sampler.split(":")
            yield Run("name", name, int(steps), options.held_out_guidance, len(prompts)), prompts


def weights(work: Path) -> str:
    """A digest of the checkpoints, so that runs of other weights do not mix."""
    digest = hashlib.blake2b(digest_size=8)
    for path in (work / f"{name}.pt" for name in ("autoencoder", "prior", "recognizer", "denoiser", "decoder")):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def main() -> None:
    parser = stage.parser(__doc__)
    parser.add_argument("--only", nargs="+", choices=_PARTS, default=_PARTS, help="which parts to run")
    parser.add_argument("--guidance", nargs="+", type=float, default=[1, 1.5, 2, 3],
                        help="of all names, a run for each")
    parser.add_argument("--held-out-guidance", type=float, default=1.0, help="of held-out prompts and of the samplers")
    parser.add_argument("--steps", type=int, default=30, help="DDIM steps, except for the samplers")
    parser.add_argument("--limit", type=int, help="use only so many prompts of each kind, evenly spread")
    parser.add_argument("--samplers", nargs="+", default=["DDIM:10", "DDIM:20", "DDIM:50", "DDPM:1000"],
                        help="samplers with their steps, compared on the same names")
    parser.add_argument("--sampler-names", type=int, default=96, help="how many names the samplers draw, evenly spread")
    parser.add_argument("--batch", type=int, default=32, help="pictures at once")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    evaluation = evaluation_set.load(options.work)
    pictures = Pictures(options.work)
    results = Results.open(options.work / "evaluation-pytorch.json", "PyTorch", weights(options.work))
    parts = trained.load(options.work, stage.device(), unfinished=True)
    if "autoencoder" in options.only:
        results.set_psnr(reconstruction.psnr(parts, pictures, evaluation, options.limit))
    retrieval = Retrieval(pictures)
    print(Run.header(), flush=True)
    for run, prompts in plan(options, evaluation):
        evaluate(parts, prompts, run, options.batch, retrieval, options.work)
        results.set_run(run)
        print(run.row(), flush=True)


if __name__ == "__main__":
    main()
