#include "program.hpp"

#include <tt-metalium/distributed.hpp>

#include <cstdio>
#include <cstdlib>
#include <numeric>

using namespace tt::tt_metal;

// scale FACTOR: prints "right" and ends with 0 when every word is multiplied.
int main(int argc, char **argv) {
  const uint32_t factor = argc > 1 ? std::atoi(argv[1]) : 3;
  auto mesh = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = mesh->mesh_command_queue();
  auto buffer = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = 10 * 512},
      distributed::DeviceLocalBufferConfig{.page_size = 512}, mesh.get());
  std::vector<uint32_t> data(10 * 128);
  std::iota(data.begin(), data.end(), 0u);
  distributed::EnqueueWriteMeshBuffer(queue, buffer, data);
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(mesh->shape()),
                       makeScale(*buffer->get_backing_buffer(), factor));
  distributed::EnqueueMeshWorkload(queue, workload, false);
  std::vector<uint32_t> result;
  distributed::EnqueueReadMeshBuffer(queue, result, buffer);
  for (size_t i = 0; i < data.size(); ++i)
    if (result[i] != data[i] * factor) {
      std::printf("word %zu is %u\n", i, result[i]);
      return 1;
    }
  std::printf("right\n");
  return 0;
}
