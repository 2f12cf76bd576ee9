#!/usr/bin/env python3
"""Stage 4: the text encoder and the UNet. Run it again to resume where the last checkpoint is."""

import argparse
import copy
import os
import random
import signal
from pathlib import Path

import torch
import torch.nn as nn

import stage
from averaging import ParameterAveraging
from data import dataset
from data.captions import caption
from data.dataset import Pictures
from diffusion import TRAIN_STEPS, alpha_bars, min_snr_weight
from networks import Encoder, TextEncoder, UNet
from networks.autoencoder import sample_latents
from tokenizer import Tokenizer

_LEARNING_RATE = 1.2e-3
_WARM_UP_STEPS = 150
_FLAT_FRACTION = 0.45
_UNWEIGHTED_LOSS = 0.1
_CAPTION_DROPOUT = 0.1
_SYNC_STEPS = 8
_EMA_DECAY = 0.995
_REPORT_STEPS = 48


def new_denoiser(vocabulary: int) -> nn.ModuleDict:
    """The text encoder and the UNet, untrained."""
    return nn.ModuleDict({"text_encoder": TextEncoder(vocabulary), "unet": UNet()})


def load_latent_encoder(work: Path, device: torch.device) -> tuple[Encoder, float]:
    """The frozen encoder of the finished autoencoder, and the scaling factor of its latents."""
    state = stage.load_checkpoint(work / "autoencoder.pt", device)
    if state is None or "scaling_factor" not in state:
        raise SystemExit("The autoencoder is not finished: run train_autoencoder.py until it says so.")
    encoder = Encoder().to(device, memory_format=torch.channels_last)
    encoder.load_state_dict(state["encoder"])
    return encoder.eval().requires_grad_(False), state["scaling_factor"]


def learning_rate(step: int, fraction: float) -> float:
    """Warm-up over steps, then flat for 45 % of the time, then linear down to 2 %."""
    warm_up = min(1, (step + 20) / _WARM_UP_STEPS)
    decay = 1 if fraction < _FLAT_FRACTION else max(0.02, (1 - fraction) / (1 - _FLAT_FRACTION))
    return _LEARNING_RATE * warm_up * decay


@torch.no_grad()
def update_ema(ema: nn.Module, model: nn.Module, updates: int) -> None:
    """Moves the moving average towards the model; the decay warms up, so that the start is soon forgotten."""
    decay = min(_EMA_DECAY, (1 + updates) / (10 + updates))
    for average, parameter in zip(ema.parameters(), model.parameters()):
        average.lerp_(parameter, 1 - decay)


class Batches:
    """Latents with the token ids of their captions."""

    def __init__(self, options: argparse.Namespace, device: torch.device, rank: int, step: int):
        self._pictures = Pictures(options.work, device)
        self._emojis = dataset.load_emojis(options.work)
        self._tokenizer = Tokenizer.load(options.work / "tokenizer")
        self._encoder, self.scaling_factor = load_latent_encoder(options.work, device)
        self._generator = stage.generator(device, options.seed, step, rank)
        self._alpha_bars = alpha_bars(device)
        self._rng = random.Random(self._generator.initial_seed())
        self._device = device
        self._size, self._precision = options.batch, options.precision

    @torch.no_grad()
    def next(self) -> tuple[torch.Tensor, ...]:
        """Noisy latents, timesteps, token ids, the noise, and the alpha bars of the timesteps."""
        indices, backgrounds = self._pictures.draw(self._size, self._generator)
        pictures = self._pictures.augment(indices, backgrounds, self._generator)
        with stage.autocast(self._device, self._precision):
            latents, _, _ = sample_latents(self._encoder(pictures), self._generator)
        latents = latents * self.scaling_factor
        ids = [self._tokenizer.encode(self._caption(i, b)) for i, b in zip(indices.tolist(), backgrounds.tolist())]
        timesteps = torch.randint(TRAIN_STEPS, (self._size,), generator=self._generator, device=self._device)
        noise = torch.randn(latents.shape, generator=self._generator, device=self._device)
        alpha_bar = self._alpha_bars[timesteps][:, None, None, None]
        noisy = alpha_bar.sqrt() * latents + (1 - alpha_bar).sqrt() * noise
        return (noisy.contiguous(memory_format=torch.channels_last), timesteps,
                torch.tensor(ids, device=self._device), noise, alpha_bar)

    def _caption(self, index: int, background: int) -> str:
        """A caption, or none at times: classifier-free guidance needs a model of pictures without one."""
        dropped = self._rng.random() < _CAPTION_DROPOUT
        return "" if dropped else caption(self._emojis[index], background, self._rng)


def train(rank: int, options: argparse.Namespace, averaging: ParameterAveraging | None) -> None:
    """One worker. All of them hold the same parameters after each averaging; worker 0 keeps the checkpoint."""
    if averaging:
        # PyTorch interrupts workers whose parent dies; processes started in the background ignore that by default.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        torch.set_num_threads(1)
        if hasattr(os, "sched_setaffinity"):
            # Workers that the system moves onto one core wait for each other half of the time.
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {cores[rank % len(cores)]})
    device = stage.device()
    path = options.work / "denoiser.pt"
    torch.manual_seed(options.seed)  # the same initial parameters in each worker
    model = new_denoiser(len(Tokenizer.load(options.work / "tokenizer").vocabulary))
    model.to(device, memory_format=torch.channels_last)
    ema = copy.deepcopy(model)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=_LEARNING_RATE, betas=(0.9, 0.99), weight_decay=0.01)
    step, used = 0, 0.0
    if state := stage.load_checkpoint(path, device):
        model.load_state_dict(state["model"])
        ema.load_state_dict(state["ema"])
        optimizer.load_state_dict(state["optimizer"])
        step, used = state["step"], state["used_seconds"]
        if rank == 0:
            print(f"resumed at step {step}, {used:.0f} s", flush=True)
    batches = Batches(options, device, rank, step)
    budget = stage.Budget(options.minutes, used)
    save_timer = stage.SaveTimer(options.save_seconds)

    # By what the checkpoint says, not the clock: every worker has to come to the same answer.
    stop, errors = used >= options.minutes * 60 or step >= options.steps, []
    while not stop:
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, budget.fraction)
        noisy, timesteps, ids, noise, alpha_bar = batches.next()
        with stage.autocast(device, options.precision):
            predicted = model["unet"](noisy, timesteps, model["text_encoder"](ids)).float()
        error = (predicted - noise).pow(2)
        loss = ((min_snr_weight(alpha_bar) + _UNWEIGHTED_LOSS) * error).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        step += 1
        errors.append(error.detach().mean())
        if step % _SYNC_STEPS:
            continue
        stop = budget.fraction >= 1 or step >= options.steps
        if averaging:
            stop = averaging.average(rank, parameters, stop)
        if rank != 0:
            continue
        update_ema(ema, model, updates=step // _SYNC_STEPS)
        if step % _REPORT_STEPS == 0:
            speed = step * options.batch * options.workers / budget.used_seconds
            print(f"step {step}, {budget.used_seconds:.0f} s, squared error {float(torch.stack(errors).mean()):.4f}, "
                  f"{speed:.0f} pictures/s", flush=True)
            errors.clear()
        if stop or save_timer.due():
            stage.save_checkpoint(path, {
                "model": model.state_dict(), "ema": ema.state_dict(), "optimizer": optimizer.state_dict(),
                "step": step, "used_seconds": budget.used_seconds, "scaling_factor": batches.scaling_factor,
            })
    if rank == 0:
        print(f"finished at step {step}, in {path}")


def main() -> None:
    cuda = stage.device().type == "cuda"
    parser = stage.parser(__doc__)
    stage.add_training_options(parser, minutes=82, batch=64)
    parser.add_argument("--workers", type=int, default=1 if cuda else 2, help="processes; one with CUDA")
    options = parser.parse_args()
    if cuda and options.workers > 1:
        parser.error("--workers is for CPUs; with CUDA raise --batch instead")
    load_latent_encoder(options.work, torch.device("cpu"))  # a missing stage is told once, not by each worker

    if options.workers == 1:
        train(0, options, None)
        return
    vocabulary = len(Tokenizer.load(options.work / "tokenizer").vocabulary)
    count = sum(p.numel() for p in new_denoiser(vocabulary).parameters())
    averaging = ParameterAveraging(torch.multiprocessing.get_context("spawn"), options.workers, count)
    torch.multiprocessing.spawn(train, (options, averaging), nprocs=options.workers)


if __name__ == "__main__":
    main()
