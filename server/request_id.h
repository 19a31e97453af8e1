// SPDX-License-Identifier: Apache-2.0
// The x-amzn-RequestId of an answer.
#pragma once

#include <cstddef>
#include <random>
#include <string>

namespace weir::server {

inline constexpr std::size_t kRequestIdLength = 52;

// Makes ids of AWS's form: 52 characters of [0-9A-Z], of which the last 26 are always
// `VV4KQNSO5AEMVJF66Q9ASUAAJG`. Seeded from the system, so that two servers don't share ids.
// Not thread-safe: each worker has its own.
class RequestIdSource {
 public:
  RequestIdSource();

  // Appends a new id to `out`.
  void Append(std::string& out);

 private:
  std::mt19937_64 random_;
};

}  // namespace weir::server
