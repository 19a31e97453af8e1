// SPDX-License-Identifier: Apache-2.0
#include "storage/index_build.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/key.h"
#include "storage/indexed_item.h"

namespace weir::storage {
namespace {

constexpr std::size_t kHeadBytes = 8;

// The first bytes of a key, as a number that sorts like them. All keys begin with a hash
// (core/key.h), so these numbers are spread evenly.
std::uint64_t HeadOf(std::string_view key) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, key.data(), std::min(key.size(), kHeadBytes));
  return __builtin_bswap64(bytes);
}

struct Entry {
  std::uint64_t head = 0;
  std::uint64_t key_begin = 0;  // in `keys` of the batch
  std::uint32_t key_size = 0;
  std::uint32_t batch = 0;
  Item item;
};

// Entries that one thread has found, by the part of the hash range that their keys are in.
struct Batch {
  std::string keys;
  std::vector<std::vector<Entry>> parts;
  Statistics statistics;
};

// Parts of the hash range, the same for the items and for the entries.
class HashParts {
 public:
  explicit HashParts(std::size_t count) : width_(UINT64_MAX / count + 1) {}
  [[nodiscard]] std::size_t Of(std::uint64_t hash) const { return width_ == 0 ? 0 : hash / width_; }
  // The least key that may be in the part.
  [[nodiscard]] std::string BeginOf(std::size_t part) const {
    const std::uint64_t bytes = __builtin_bswap64(width_ * part);
    return {reinterpret_cast<const char*>(&bytes), kHeadBytes};
  }

 private:
  const std::uint64_t width_;  // 0: there is one part, of all hashes
};

// Calls `work` with each number below `count`, on as many threads. Throws what one of them throws.
// std::async without a thread for it does the work when its result is asked for.
void OnThreads(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<std::future<void>> results;
  results.reserve(count);
  for (std::size_t number = 0; number < count; ++number) {
    results.push_back(std::async(work, number));
  }
  for (std::future<void>& result : results) {
    result.get();
  }
}

class IndexBuild {
 public:
  IndexBuild(const IndexDefinition& index, const AttributeSelection& indexed,
             const SpaceView& items, Engine& engine, std::size_t threads)
      : index_(index), indexed_(indexed), items_(items), engine_(engine), parts_(threads) {
    batches_.resize(threads);
    builders_.resize(threads);
  }

  BuiltIndex Run() {
    const std::size_t threads = batches_.size();
    OnThreads(threads, [&](std::size_t number) { Collect(number); });
    OnThreads(threads, [&](std::size_t number) { Build(number); });
    BuiltIndex built;
    for (std::size_t number = 0; number < threads; ++number) {
      built.statistics.item_count += batches_[number].statistics.item_count;
      built.statistics.size_bytes += batches_[number].statistics.size_bytes;
      if (number > 0) {
        builders_[0]->Add(std::move(*builders_[number]));
      }
    }
    built.entries = builders_[0]->Finish();
    return built;
  }

 private:
  // Finds the entries of the items whose keys are in a part of the hash range.
  void Collect(std::size_t number) {
    Batch& batch = batches_[number];
    batch.parts.resize(batches_.size());
    const std::unique_ptr<Cursor> cursor = items_.NewCursor();
    for (cursor->Seek(parts_.BeginOf(number)); cursor->valid(); cursor->Next()) {
      const std::string_view primary_key = cursor->key();
      if (parts_.Of(HeadOf(primary_key)) != number) {
        break;
      }
      IndexedItem item = WithPart(cursor->item(), indexed_);
      const std::optional<std::string> key =
          IndexEntryKey(index_.key_schema, item.part.attributes(), primary_key);
      if (key.has_value()) {
        batch.statistics.Add(item.AwsSizeOf(index_.projected));
        const std::uint64_t head = HeadOf(*key);
        batch.parts[parts_.Of(head)].push_back({.head = head,
                                                .key_begin = batch.keys.size(),
                                                .key_size = static_cast<std::uint32_t>(key->size()),
                                                .batch = static_cast<std::uint32_t>(number),
                                                .item = std::move(item.whole)});
        batch.keys += *key;
      }
    }
  }

  // Builds the part of the index whose keys are in a part of the hash range.
  void Build(std::size_t part) {
    std::vector<Entry> entries;
    for (Batch& batch : batches_) {
      std::vector<Entry>& found = batch.parts[part];
      if (entries.empty()) {
        entries = std::move(found);
      } else {
        entries.insert(entries.end(), std::make_move_iterator(found.begin()),
                       std::make_move_iterator(found.end()));
      }
      found = {};
    }
    std::sort(entries.begin(), entries.end(), [this](const Entry& a, const Entry& b) {
      return a.head != b.head ? a.head < b.head : KeyOf(a) < KeyOf(b);
    });
    builders_[part] = engine_.NewSpaceBuilder();
    for (Entry& entry : entries) {
      builders_[part]->Add(KeyOf(entry), std::move(entry.item));
    }
  }

  [[nodiscard]] std::string_view KeyOf(const Entry& entry) const {
    return std::string_view(batches_[entry.batch].keys).substr(entry.key_begin, entry.key_size);
  }

  const IndexDefinition& index_;
  const AttributeSelection& indexed_;
  const SpaceView& items_;
  Engine& engine_;
  const HashParts parts_;
  std::vector<Batch> batches_;
  std::vector<std::unique_ptr<SpaceBuilder>> builders_;  // by part of the hash range
};

}  // namespace

BuiltIndex BuildIndex(const IndexDefinition& index, const AttributeSelection& indexed,
                      const SpaceView& items, Engine& engine) {
  constexpr std::size_t kMostThreads = 8;
  const std::size_t threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostThreads);
  return IndexBuild(index, indexed, items, engine, threads).Run();
}

}  // namespace weir::storage
