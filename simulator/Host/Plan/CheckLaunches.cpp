//===- CheckLaunches.cpp - Launches of a plan together --------------------===//
//
// What the checks of a single program do not see: tensors that launches share,
// and the L1 of a core, where the tensors of all launches keep their places.
//
//===----------------------------------------------------------------------===//

#include "Plan/Plan.h"
#include "tilewright/arch/Chip.h"

#include <algorithm>
#include <set>

namespace tilewright::sim::plan {
namespace {

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

/// Bytes that a tensor takes in the L1 of the fullest of `cores`.
uint64_t bytesInL1(const Tensor &tensor, uint64_t cores) {
  if (!tensor.shard)
    return (tensor.pages + cores - 1) / cores * tensor.pageBytes;
  const Shard &shard = *tensor.shard;
  uint64_t shards = 1, bytes = tensor.pageBytes;
  for (const uint32_t extent : shard.grid)
    shards *= extent;
  for (const uint32_t extent : shard.shardPages)
    bytes *= extent;
  const uint64_t places = uint64_t(shard.cores[0]) * shard.cores[1];
  return (shards + places - 1) / places * bytes;
}

/// The tensors in L1, once for each way in which they lie there.
std::vector<const Tensor *> tensorsInL1(const Plan &plan) {
  std::vector<const Tensor *> found;
  for (const Plan &launch : plan.each())
    for (const Tensor &tensor : launch.tensors)
      if (tensor.memory == "l1" &&
          std::none_of(found.begin(), found.end(), [&](const Tensor *each) {
            return each->name == tensor.name && each->liesAs(tensor);
          }))
        found.push_back(&tensor);
  return found;
}

/// Circular buffers and tensors have room in L1 together.
void checkMemory(const Plan &plan, const std::vector<const Tensor *> &tensors,
                 Errors &errors) {
  const arch::Chip *chip = arch::findChip(plan.chip);
  const uint64_t cores = uint64_t(plan.coreGrid[0]) * plan.coreGrid[1];
  if (!chip || cores == 0 || tensors.empty())
    return;
  uint64_t end = chip->l1Base, bytes = 0;
  for (const CircularBuffer &cb : plan.circularBuffers)
    end = std::max<uint64_t>(end, uint64_t(cb.address) + cb.bytes);
  for (const Tensor *tensor : tensors)
    bytes += bytesInL1(*tensor, cores);
  const uint64_t used = end - chip->l1Base;
  if (used + bytes > chip->l1Free())
    errors.push_back("l1: circular buffers of " + std::to_string(used) +
                     " bytes and tensors of " + std::to_string(bytes) +
                     " bytes are more than the " +
                     std::to_string(chip->l1Free()) + " free bytes of " +
                     plan.chip);
}

/// Tensors that launches share are those of the whole, with the same elements.
void checkShared(const Plan &plan, const Plan &launch, Errors &errors) {
  for (size_t i = 0; i < launch.tensors.size(); ++i) {
    const Tensor &tensor = launch.tensors[i];
    const Tensor *whole = plan.findTensor(tensor.name);
    const std::string at = "tensors[" + std::to_string(i) + "].";
    if (!whole)
      errors.push_back(at + "name: " + quoted(tensor.name) +
                       " is the name of no tensor of the plan");
    else if (whole->shape != tensor.shape || whole->dtype != tensor.dtype)
      errors.push_back(at + "shape: " + tensor.name +
                       " has another shape or type in the plan's tensors");
  }
}

/// Last, since other errors say more.
void checkInterface(const Plan &plan, Errors &errors) {
  if (errors.empty() && !plan.statedInterface.empty() &&
      plan.statedInterface != plan.interface)
    errors.push_back(
        "interface_sha256: tensors, work, circular_buffers or kernels are not "
        "those that the kernels were compiled for: their checksum is " +
        plan.interface + ", not " + plan.statedInterface);
}

void checkLaunches(const Plan &plan, Errors &errors) {
  std::set<std::string> names;
  for (size_t i = 0; i < plan.tensors.size(); ++i)
    if (!names.insert(plan.tensors[i].name).second)
      errors.push_back("tensors[" + std::to_string(i) +
                       "].name: " + quoted(plan.tensors[i].name) +
                       " is the name of an earlier tensor");
  const std::vector<const Tensor *> inL1 = tensorsInL1(plan);
  std::set<std::string> files;
  for (size_t i = 0; i < plan.launches.size(); ++i) {
    const Plan &launch = plan.launches[i];
    const std::string path = "launches[" + std::to_string(i) + "].";
    Errors found;
    checkProgram(launch, found);
    checkShared(plan, launch, found);
    checkMemory(launch, inL1, found);
    for (size_t k = 0; k < launch.kernels.size(); ++k)
      if (!files.insert(launch.kernels[k].file).second)
        found.push_back("kernels[" + std::to_string(k) +
                        "].file: " + quoted(launch.kernels[k].file) +
                        " is the file of an earlier kernel");
    for (const std::string &error : found)
      errors.push_back(path + error);
  }
}

} // namespace

void checkPlan(const Plan &plan, Errors &errors) {
  if (plan.launches.empty()) {
    checkProgram(plan, errors);
    checkMemory(plan, tensorsInL1(plan), errors);
  } else {
    checkLaunches(plan, errors);
  }
  for (size_t i = 0; i < plan.hostFiles.size(); ++i)
    checkFile("host_files[" + std::to_string(i) + "]", plan.hostFiles[i].file,
              plan.hostFiles[i].sha256, errors);
  checkInterface(plan, errors);
}

} // namespace tilewright::sim::plan
