"""The loop in which every network is trained: budget, workers, moving average, checkpoints."""

import argparse
import copy
import random
from abc import ABC, abstractmethod

import stage
import torch
import torch.nn as nn

from captured import CapturedStep
from optimizer import Optimizer, muon_and_adamw
from workers import ParameterAveraging, spawn

_WARM_UP_STEPS = 50
_FLAT_FRACTION = 0.4
_LOWEST_RATE = 0.02
_SYNC_STEPS = 8
_EMA_DECAY = 0.98
_REPORT_STEPS = 48


class Task(ABC):
    """What is trained: a model, and a loss of random batches. Made anew in each worker."""

    name: str
    """Of the checkpoint in the work folder."""
    matrix_rate = 5e-3
    """The learning rate of weights that are matrices."""
    model: nn.Module
    """What is trained. All workers start from the same parameters."""

    def __init__(self, options: argparse.Namespace, device: torch.device):
        self.options = options
        self.device = device

    def optimizer(self, model: nn.Module) -> Optimizer:
        """What takes the steps."""
        return muon_and_adamw(model, self.matrix_rate)

    def start(self, rank: int, step: int) -> None:
        """Gets ready to make batches, from random streams for this worker and step."""
        self.generator = stage.generator(self.device, self.options.seed, step, rank)
        self.rng = random.Random(self.generator.initial_seed())

    @abstractmethod
    def loss(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The loss of a new batch, and the number to report, detached."""

    def measure(self, ema: nn.Module) -> dict[str, object]:
        """Anything to keep with the finished model."""
        return {}


def learning_rate(step: int, fraction: float) -> float:
    """The part of the full rate: a warm-up over steps, then flat, then linear down over the rest of the time."""
    warm_up = min(1, (step + 1) / _WARM_UP_STEPS)
    return warm_up * (1 if fraction < _FLAT_FRACTION else max(_LOWEST_RATE, (1 - fraction) / (1 - _FLAT_FRACTION)))


@torch.no_grad()
def update_ema(ema: nn.Module, model: nn.Module, updates: int) -> None:
    """Moves the moving average towards the model; the decay warms up, so that the start is soon forgotten."""
    decay = min(_EMA_DECAY, (1 + updates) / (10 + updates))
    for average, parameter in zip(ema.parameters(), model.parameters()):
        average.lerp_(parameter, 1 - decay)


def run(task: type[Task], options: argparse.Namespace) -> None:
    """Trains, going on from the checkpoint where there is one."""
    if stage.device().type == "cuda" and options.workers > 1:
        raise SystemExit("--workers is for CPUs; with CUDA raise --batch instead")
    path = options.work / f"{task.name}.pt"
    # Made here too, so that a missing stage is told once and not by each worker.
    count = sum(p.numel() for p in task(options, torch.device("cpu")).model.parameters())
    state = stage.load_checkpoint(path)
    if state and (state["step"] >= options.steps or state["used_seconds"] >= options.minutes * 60):
        print(f"{path} has had its {options.minutes:g} minutes or {state['step']} steps: nothing to do")
        return
    spawn(options.workers, count, _train, task, options)


def _train(rank: int, averaging: ParameterAveraging | None, kind: type[Task], options: argparse.Namespace) -> None:
    """One worker. All of them hold the same parameters after each averaging; worker 0 keeps the checkpoint."""
    torch.set_num_threads(options.threads)
    device = stage.device()
    path = options.work / f"{kind.name}.pt"
    torch.manual_seed(options.seed)  # the same initial parameters in each worker
    task = kind(options, device)
    model = task.model.to(device, memory_format=torch.channels_last)
    ema = copy.deepcopy(model)
    optimizer = task.optimizer(model)
    step, used, processor = 0, 0.0, 0.0
    if state := stage.load_checkpoint(path, device):
        model.load_state_dict(state["model"])
        ema.load_state_dict(state["ema"])
        if "optimizer" in state:  # not of imported weights
            optimizer.load_state_dict(state["optimizer"])
        step, used, processor = state["step"], state["used_seconds"], state.get("processor_seconds", 0.0)
        if rank == 0:
            print(f"resumed at step {step}, {used:.0f} s", flush=True)
    task.start(rank, step)
    budget = stage.Budget(options.minutes, used, processor)
    save_timer = stage.SaveTimer(options.save_seconds)
    first, reports, stop = step, [], False

    def save(finished: bool, **results: object) -> None:
        stage.save_checkpoint(path, {
            "model": model.state_dict(), "ema": ema.state_dict(), "optimizer": optimizer.state_dict(),
            "step": step, "used_seconds": used, "processor_seconds": processor, "finished": finished,
            "workers": options.workers, "batch": options.batch,
            "device": torch.cuda.get_device_name() if device.type == "cuda" else None, **results,
        })

    def take_step() -> torch.Tensor:
        loss, report = task.loss()
        optimizer.step(loss)
        return report

    if device.type == "cuda" and options.tables:
        take_step = CapturedStep(take_step, task.generator)
    while not stop:
        optimizer.follow(learning_rate(step, budget.fraction))
        reports.append(take_step())
        step += 1
        if step % _SYNC_STEPS:
            continue
        stop = budget.fraction >= 1 or step >= options.steps
        if averaging:
            stop = averaging.average(rank, list(model.parameters()), stop)
        if rank != 0:
            continue
        update_ema(ema, model, updates=step // _SYNC_STEPS)
        if step % _REPORT_STEPS == 0:
            speed = (step - first) * options.batch * options.workers / (budget.used_seconds - used)
            print(f"step {step}, {budget.used_seconds:.0f} s, {float(sum(reports)) / len(reports):.4f}, "
                  f"{speed:.0f} pictures/s", flush=True)
            reports.clear()
        if save_timer.due():
            before, used, processor = used, budget.used_seconds, budget.processor_seconds
            save(finished=False)
            used = before
    if rank == 0:
        used, processor = budget.used_seconds, budget.processor_seconds  # measuring is not training
        results = task.measure(ema.eval())
        save(finished=True, **results)
        told = "".join(f", {key} {value:.5g}" for key, value in results.items() if isinstance(value, float))
        print(f"finished at step {step}{told}, in {path}")
