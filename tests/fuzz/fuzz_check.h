// SPDX-License-Identifier: Apache-2.0
// What fuzz targets assert with. Unlike assert() it also holds in optimised builds, and it prints
// what it was about: the fuzzer keeps the input, this says what was wrong with the outcome.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace weir::fuzz {

[[noreturn]] inline void Fail(const char* place, int line, const char* what,
                              std::string_view details) {
  std::cerr << place << ":" << line << ": " << what << "\n  " << details << '\n' << std::flush;
  std::abort();
}

}  // namespace weir::fuzz

// FUZZ_CHECK(condition, details): `details` is made into a string_view only on failure.
#define FUZZ_CHECK(condition, details)                               \
  do {                                                               \
    if (!(condition)) {                                              \
      ::weir::fuzz::Fail(__FILE__, __LINE__, #condition, (details)); \
    }                                                                \
  } while (false)
