#include "program.hpp"

#include <tt-metalium/tensor_accessor_args.hpp>

using namespace tt::tt_metal;

Program makeScale(const Buffer &data, uint32_t factor) {
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  const auto page = static_cast<uint32_t>(data.page_size());
  CreateCircularBuffer(
      program, core,
      CircularBufferConfig(page, {{tt::CBIndex::c_0, tt::DataFormat::UInt32}})
          .set_page_size(tt::CBIndex::c_0, page));
  std::vector<uint32_t> args = {page / 4};
  TensorAccessorArgs(data).append_to(args);
  const KernelHandle kernel = CreateKernel(program, "kernels/scale.cpp", core,
                                           ReaderDataMovementConfig(args));
  SetRuntimeArgs(program, kernel, core,
                 {data.address(), data.num_pages(), factor});
  return program;
}
