//===- Calibration.h - programs that are timed against silicon --*- C++ -*-===//
//
// One program a measurement: kernels of calibration/kernels with run-time
// arguments, so that each is built once. Every comparison is written to a table
// that is printed at the end when TILEWRIGHT_CALIBRATION_TABLE is set.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_TEST_SIMULATOR_CALIBRATION_H
#define TILEWRIGHT_TEST_SIMULATOR_CALIBRATION_H

#include "../Harness.h"

#include <string>
#include <vector>

namespace tilewright::test {

/// Notes one comparison. `table` names the rows that belong together.
void compare(const std::string &table, const std::string &what, double measured,
             double simulated);

/// True when the long sweeps are asked for.
bool fullTests();

/// One data-movement kernel a core on one chip.
class Movement {
public:
  explicit Movement(const char *chip, uint8_t noc = 0, CoreCoord grid = {});
  /// `file` of calibration/kernels with its arguments.
  void add(const std::string &file, CoreCoord core,
           const std::vector<uint32_t> &args);
  /// Runs it; cycles from the begin of the first kernel to the end of the last.
  /// Fails the test on a fault.
  double cycles();
  CoreCoord at(CoreCoord core) const { return device.virtualCoord(core); }
  /// Logical position of the worker nearest to a DRAM bank: reads over `noc`
  /// travel fewest hops.
  CoreCoord nearest(uint32_t bank, uint8_t noc) const;

  Device device;

private:
  Program program;
  uint8_t noc;
  std::vector<std::pair<
      std::string, std::vector<std::pair<CoreCoord, std::vector<uint32_t>>>>>
      pending;
};

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_SIMULATOR_CALIBRATION_H
