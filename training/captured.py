"""Steps as CUDA graphs: a GPU then runs all kernels of a step without waiting for Python to ask for each."""

from collections.abc import Callable

import torch

_WARM_UP_STEPS = 3


class CapturedStep:
    """Runs a step as it is a few times, then records it and plays the recording.

    Nothing in the step may depend on what the GPU has computed, and all that it reads and writes has to stay where it is.
    """

    def __init__(self, step: Callable[[], torch.Tensor], generator: torch.Generator):
        self._step = step
        self._generator = generator
        self._stream = torch.cuda.Stream()
        self._steps = 0
        self._graph = None
        self._result = None
        self._done = torch.cuda.Event()

    def __call__(self) -> torch.Tensor:
        """What the step gives."""
        self._steps += 1
        if self._graph:
            return self._replay()
        if self._steps <= _WARM_UP_STEPS:
            self._stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(self._stream):
                result = self._step()
            torch.cuda.current_stream().wait_stream(self._stream)
            return result
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self._generator)
        with torch.cuda.graph(graph, stream=self._stream):
            self._result = self._step()
        self._graph = graph
        return self._replay()

    def _replay(self) -> torch.Tensor:
        # Otherwise Python's clock would be far ahead of the GPU.
        self._done.synchronize()
        self._graph.replay()
        self._done.record()
        return self._result.clone()
