"""Every call of the data-movement API has a record, or a reason not to."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tilewright.registry import intrinsics

# The data-movement calls of TT-Metalium, generation 2026-08, by what they are for.
NAMES = """
arguments: get_arg_val get_common_arg_val get_arg_addr get_common_arg_addr
  get_compile_time_arg_val get_named_compile_time_arg_val
circular buffers: cb_reserve_back cb_push_back cb_wait_front cb_pop_front get_write_ptr
  get_read_ptr get_tile_size get_tile_hw get_tile_num_faces get_dataformat
  cb_pages_reservable_at_back cb_pages_available_at_front
addresses: get_noc_addr get_noc_addr_from_bank_id get_noc_multicast_addr get_semaphore
  TensorAccessor TensorAccessorArgs InterleavedAddrGen InterleavedPow2AddrGen
  InterleavedAddrGenFast InterleavedPow2AddrGenFast
reads: noc_async_read noc_async_read_one_packet noc_async_read_set_state
  noc_async_read_with_state noc_async_read_one_packet_set_state
  noc_async_read_one_packet_with_state noc_async_read_set_trid
  noc_async_read_one_packet_with_state_with_trid noc_async_read_page noc_async_read_tile
  noc_async_read_shard noc_async_read_barrier noc_async_read_barrier_with_trid
writes: noc_async_write noc_async_write_one_packet noc_async_write_one_packet_set_state
  noc_async_write_one_packet_with_state noc_async_write_one_packet_with_trid
  noc_async_write_page noc_async_write_tile noc_async_write_shard noc_async_write_multicast
  noc_async_write_multicast_loopback_src noc_inline_dw_write noc_async_writes_flushed
  noc_async_posted_writes_flushed noc_async_write_barrier noc_async_write_barrier_with_trid
  noc_async_full_barrier
semaphores: noc_semaphore_set noc_semaphore_wait noc_semaphore_wait_min noc_semaphore_inc
  noc_semaphore_inc_multicast noc_semaphore_set_remote noc_semaphore_set_multicast
  noc_semaphore_set_multicast_loopback_src noc_async_atomic_barrier
"""
OLDER = "a deprecated spelling of "
WITHOUT = {
    "noc_async_read_tile": OLDER + "noc_async_read_page",
    "noc_async_write_tile": OLDER + "noc_async_write_page",
    "InterleavedAddrGen": OLDER + "TensorAccessor",
    "InterleavedPow2AddrGen": OLDER + "TensorAccessor",
    "InterleavedAddrGenFast": OLDER + "TensorAccessor",
    "InterleavedPow2AddrGenFast": OLDER + "TensorAccessor",
}


def names() -> list[str]:
    """The names of the list."""
    return [word for word in re.sub(r"[\w ]+:", " ", NAMES).split()]


def recorded() -> set[str]:
    """What the records call."""
    return {word for call in intrinsics().values() for word in re.findall(r"\w+", call.template)}


@pytest.mark.parametrize("name", names())
def test_every_call_is_recorded_or_has_a_reason(name: str) -> None:
    assert (name in recorded()) != (name in WITHOUT)


def test_reasons_name_a_recorded_call() -> None:
    for name, reason in WITHOUT.items():
        assert name in names()
        assert reason.removeprefix(OLDER) in recorded()


def test_the_list_is_of_calls_that_the_simulator_declares(root: Path) -> None:
    """A misspelt name would pass above as one without a record."""
    include = root / "simulator" / "DeviceApi" / "include"
    text = subprocess.run(
        ["cat", *map(str, include.rglob("*.h"))], capture_output=True, text=True, check=True
    ).stdout
    assert [n for n in names() if not re.search(rf"\b{n}\b", text)] == []
