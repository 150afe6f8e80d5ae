//===- device_print.h - printing with a format string -----------*- C++ -*-===//
//
// DEVICE_PRINT("core {} has {}\n", x, y): each {} stands for the next value;
// what a format gives after a colon is x for hexadecimal, otherwise ignored.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "api/debug/dprint.h"

namespace tilewright_device {
/// Prints up to the next field; where the format goes on behind it.
inline const char *printUntilField(const char *format, bool &hex) {
  hex = false;
  while (*format) {
    if ((format[0] == '{' && format[1] == '{') ||
        (format[0] == '}' && format[1] == '}')) {
      tw_api->print(format, 1);
      format += 2;
    } else if (*format == '{') {
      for (; *format && *format != '}'; ++format)
        hex |= *format == 'x';
      return *format ? format + 1 : format;
    } else {
      tw_api->print(format++, 1);
    }
  }
  return format;
}
inline void devicePrint(const char *format) {
  bool hex;
  while (*format)
    format = printUntilField(format, hex);
}
template <typename First, typename... Rest>
void devicePrint(const char *format, const First &first, const Rest &...rest) {
  bool hex;
  format = printUntilField(format, hex);
  if (hex)
    TwPrinter() << HEX();
  TwPrinter() << first;
  if (hex)
    TwPrinter() << DEC();
  devicePrint(format, rest...);
}
} // namespace tilewright_device

#define DEVICE_PRINT(...) tilewright_device::devicePrint(__VA_ARGS__)
#define DEVICE_PRINT_DATA0(...) DPRINT_DATA0(DEVICE_PRINT(__VA_ARGS__))
#define DEVICE_PRINT_DATA1(...) DPRINT_DATA1(DEVICE_PRINT(__VA_ARGS__))
#define DEVICE_PRINT_UNPACK(...) DPRINT_UNPACK(DEVICE_PRINT(__VA_ARGS__))
#define DEVICE_PRINT_MATH(...) DPRINT_MATH(DEVICE_PRINT(__VA_ARGS__))
#define DEVICE_PRINT_PACK(...) DPRINT_PACK(DEVICE_PRINT(__VA_ARGS__))
