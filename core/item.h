// SPDX-License-Identifier: Apache-2.0
// Item: one immutable, reference-counted buffer with packed attributes.
//
// The table, its indexes, change records, snapshots and backups all share the same buffer.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/value.h"

namespace weir {

// Who made a change.
enum class Origin : std::uint8_t {
  kUser,
  kTimeToLive,
  kReplica,
};

// A shared handle on an item, or nothing ("no item"). Copies are cheap and may live on different
// threads; one handle is as thread-safe as a pointer. The contents never change once the item is
// stored.
class Item {
 public:
  Item() = default;
  Item(const Item& other) : rep_(other.rep_) { Retain(); }
  Item(Item&& other) noexcept : rep_(std::exchange(other.rep_, nullptr)) {}
  Item& operator=(Item other) noexcept {
    std::swap(rep_, other.rep_);
    return *this;
  }
  ~Item() { Release(); }

  // Copies the entries of a packed map (the contents of core/value.h's M).
  static Item FromContents(std::string_view contents);

  explicit operator bool() const { return rep_ != nullptr; }

  // The attributes; empty for "no item".
  [[nodiscard]] MapView attributes() const {
    return rep_ == nullptr ? MapView() : MapView({rep_->Bytes(), rep_->bytes});
  }
  // Bytes as DynamoDB counts them, names included; 0 for "no item".
  [[nodiscard]] std::size_t aws_size() const { return rep_ == nullptr ? 0 : rep_->aws_size; }
  [[nodiscard]] Micros write_time() const { return Micros(rep_ == nullptr ? 0 : rep_->write_time); }
  [[nodiscard]] Origin origin() const { return rep_ == nullptr ? Origin::kUser : rep_->origin; }

  // Has the processor load the beginning, while something else is done.
  void Prefetch() const {
    if (rep_ != nullptr) {
      constexpr std::size_t kLine = 64;
      __builtin_prefetch(rep_);
      __builtin_prefetch(reinterpret_cast<const char*>(rep_) + kLine);
    }
  }

  // Both absent, or both with the same attributes.
  [[nodiscard]] bool SameContent(const Item& other) const {
    return (rep_ == nullptr) == (other.rep_ == nullptr) && attributes() == other.attributes();
  }

  // Records when and by whom the item was written. Storage alone calls it, on an item that no other
  // thread can see yet.
  void Stamp(Micros write_time, Origin origin) {
    rep_->write_time = write_time.count();
    rep_->origin = origin;
  }

 private:
  struct Rep {
    std::int64_t write_time = 0;
    std::atomic<std::uint32_t> references{1};
    std::uint32_t bytes = 0;
    std::uint32_t aws_size = 0;
    Origin origin = Origin::kUser;
    // `bytes` bytes follow the struct.
    [[nodiscard]] const char* Bytes() const { return reinterpret_cast<const char*>(this + 1); }
    [[nodiscard]] char* Bytes() { return reinterpret_cast<char*>(this + 1); }
  };
  explicit Item(Rep* rep) : rep_(rep) {}
  void Retain() const {
    if (rep_ != nullptr) {
      rep_->references.fetch_add(1, std::memory_order_relaxed);
    }
  }
  void Release() {
    if (rep_ != nullptr && rep_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Destroy(rep_);
    }
  }
  static void Destroy(Rep* rep);

  Rep* rep_ = nullptr;
};

}  // namespace weir
