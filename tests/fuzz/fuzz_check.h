// SPDX-License-Identifier: Apache-2.0
// The assertions of fuzz targets. Unlike assert(), they also work in optimised builds, and they
// print details: the fuzzer keeps the input, and the details say what was wrong with the outcome.
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

// FUZZ_CHECK(condition, details): `details` is evaluated only on failure.
#define FUZZ_CHECK(condition, details)                               \
  do {                                                               \
    if (!(condition)) {                                              \
      ::weir::fuzz::Fail(__FILE__, __LINE__, #condition, (details)); \
    }                                                                \
  } while (false)
