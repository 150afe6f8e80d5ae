//===- OlderKernelsTest.cpp - kernels in the spellings of 2024 and 2025 ---===//
//
// Every address generator of the time before TensorAccessor, reads of single
// banks, multicasts with a reserved path, global semaphores, and compute inits
// that were a kernel's start-up, too.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/global_semaphore.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <gtest/gtest.h>

#include <numeric>

using namespace tt::tt_metal;

namespace {

constexpr uint32_t kPages = 30, kPage = 2048;

/// Copies a tensor with `read` (from `s`, page `i`, to `l1`) and `write`.
constexpr const char *kCopy = R"(
#include "dataflow_api.h"
void kernel_main() {
  const uint32_t from = get_arg_val<uint32_t>(0);
  const uint32_t to = get_arg_val<uint32_t>(1);
  const uint32_t l1 = get_write_ptr(0);
  for (uint32_t i = 0; i < 30; ++i) {
    BODY
  }
}
)";

struct Generator {
  const char *name;
  const char *body;
};
constexpr Generator kGenerators[] = {
    {"Plain", "const InterleavedAddrGen<true> a{from, 2048}, b{to, 2048};"
              "noc_async_read(get_noc_addr(i, a), l1, 2048);"
              "noc_async_read_barrier();"
              "noc_async_write(l1, b.get_noc_addr(i), 2048);"
              "noc_async_write_barrier();"},
    {"Pow2", "const InterleavedPow2AddrGen<true> a{from, 11}, b{to, 11};"
             "noc_async_read(get_noc_addr(i, a), l1, 2048);"
             "noc_async_read_barrier();"
             "noc_async_write(l1, get_noc_addr(i, b), 2048);"
             "noc_async_write_barrier();"},
    {"Fast",
     "const InterleavedAddrGenFast<true> a{from, 2048, DataFormat::Float16_b};"
     "const InterleavedAddrGenFast<true> b{to, 2048, DataFormat::Float16_b};"
     "noc_async_read_tile<true>(i, a, l1); noc_async_read_barrier();"
     "noc_async_write_tile<true>(i, b, l1); noc_async_write_barrier();"},
    {"Pow2Fast",
     "const InterleavedPow2AddrGenFast<true> a{from, 11}, b{to, 11};"
     "noc_async_read_page(i, a, l1); noc_async_read_barrier();"
     "noc_async_write_page(i, b, l1); noc_async_write_barrier();"},
    {"Made", "const auto a = get_interleaved_addr_gen<true, true>(from, 11);"
             "const auto b = get_interleaved_addr_gen<true, 2048>(to);"
             "noc_async_read_page(i, a, l1); noc_async_read_barrier();"
             "noc_async_write_page(i, b, l1); noc_async_write_barrier();"},
    {"Parts", "const InterleavedAddrGen<true> a{from, 2048}, b{to, 2048};"
              "noc_async_read_partial_page(i, a, l1, 1024, 0);"
              "noc_async_read_partial_page(i, a, l1 + 1024, 1024, 1024);"
              "noc_async_read_barrier();"
              "noc_async_write_page(i, b, l1); noc_async_write_barrier();"},
    {"Banks",
     "const uint32_t row = get_bank_offset_index<true>(i);"
     "const uint32_t bank = get_bank_index<true>(i, row);"
     "const uint32_t base ="
     "    noc_async_read_tile_dram_sharded_set_state(from, 2048, bank);"
     "noc_async_read_tile_dram_sharded_set_trid(2);"
     "noc_async_read_tile_dram_sharded_with_state(base, row * 2048, l1);"
     "noc_async_read_barrier_with_trid(2); noc_async_read_set_trid(0);"
     "noc_async_write(l1, get_noc_addr_helper(get_noc_xy<true>(bank),"
     "    to + get_bank_offset<true>(bank) + row * 2048), 2048);"
     "noc_async_write_barrier();"},
};

std::shared_ptr<Buffer> makeBuffer(distributed::MeshDevice &mesh) {
  return CreateBuffer(
      {.device = &mesh, .size = kPages * kPage, .page_size = kPage});
}

class Generators : public testing::TestWithParam<Generator> {};

TEST_P(Generators, FindEveryPage) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  auto from = makeBuffer(*mesh), to = makeBuffer(*mesh);
  std::vector<uint32_t> data(kPages * kPage / 4), back;
  std::iota(data.begin(), data.end(), 1u);
  detail::WriteToBuffer(from, data);
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  CreateCircularBuffer(
      program, core,
      CircularBufferConfig(kPage, {{0, tt::DataFormat::Float16_b}})
          .set_page_size(0, kPage));
  std::string text = kCopy;
  text.replace(text.find("BODY"), 4, GetParam().body);
  const KernelHandle kernel =
      CreateKernelFromString(program, text, core, ReaderDataMovementConfig{});
  SetRuntimeArgs(program, kernel, core, {from->address(), to->address()});
  detail::LaunchProgram(mesh.get(), program);
  detail::ReadFromBuffer(to, back);
  EXPECT_EQ(back, data);
}

INSTANTIATE_TEST_SUITE_P(Older, Generators, testing::ValuesIn(kGenerators),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });

/// Core 0 sends a page and a flag with the forms of early 2025, which take one
/// bool more; the flag is a global semaphore. Core 1 answers with its sum.
constexpr const char *kSend = R"(
#include "dataflow_api.h"
void kernel_main() {
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
  const uint32_t flag = get_arg_val<uint32_t>(2), l1 = get_write_ptr(0);
  auto *words = (tt_l1_ptr uint32_t *)l1;
  for (uint32_t i = 0; i < 512; ++i)
    words[i] = i;
  noc_async_write_multicast(l1, get_noc_multicast_addr(x, y, x, y, l1), 2048, 1,
                            true, true);
  *(volatile tt_l1_ptr uint32_t *)flag = 7;
  noc_semaphore_set_multicast(flag, get_noc_multicast_addr(x, y, x, y, flag), 1,
                              false, false);
  noc_async_write_barrier();
}
)";
constexpr const char *kReceive = R"(
#include "dataflow_api.h"
void kernel_main() {
  const uint32_t flag = get_arg_val<uint32_t>(2), l1 = get_write_ptr(0);
  noc_semaphore_wait((volatile tt_l1_ptr uint32_t *)flag, 7);
  auto *words = (tt_l1_ptr uint32_t *)l1;
  uint32_t sum = 0;
  for (uint32_t i = 0; i < 512; ++i)
    sum += words[i];
  words[0] = sum;
  const InterleavedAddrGen<true> out{get_arg_val<uint32_t>(3), 2048};
  noc_async_write_page(0, out, l1);
  noc_async_write_barrier();
}
)";

TEST(Older, MulticastsAndGlobalSemaphores) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  auto to = makeBuffer(*mesh);
  Program program = CreateProgram();
  const CoreRange both({0, 0}, {1, 0});
  CreateCircularBuffer(
      program, both,
      CircularBufferConfig(kPage, {{0, tt::DataFormat::Float16_b}})
          .set_page_size(0, kPage));
  const GlobalSemaphore flag =
      CreateGlobalSemaphore(mesh.get(), CoreRangeSet(both), 0);
  const CoreCoord far = mesh->worker_core_from_logical_core({1, 0});
  for (uint32_t core = 0; core < 2; ++core) {
    const KernelHandle kernel =
        CreateKernelFromString(program, core == 0 ? kSend : kReceive,
                               CoreCoord(core, 0), WriterDataMovementConfig{});
    SetRuntimeArgs(program, kernel, CoreCoord(core, 0),
                   {static_cast<uint32_t>(far.x), static_cast<uint32_t>(far.y),
                    static_cast<uint32_t>(flag.address()), to->address()});
  }
  detail::LaunchProgram(mesh.get(), program);
  std::vector<uint32_t> back;
  detail::ReadFromBuffer(to, back);
  EXPECT_EQ(back[0], 511u * 512 / 2);
}

/// A kernel of February 2025: its reduce_init is also its start-up, and DST is
/// taken and given back by its older names.
constexpr const char *kReduce = R"(
#include "compute_kernel_api/reduce.h"
namespace NAMESPACE {
void MAIN {
  reduce_init<true, PoolType::SUM, ReduceDim::REDUCE_ROW>(0, 0, 16);
  cb_wait_front(0, 1);
  cb_reserve_back(16, 1);
  acquire_dst(tt::DstMode::Half);
  reduce_tile<PoolType::SUM, ReduceDim::REDUCE_ROW>(0, 0, 0, 0, 0);
  pack_tile(0, 16);
  release_dst(tt::DstMode::Half);
  reduce_revert_delta();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
}
} // namespace NAMESPACE
)";
constexpr const char *kOnes = R"(
#include "dataflow_api.h"
void kernel_main() {
  cb_reserve_back(0, 1);
  auto *words = (tt_l1_ptr uint32_t *)get_write_ptr(0);
  for (uint32_t i = 0; i < 512; ++i)
    words[i] = 0x3f803f80;
  cb_push_back(0, 1);
}
)";
constexpr const char *kOut = R"(
#include "dataflow_api.h"
void kernel_main() {
  const InterleavedAddrGen<true> out{get_arg_val<uint32_t>(0), 2048};
  cb_wait_front(16, 1);
  noc_async_write_page(0, out, get_read_ptr(16));
  noc_async_write_barrier();
  cb_pop_front(16, 1);
}
)";

TEST(Older, AReductionIsAStartUp) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  auto to = makeBuffer(*mesh);
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  for (uint8_t index : {0, 16})
    CreateCircularBuffer(
        program, core,
        CircularBufferConfig(kPage, {{index, tt::DataFormat::Float16_b}})
            .set_page_size(index, kPage));
  CreateKernelFromString(program, kOnes, core, ReaderDataMovementConfig{});
  const KernelHandle out =
      CreateKernelFromString(program, kOut, core, WriterDataMovementConfig{});
  CreateKernelFromString(program, kReduce, core, ComputeConfig{});
  SetRuntimeArgs(program, out, core, {to->address()});
  detail::LaunchProgram(mesh.get(), program);
  std::vector<uint32_t> back;
  detail::ReadFromBuffer(to, back);
  EXPECT_EQ(back[0] & 0xffff, 0x4200u); // 32 in bfloat16
}

/// max_tile came with compute_kernel_api.h; a launch was made step by step.
constexpr const char *kMaximum = R"(
#include "compute_kernel_api.h"
#include "compute_kernel_api/eltwise_unary/eltwise_unary.h"
#include "compute_kernel_api/eltwise_unary/fill.h"
#include "compute_kernel_api/tile_move_copy.h"
namespace NAMESPACE {
void MAIN {
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  cb_reserve_back(16, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  fill_tile_init();
  fill_tile(1, 5.0f);
  max_tile_init();
  max_tile(0, 1);
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
}
} // namespace NAMESPACE
)";

TEST(Older, AMaximumTakesThePlaceOfItsFirstTile) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  auto to = makeBuffer(*mesh);
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  for (uint8_t index : {0, 16})
    CreateCircularBuffer(
        program, core,
        CircularBufferConfig(kPage, {{index, tt::DataFormat::Float16_b}})
            .set_page_size(index, kPage));
  CreateKernelFromString(program, kOnes, core, ReaderDataMovementConfig{});
  const KernelHandle out =
      CreateKernelFromString(program, kOut, core, WriterDataMovementConfig{});
  CreateKernelFromString(program, kMaximum, core, ComputeConfig{});
  SetRuntimeArgs(program, out, core, {to->address()});
  EXPECT_TRUE(detail::ConfigureDeviceWithProgram(mesh.get(), program));
  detail::WriteRuntimeArgsToDevice(mesh.get(), program);
  detail::LaunchProgram(mesh.get(), program);
  std::vector<uint32_t> back;
  detail::ReadFromBuffer(to, back);
  EXPECT_EQ(back[0] & 0xffff, 0x40a0u); // 5 in bfloat16
}

} // namespace
