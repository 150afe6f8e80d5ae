"""`tilelang.carver.arch`: the machine, as programs that spread work over it ask."""

from __future__ import annotations

from typing import Any

from ...driver.target import core_count, read_target


class driver:
    """Facts about the device."""

    @staticmethod
    def get_num_sms(*_: Any) -> int:
        """Cores of the chip, in place of a GPU's multiprocessors."""
        return core_count(read_target(None))

    get_cuda_device_name = staticmethod(lambda *_: read_target(None).device)


class TileDevice:
    """A machine description; nothing here reads one."""

    def __init__(self, target: Any = None):
        self.target = target


CUDA = CDNA = CPU = METAL = TileDevice
