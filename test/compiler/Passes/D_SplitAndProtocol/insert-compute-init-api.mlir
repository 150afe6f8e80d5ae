// RUN: not tilewright-opt %s --tt-insert-compute-init=metalium-api=2024-01 2>&1 | FileCheck %s

// CHECK: error: [TW5201] '2024-01' is not a generation of the TT-Metalium API; there are 2026-03 and 2026-08
