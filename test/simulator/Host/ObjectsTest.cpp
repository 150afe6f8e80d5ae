//===- ObjectsTest.cpp - NoC, circular buffer and semaphore objects -------===//
//
// Two cores, written with the objects of the device API: core 0 reads pages of
// a tensor, multicasts them to core 1 and signals; core 1 writes them out.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

using namespace tt::tt_metal;

namespace {

constexpr const char *kSender = R"(
#include "SPACE/noc.h"
#include "SPACE/circular_buffer.h"
#include "SPACE/endpoints.h"
#include "SPACE/noc_semaphore.h"
#include "TENSOR"
void kernel_main() {
  constexpr auto args = TensorAccessorArgs<0>();
  const auto tensor = TensorAccessor(args, get_arg_val<uint32_t>(0));
  const uint32_t pages = get_arg_val<uint32_t>(1);
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  PREFIX Noc noc;
  PREFIX CircularBuffer cb(0);
  PREFIX Semaphore<> ready(0), sent(1);
  for (uint32_t page = 0; page < pages; ++page) {
    ready.wait_min(page + 1);
    cb.reserve_back(1);
    noc.async_read_GET_(tensor, cb, tensor.get_aligned_page_size(),
                       {.page_id = page}, {.offset_bytes = 0} _WITH_);
    noc.async_read_barrier_FOR_;
    const uint32_t l1 = cb.get_write_ptr();
    cb.push_back(1);
    cb.wait_front(1);
    noc.async_write_multicast(
        cb, PREFIX MulticastEndpoint{}, tensor.get_aligned_page_size(), 1,
        {.offset_bytes = 0},
        {.noc_x_start = x, .noc_y_start = y, .noc_x_end = x, .noc_y_end = y,
         .addr = l1});
    noc.async_write_barrier();
    sent.up(noc, x, y, 1);
    noc.async_atomic_barrier();
    cb.pop_front(1);
  }
}
)";

constexpr const char *kReceiver = R"(
#include "SPACE/noc.h"
#include "SPACE/circular_buffer.h"
#include "SPACE/noc_semaphore.h"
#include "MEMORY"
#include "TENSOR"
void kernel_main() {
  constexpr auto args = TensorAccessorArgs<0>();
  const auto tensor = TensorAccessor(args, get_arg_val<uint32_t>(0));
  const uint32_t pages = get_arg_val<uint32_t>(1);
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  PREFIX Noc noc;
  PREFIX CircularBuffer cb(0);
  PREFIX Semaphore<> ready(0), sent(1);
  for (uint32_t page = 0; page < pages; ++page) {
    cb.reserve_back(1);
    ready.up(noc, x, y, 1);
    noc.async_atomic_barrier();
    sent.down(1);
    cb.push_back(1);
    cb.wait_front(1);
    PREFIX CoreLocalMem<volatile uint32_t> words(cb.get_read_ptr());
    words[0] = words[0] + 1000;
    noc.async_write_PUT_(cb, tensor, tensor.get_aligned_page_size(),
                         {.offset_bytes = 0}, {.page_id = page});
    noc.FLUSH();
    cb.pop_front(1);
  }
}
)";

/// Where the headers lie, and how a transfer says what is special about it.
struct Style {
  const char *name;
  bool older;
  const char *read, *values, *wait, *write, *flush;
};
constexpr Style kStyles[] = {
    {"Global", false, "", "", "()", "", "async_write_barrier"},
    {"Experimental", true, "", "", "()", "", "async_write_barrier"},
    {"Options", false, "<NocOptions::TXN_ID>", ", {.trid = 3}",
     "<NocOptions::TXN_ID>({.trid = 3})", "<NocOptions::POSTED>",
     "async_writes_flushed<NocOptions::POSTED>"},
    {"Enumerations", true, "<PREFIX Noc::TxnIdMode::ENABLED>",
     ", NOC_UNICAST_WRITE_VC, 3", "<PREFIX Noc::BarrierMode::TXN_ID>(3)",
     "<PREFIX Noc::TxnIdMode::DISABLED, PREFIX Noc::ResponseMode::POSTED>",
     "async_writes_flushed<PREFIX Noc::ResponseMode::POSTED>"},
};

std::string filled(std::string text, const Style &style) {
  const bool older = style.older;
  const std::pair<const char *, const char *> words[] = {
      {"_GET_", style.read},
      {"_WITH_", style.values},
      {"_FOR_", style.wait},
      {"_PUT_", style.write},
      {"FLUSH", style.flush},
      {"SPACE", older ? "experimental" : "api/dataflow"},
      {"PREFIX", older ? "experimental::" : ""},
      {"TENSOR", older ? "experimental/tensor.h" : "api/tensor/noc_traits.h"},
      {"MEMORY",
       older ? "experimental/core_local_mem.h" : "api/core_local_mem.h"}};
  for (const auto &[word, by] : words)
    for (size_t at; (at = text.find(word)) != std::string::npos;)
      text.replace(at, std::strlen(word), by);
  return text;
}

class Objects : public testing::TestWithParam<Style> {};

TEST_P(Objects, CarryATensorOverAnotherCore) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  constexpr uint32_t kPages = 5, kPage = 256;
  auto from = CreateBuffer(
      {.device = mesh.get(), .size = kPages * kPage, .page_size = kPage});
  auto to = CreateBuffer(
      {.device = mesh.get(), .size = kPages * kPage, .page_size = kPage});
  std::vector<uint32_t> data(kPages * kPage / 4);
  std::iota(data.begin(), data.end(), 0u);
  detail::WriteToBuffer(from, data);

  Program program = CreateProgram();
  const CoreRange both({0, 0}, {1, 0});
  CreateCircularBuffer(
      program, both,
      CircularBufferConfig(kPage, {{0, tt::DataFormat::UInt32}})
          .set_page_size(0, kPage));
  CreateSemaphore(program, both, 0);
  CreateSemaphore(program, both, 0);
  std::vector<uint32_t> fromArgs, toArgs;
  TensorAccessorArgs(*from).append_to(fromArgs);
  TensorAccessorArgs(*to).append_to(toArgs);
  const KernelHandle sender = CreateKernelFromString(
      program, filled(kSender, GetParam()), CoreCoord(0, 0),
      ReaderDataMovementConfig(fromArgs));
  const KernelHandle receiver =
      CreateKernelFromString(program, filled(kReceiver, GetParam()),
                             CoreCoord(1, 0), WriterDataMovementConfig(toArgs));
  auto place = [&](CoreCoord core) {
    return mesh->worker_core_from_logical_core(core);
  };
  const CoreCoord first = place({0, 0}), second = place({1, 0});
  SetRuntimeArgs(program, sender, CoreCoord(0, 0),
                 {from->address(), kPages, static_cast<uint32_t>(second.x),
                  static_cast<uint32_t>(second.y)});
  SetRuntimeArgs(program, receiver, CoreCoord(1, 0),
                 {to->address(), kPages, static_cast<uint32_t>(first.x),
                  static_cast<uint32_t>(first.y)});
  detail::LaunchProgram(mesh.get(), program);
  for (uint32_t page = 0; page < kPages; ++page)
    data[page * kPage / 4] += 1000;
  std::vector<uint32_t> back;
  detail::ReadFromBuffer(to, back);
  EXPECT_EQ(back, data);
}

INSTANTIATE_TEST_SUITE_P(Styles, Objects, testing::ValuesIn(kStyles),
                         [](const auto &info) {
                           return std::string(info.param.name);
                         });

} // namespace
