// SPDX-License-Identifier: Apache-2.0
// Item: one immutable, reference-counted buffer with packed attributes.
//
//   buffer := stamp references bytes extra contents size?
//   stamp  := 8 bytes: microseconds since 1970, and in the last two bits who wrote it
//   bytes  := 4 bytes: the size of `contents`, the entries of a packed map (core/value.h)
//   extra  := 2 bytes, signed: how many bytes DynamoDB counts for the item beyond `bytes`, or a
//             special value if that does not fit; then `size` follows the contents
//   size   := 4 bytes: all bytes that DynamoDB counts
//
// Integers are in the machine's byte order: the buffer never leaves the process. The table, its
// indexes, change records, snapshots and backups all share the same buffer.
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

  // Makes an item that holds a copy of `contents`: the entries of a packed map (the M of
  // core/value.h).
  static Item FromContents(std::string_view contents);

  explicit operator bool() const { return rep_ != nullptr; }

  // The attributes; empty for "no item".
  [[nodiscard]] MapView attributes() const {
    return rep_ == nullptr ? MapView() : MapView({rep_->Contents(), rep_->bytes});
  }
  // Bytes as DynamoDB counts them, names included; 0 for "no item".
  [[nodiscard]] std::size_t aws_size() const { return rep_ == nullptr ? 0 : rep_->AwsSize(); }
  // Bytes of the packed attributes; 0 for "no item".
  [[nodiscard]] std::size_t packed_size() const { return rep_ == nullptr ? 0 : rep_->bytes; }
  // Bytes that the item takes in memory, with the C library's overhead; 0 for "no item".
  [[nodiscard]] std::size_t memory_size() const {
    return rep_ == nullptr ? 0 : Rep::kSize + rep_->bytes + kAllocationOverhead;
  }
  [[nodiscard]] Micros write_time() const {
    return Micros(rep_ == nullptr ? 0 : rep_->stamp >> kOriginBits);
  }
  [[nodiscard]] Origin origin() const {
    return rep_ == nullptr ? Origin::kUser
                           : static_cast<Origin>(rep_->stamp & ((1 << kOriginBits) - 1));
  }

  // Has the processor load the beginning of the buffer, while something else is done.
  void Prefetch() const {
    if (rep_ != nullptr) {
      constexpr std::size_t kLine = 64;
      __builtin_prefetch(rep_);
      __builtin_prefetch(reinterpret_cast<const char*>(rep_) + kLine);
    }
  }

  // Whether both are "no item", or both are items with equal attributes.
  [[nodiscard]] bool SameContent(const Item& other) const {
    return (rep_ == nullptr) == (other.rep_ == nullptr) && attributes() == other.attributes();
  }

  // Whether both are "no item", or both are one version of one item.
  [[nodiscard]] bool SameVersion(const Item& other) const { return rep_ == other.rep_; }
  // Identifies the version of the item, for as long as a handle keeps it alive; null for "no item".
  [[nodiscard]] const void* identity() const { return rep_; }

  // Records when and by whom the item was written. Only storage calls it, on an item that no other
  // thread can see yet.
  void Stamp(Micros write_time, Origin origin) {
    rep_->stamp = (write_time.count() << kOriginBits) | static_cast<std::int64_t>(origin);
  }

 private:
  static constexpr int kOriginBits = 2;
  static constexpr std::size_t kAllocationOverhead = 16;

  static_assert(static_cast<int>(Origin::kReplica) < 1 << kOriginBits);

  // The start of the buffer. Every stored item has one, so no byte is wasted: the contents begin
  // right after the last member, in the struct's padding. So a Rep must never be assigned as a
  // whole, which would overwrite them.
  struct Rep {
    Rep() = default;
    Rep(const Rep&) = delete;
    Rep& operator=(const Rep&) = delete;
    ~Rep() = default;

    std::int64_t stamp = 0;
    std::atomic<std::uint32_t> references{1};
    std::uint32_t bytes = 0;
    std::int16_t aws_extra = 0;
    static constexpr std::int16_t kSizeBehind = INT16_MIN;

    static constexpr std::size_t kSize = 18;
    [[nodiscard]] const char* Contents() const {
      return reinterpret_cast<const char*>(this) + kSize;
    }
    [[nodiscard]] char* Contents() { return reinterpret_cast<char*>(this) + kSize; }
    [[nodiscard]] std::size_t AwsSize() const {
      return aws_extra == kSizeBehind ? SizeBehind()
                                      : static_cast<std::size_t>(std::int64_t{bytes} + aws_extra);
    }
    [[nodiscard]] std::size_t SizeBehind() const;
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
