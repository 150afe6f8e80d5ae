"""Programs written for a GPU's torch run on the torch of this computer.

TileLang programs make their tensors with `device="cuda"` or `.cuda()`. Here the
tensors live on the host and a kernel call moves them to the chip, so 'cuda' in
such a program means the host. `install` puts that mapping in place when torch is
imported; a torch that has a CUDA device is left alone.
"""

from __future__ import annotations

import contextlib
import sys
import time
import types
from typing import Any


def _mapped(value: Any, torch: Any) -> Any:
    """'cuda', 'cuda:0' and such devices as the host's."""
    if isinstance(value, str) and (value == "cuda" or value.startswith("cuda:")):
        return "cpu"
    if isinstance(value, torch.device) and value.type == "cuda":
        return torch.device("cpu")
    return value


# A GPU multiplies half-precision matrices with fp32 sums. torch's kernels for the
# host do the same work two orders of magnitude slower in float16 than in float32.
_PRODUCTS = (
    "matmul mm bmm mv dot einsum addmm baddbmm bilinear tensordot chain_matmul "
    "__matmul__ __rmatmul__ linear conv1d conv2d conv3d scaled_dot_product_attention"
).split()


def _wide_product(func: Any, args: tuple, kwargs: dict, torch: Any) -> Any:
    """A product of half-precision operands, computed in float32; None when it is
    none."""
    small = (torch.float16, torch.bfloat16)
    found: list[Any] = []

    def widen(value: Any) -> Any:
        if isinstance(value, torch.Tensor) and value.dtype in small:
            found.append(value.dtype)
            return value.float()
        return type(value)(map(widen, value)) if type(value) in (list, tuple) else value

    if "out" in kwargs or "dtype" in kwargs:
        return None
    wide = [widen(a) for a in args], {k: widen(v) for k, v in kwargs.items()}
    if not found:
        return None
    return func(*wide[0], **wide[1]).to(found[0])


def _divides_by_number(func: Any, args: tuple, kwargs: dict, torch: Any) -> bool:
    """Whether this is a floating-point tensor divided by a number."""
    return (
        getattr(func, "__name__", "") in ("div", "__truediv__", "true_divide")
        and len(args) == 2
        and not kwargs
        and isinstance(args[0], torch.Tensor)
        and args[0].dtype in (torch.float16, torch.bfloat16, torch.float32)
        and type(args[1]) in (int, float)
        and args[1] != 0
    )


def _make_mode(torch: Any) -> Any:
    import numpy as np
    from torch.overrides import TorchFunctionMode

    class HostDevice(TorchFunctionMode):
        """Replaces the device in every torch call."""

        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if func is torch.Tensor.cuda:
                return args[0]
            args = tuple(_mapped(a, torch) for a in args)
            kwargs = {k: _mapped(v, torch) for k, v in (kwargs or {}).items()}
            kwargs.pop("pin_memory", None)
            if _divides_by_number(func, args, kwargs, torch):
                # torch on a GPU multiplies by the reciprocal in float32, which
                # programs that compare bits rely on.
                return args[0] * float(np.float32(1) / np.float32(args[1]))
            if getattr(func, "__name__", "") in _PRODUCTS:
                product = _wide_product(func, args, kwargs, torch)
                if product is not None:
                    return product
            return func(*args, **kwargs)

    return HostDevice()


def _host_generator(torch: Any) -> type:
    real = torch.Generator

    class Meta(type):
        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, real)

    class Generator(metaclass=Meta):
        """torch.Generator, on the host."""

        def __new__(cls, device: Any = "cpu") -> Any:
            return real(_mapped(device, torch))

    return Generator


class _Event:
    """A point in time, in place of torch.cuda.Event."""

    def __init__(self, *_: Any, **__: Any):
        self.time = 0.0

    def record(self, *_: Any) -> None:
        self.time = time.perf_counter()

    def synchronize(self) -> None:
        """Everything is done when a call returns."""

    def elapsed_time(self, other: _Event) -> float:
        return (other.time - self.time) * 1e3


class _Stream:
    """Work is done in order; there is one stream."""

    cuda_stream = 0

    def __init__(self, *_: Any, **__: Any):
        pass

    def synchronize(self) -> None:
        """Everything is done when a call returns."""

    def wait_stream(self, other: Any) -> None:
        """Everything is done when a call returns."""


def _nothing() -> Any:
    """A function of its own each time: torch tells its functions apart."""

    def nothing(*_: Any, **__: Any) -> None:
        """Accepted; the host has nothing to do for it."""

    return nothing


def _properties(*_: Any) -> Any:
    from .driver.target import core_count, read_target

    target = read_target(None)
    return types.SimpleNamespace(
        name=target.device,
        multi_processor_count=core_count(target),
        total_memory=1 << 34,
        major=8,
        minor=0,
        warp_size=1,
    )


def patch(torch: Any) -> None:
    """Make 'cuda' mean the host in `torch`."""
    if getattr(torch, "_tilewright_host_device", None) or torch.cuda.is_available():
        return
    torch._tilewright_host_device = mode = _make_mode(torch)
    mode.__enter__()
    set_default = torch.set_default_device
    torch.set_default_device = lambda device: set_default(_mapped(device, torch))
    torch.Generator = _host_generator(torch)

    cuda = torch.cuda
    cuda.is_available = lambda: True
    cuda.device_count = lambda: 1
    cuda.current_device = lambda: 0
    cuda.get_device_capability = lambda *_: (8, 0)
    cuda.get_device_name = lambda *_: _properties().name
    cuda.get_device_properties = _properties
    cuda.max_memory_allocated = cuda.memory_allocated = lambda *_: 0
    for name in ("synchronize", "empty_cache", "set_device", "reset_peak_memory_stats", "init"):
        setattr(cuda, name, _nothing())
    # torch.random.fork_rng asks the module of the device for its state.
    torch.cpu.get_rng_state = lambda *_: torch.random.get_rng_state()
    torch.cpu.set_rng_state = lambda state, *_: torch.random.set_rng_state(state)
    cuda.Event, cuda.Stream = _Event, _Stream
    cuda.current_stream = cuda.default_stream = _Stream
    cuda.stream = lambda *_: contextlib.nullcontext()
    cuda.device = lambda *_: contextlib.nullcontext()


class _Hook:
    """Patches torch when it has been imported."""

    busy = False

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "torch" or self.busy:
            return None
        import importlib.util

        self.busy = True
        try:
            spec = importlib.util.find_spec("torch")
        finally:
            self.busy = False
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            patch(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


_hook = _Hook()


def install() -> None:
    """Patch torch now if it is loaded, else when it is."""
    if "torch" in sys.modules:
        patch(sys.modules["torch"])
    elif _hook not in sys.meta_path:
        sys.meta_path.insert(0, _hook)
