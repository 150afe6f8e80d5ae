//===- kernel_structs.h - Circular buffer indices ---------------*- C++ -*-===//
#pragma once

#include <tt-metalium/circular_buffer_constants.h>
