// SPDX-License-Identifier: Apache-2.0
// BuildProgress: how far something that follows a table's items is built up from those that were
// there before it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace weir::storage {

// A walk over the items in the order of their keys, a few at a time under the table's lock, takes
// each as it is then. Writes are followed where the walk has been and not where it is still to go,
// so every item is taken up exactly once, whatever is written meanwhile. Its table's lock guards
// it.
class BuildProgress {
 public:
  // `complete`: there is nothing to build up from.
  explicit BuildProgress(bool complete)
      : built_to_(complete ? std::nullopt : std::optional<std::string>(std::string())) {}

  [[nodiscard]] bool complete() const { return !built_to_.has_value(); }
  // Whether writes of the item with that key are to be followed.
  [[nodiscard]] bool Covers(std::string_view key) const {
    return !built_to_.has_value() || key < *built_to_;
  }

  // Where the walk goes on; only while it is not complete.
  [[nodiscard]] const std::string& position() const { return *built_to_; }
  // All items with lesser keys are taken up.
  void MoveTo(std::string key) { built_to_ = std::move(key); }
  void Finish() { built_to_.reset(); }

 private:
  std::optional<std::string> built_to_;
};

}  // namespace weir::storage
