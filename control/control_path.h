// SPDX-License-Identifier: Apache-2.0
// Where Weir's own endpoints are, and those that it has in LocalStack's place.
#pragma once

#include <string_view>

namespace weir::control {

inline constexpr std::string_view kControlRoot = "/_weir";
inline constexpr std::string_view kControlPrefix = "/_weir/";
inline constexpr std::string_view kLocalStackPrefix = "/_localstack/";
inline constexpr std::string_view kHealthPath = "/_weir/health";
// The query with which it tells more, which is not for everybody.
inline constexpr std::string_view kVerboseQuery = "verbose";

inline bool IsControlPath(std::string_view path) {
  return path.starts_with(kControlPrefix) || path.starts_with(kLocalStackPrefix);
}

}  // namespace weir::control
