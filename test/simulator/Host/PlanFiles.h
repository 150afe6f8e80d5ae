//===- PlanFiles.h - The folders in programs/, for tests --------*- C++ -*-===//

#ifndef TILEWRIGHT_TEST_SIMULATOR_HOST_PLANFILES_H
#define TILEWRIGHT_TEST_SIMULATOR_HOST_PLANFILES_H

#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace tilewright::test {

inline std::string readProgramFile(const std::string &program,
                                   const std::string &file) {
  std::ifstream stream(std::string(TILEWRIGHT_HOST_PROGRAMS) + "/" + program +
                       "/" + file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::map<std::string, std::string>
readKernels(const std::string &program) {
  std::map<std::string, std::string> kernels;
  for (const char *file : {"reader.cpp", "compute.cpp", "writer.cpp"})
    kernels[file] = readProgramFile(program, file);
  return kernels;
}

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_SIMULATOR_HOST_PLANFILES_H
