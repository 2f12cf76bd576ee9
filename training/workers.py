"""Training in several processes whose parameters are averaged now and then (local SGD)."""

import os
import signal
from collections.abc import Callable
from multiprocessing.context import BaseContext

import torch


class ParameterAveraging:
    """Shared memory in which the workers meet; made once, and given to every worker."""

    def __init__(self, context: BaseContext, workers: int, parameter_count: int):
        self._slots = torch.zeros(workers, parameter_count).share_memory_()
        self._stops = torch.zeros(workers).share_memory_()
        self._barrier = context.Barrier(workers)

    @torch.no_grad()
    def average(self, rank: int, parameters: list[torch.Tensor], stop: bool) -> bool:
        """Waits for all workers and gives all of them the mean parameters; true when one of them wants to stop."""
        torch.cat([p.flatten() for p in parameters], out=self._slots[rank])
        self._stops[rank] = float(stop)
        self._barrier.wait()
        mean, anyone_stops = self._slots.mean(0), bool(self._stops.any())
        # Nobody may write the next slot before everybody has read this one.
        self._barrier.wait()
        for parameter, part in zip(parameters, mean.split([p.numel() for p in parameters])):
            parameter.copy_(part.view_as(parameter))
        return anyone_stops


def spawn(workers: int, parameter_count: int, train: Callable, *arguments: object) -> None:
    """Runs train(rank, averaging, *arguments) in that many processes; in this one, without averaging, for one."""
    if workers == 1:
        train(0, None, *arguments)
        return
    averaging = ParameterAveraging(torch.multiprocessing.get_context("spawn"), workers, parameter_count)
    torch.multiprocessing.spawn(_worker, (averaging, train, *arguments), nprocs=workers)


def _worker(rank: int, averaging: ParameterAveraging, train: Callable, *arguments: object) -> None:
    # PyTorch interrupts workers whose parent dies; processes started in the background ignore that by default.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(os, "sched_setaffinity"):
        # Workers that the system moves onto one core wait for each other half of the time.
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[rank % len(cores)]})
    train(rank, averaging, *arguments)
