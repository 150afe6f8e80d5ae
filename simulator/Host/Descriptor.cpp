//===- Descriptor.cpp - A program from plain data -------------------------===//

#include "ProgramImpl.h"

namespace sim = tilewright::sim;
using sim::FaultCode;
using sim::host::fail;

namespace tt::tt_metal {
namespace {

KernelConfig configOf(const KernelDescriptor &kernel) {
  const std::map<std::string, std::string> defines(kernel.defines.begin(),
                                                   kernel.defines.end());
  const std::unordered_map<std::string, uint32_t> named(
      kernel.named_compile_time_args.begin(),
      kernel.named_compile_time_args.end());
  if (const auto *compute =
          std::get_if<ComputeConfigDescriptor>(&kernel.config))
    return ComputeConfig{.math_fidelity = compute->math_fidelity,
                         .fp32_dest_acc_en = compute->fp32_dest_acc_en,
                         .dst_full_sync_en = compute->dst_full_sync_en,
                         .unpack_to_dest_mode = compute->unpack_to_dest_mode,
                         .bfp8_pack_precise = compute->bfp8_pack_precise,
                         .math_approx_mode = compute->math_approx_mode,
                         .compile_args = kernel.compile_time_args,
                         .defines = defines,
                         .named_compile_args = named};
  if (std::holds_alternative<ReaderConfigDescriptor>(kernel.config))
    return ReaderDataMovementConfig(kernel.compile_time_args, defines, named);
  if (std::holds_alternative<WriterConfigDescriptor>(kernel.config))
    return WriterDataMovementConfig(kernel.compile_time_args, defines, named);
  const auto &mover = std::get<DataMovementConfigDescriptor>(kernel.config);
  return DataMovementConfig{.processor = mover.processor,
                            .noc = mover.noc,
                            .noc_mode = mover.noc_mode,
                            .compile_args = kernel.compile_time_args,
                            .defines = defines,
                            .named_compile_args = named};
}

void addCircularBuffer(Program &program, const CBDescriptor &cb) {
  if (!cb.remote_format_descriptors.empty())
    fail(FaultCode::Unsupported,
         "ProgramDescriptor: remote circular buffers are not simulated");
  CircularBufferConfig config(cb.total_size);
  for (const CBFormatDescriptor &format : cb.format_descriptors) {
    config.index(format.buffer_index)
        .set_data_format(format.data_format)
        .set_page_size(format.page_size);
    if (format.tile)
      config.set_tile_dims(format.buffer_index,
                           Tile({format.tile->height, format.tile->width},
                                format.tile->transpose));
  }
  if (cb.scratch)
    config.set_scratch();
  if (cb.buffer)
    config.set_globally_allocated_address(*cb.buffer);
  const CBHandle handle = CreateCircularBuffer(program, cb.core_ranges, config);
  if (cb.buffer)
    *program.impl().program.circularBuffer(handle).address += cb.address_offset;
}

} // namespace

Program::Program(const ProgramDescriptor &descriptor) : Program() {
  for (const CBDescriptor &cb : descriptor.cbs)
    addCircularBuffer(*this, cb);
  for (const SemaphoreDescriptor &semaphore : descriptor.semaphores) {
    const uint32_t id =
        CreateSemaphore(*this, semaphore.core_ranges, semaphore.initial_value);
    if (id != semaphore.id)
      fail(FaultCode::BadSemaphore,
           "ProgramDescriptor: semaphore " + std::to_string(semaphore.id) +
               " would get id " + std::to_string(id) +
               "; number the semaphores of a core from 0 on, in order");
  }
  for (const KernelDescriptor &kernel : descriptor.kernels) {
    const KernelConfig config = configOf(kernel);
    const KernelHandle handle =
        kernel.source_type == KernelDescriptor::SourceType::FILE_PATH
            ? CreateKernel(*this, kernel.kernel_source, kernel.core_ranges,
                           config)
            : CreateKernelFromString(*this, kernel.kernel_source,
                                     kernel.core_ranges, config);
    for (const auto &[core, args] : kernel.runtime_args)
      SetRuntimeArgs(*this, handle, core, args);
    if (!kernel.common_runtime_args.empty())
      SetCommonRuntimeArgs(
          *this, handle,
          tt::stl::Span<const uint32_t>(kernel.common_runtime_args.data(),
                                        kernel.common_runtime_args.size()));
  }
}

} // namespace tt::tt_metal
