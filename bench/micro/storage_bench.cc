// SPDX-License-Identifier: Apache-2.0
// Benchmarks of the tree, the write path and a stream's log. The argument is the number of items or
// records; that of Commit is 1 if the table has a stream.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "bench/micro/samples.h"
#include "core/clock.h"
#include "storage/engine.h"
#include "storage/mutation.h"
#include "storage/ordered_tree.h"
#include "storage/table.h"
#include "stream/stream.h"

namespace weir::bench {
namespace {

constexpr std::size_t kMany = 1'000'000;

std::vector<PrimaryKey> Keys(std::size_t count) {
  std::vector<PrimaryKey> keys;
  keys.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    keys.push_back(SampleKey(i));
  }
  return keys;
}

// Picks the index of a random key, cheaply.
class Picker {
 public:
  explicit Picker(std::size_t count) : count_(count) {}
  std::size_t operator()() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % count_;
  }

 private:
  std::uint64_t state_ = 1;
  std::size_t count_;
};

void TreePut(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<PrimaryKey> keys = Keys(count);
  const Item item = SampleItem(1);
  std::size_t next = 0;
  storage::OrderedTree tree;
  for (auto _ : state) {
    benchmark::DoNotOptimize(tree.Put(keys[next].bytes(), item));
    next = next + 1 == count ? 0 : next + 1;
  }
}
BENCHMARK(TreePut)->Arg(1000)->Arg(kMany);

void TreeFind(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<PrimaryKey> keys = Keys(count);
  const Item item = SampleItem(1);
  storage::OrderedTree tree;
  for (const PrimaryKey& key : keys) {
    tree.Put(key.bytes(), item);
  }
  Picker pick(count);
  for (auto _ : state) {
    benchmark::DoNotOptimize(tree.Find(keys[pick()].bytes()));
  }
}
BENCHMARK(TreeFind)->Arg(1000)->Arg(kMany);

// Puts an item that differs from the one it replaces.
class Alternate final : public storage::Mutation {
 public:
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    const Item& item = before && before.SameContent(items_[0]) ? items_[1] : items_[0];
    return Item::FromContents(item.attributes().contents());  // storage stamps what it stores
  }

 private:
  const std::vector<Item> items_{SampleItem(1), SampleItem(2)};
};

class Bench {
 public:
  Bench() {
    storage::TableMetadata metadata;
    metadata.name = "table";
    metadata.key_schema = SampleSchema();
    table_ = std::make_unique<storage::Table>(std::move(metadata), *engine_, clock_);
  }
  storage::Table& table() { return *table_; }
  std::unique_ptr<stream::Stream> OpenStream() {
    stream::StreamInfo info;
    info.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/table/stream/label";
    info.key_schema = SampleSchema();
    info.creation_time = clock_.Now();
    return std::make_unique<stream::Stream>(std::move(info), table_->log(), 4);
  }
  [[nodiscard]] Micros now() const { return clock_.Now(); }

 private:
  SystemClock clock_;
  std::unique_ptr<storage::Engine> engine_ = storage::NewMemoryEngine();
  std::unique_ptr<storage::Table> table_;
};

void Commit(benchmark::State& state) {
  Bench bench;
  const std::vector<PrimaryKey> keys = Keys(1000);
  const std::unique_ptr<stream::Stream> stream = state.range(0) == 0 ? nullptr : bench.OpenStream();
  const Alternate mutation;
  Picker pick(keys.size());
  for (auto _ : state) {
    const std::size_t key = pick();
    benchmark::DoNotOptimize(bench.table().Write(keys[key], mutation).ok());
  }
}
BENCHMARK(Commit)->ArgName("stream")->Arg(0)->Arg(1);

// Reads pages of the greatest size; the result is the time per record.
void StreamRead(benchmark::State& state) {
  Bench bench;
  const std::vector<PrimaryKey> keys = Keys(1000);
  const std::unique_ptr<stream::Stream> stream = bench.OpenStream();
  const Alternate mutation;
  Picker pick(keys.size());
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    if (!bench.table().Write(keys[pick()], mutation).ok()) {
      std::abort();
    }
  }
  const std::vector<stream::Shard> shards = stream->Shards();
  std::size_t shard = 0;
  std::uint64_t position = shards[0].begin;
  std::int64_t records = 0;
  for (auto _ : state) {
    const stream::Outcome<stream::ShardPage> page =
        stream->Read(shards[shard].id, position, 1000, bench.now());
    records += static_cast<std::int64_t>(page.value().changes.size());
    position = *page.value().next;
    if (page.value().changes.empty()) {
      shard = (shard + 1) % shards.size();
      position = shards[shard].begin;
    }
  }
  state.SetItemsProcessed(records);
}
BENCHMARK(StreamRead)->Arg(100'000);

}  // namespace
}  // namespace weir::bench
