// SPDX-License-Identifier: Apache-2.0
// BuildProgress: how much of something that follows a table's items has been built from the items
// that the table had before.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace weir::storage {

// The build walks over the items in the order of their keys, a few at a time under the table's
// lock, and takes each as it is then. Meanwhile, writes to items that the walk has passed are
// followed, and others are not, as the walk still comes to them. So every item is taken up exactly
// once, whatever is written meanwhile. The table's lock guards this object.
class BuildProgress {
 public:
  // `complete`: there are no items to build from.
  explicit BuildProgress(bool complete)
      : built_to_(complete ? std::nullopt : std::optional<std::string>(std::string())) {}

  [[nodiscard]] bool complete() const { return !built_to_.has_value(); }
  // Whether writes to the item with that key must be followed.
  [[nodiscard]] bool Covers(std::string_view key) const {
    return !built_to_.has_value() || key < *built_to_;
  }

  // The key at which the walk goes on. Only while it is not complete.
  [[nodiscard]] const std::string& position() const { return *built_to_; }
  // To be called once all items with lesser keys have been taken up.
  void MoveTo(std::string key) { built_to_ = std::move(key); }
  void Finish() { built_to_.reset(); }

 private:
  std::optional<std::string> built_to_;
};

}  // namespace weir::storage
