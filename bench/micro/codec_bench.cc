// SPDX-License-Identifier: Apache-2.0
// Benchmarks of the codecs: JSON to items and back, numbers, keys.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/micro/samples.h"
#include "core/number.h"
#include "core/value_writer.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/wire/attribute_value.h"

namespace weir::bench {
namespace {

void JsonParse(benchmark::State& state) {
  const std::string json = SampleJson(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(protocol::JsonTree::Parse(json));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(json.size()));
}
BENCHMARK(JsonParse);

void JsonToItem(benchmark::State& state) {
  const std::string json = SampleJson(1);
  for (auto _ : state) {
    const auto tree = protocol::JsonTree::Parse(json);
    ValueWriter writer;
    writer.BeginItem();
    benchmark::DoNotOptimize(dynamodb::DecodeAttributes(tree->root(), writer));
    benchmark::DoNotOptimize(writer.FinishItem());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(json.size()));
}
BENCHMARK(JsonToItem);

void ItemToJson(benchmark::State& state) {
  const Item item = SampleItem(1);
  std::string out;
  for (auto _ : state) {
    out.clear();
    dynamodb::AppendAttributes(item.attributes(), out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(ItemToJson);

void NumberToEncoded(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseNumber("-1234567.891"));
  }
}
BENCHMARK(NumberToEncoded);

void EncodedToNumber(benchmark::State& state) {
  const Result<EncodedNumber> number = ParseNumber("-1234567.891");
  std::string out;
  for (auto _ : state) {
    out.clear();
    AppendNumberText(number.value().view(), out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(EncodedToNumber);

void KeyOfItem(benchmark::State& state) {
  const Item item = SampleItem(1);
  const KeySchema schema = SampleSchema();
  for (auto _ : state) {
    benchmark::DoNotOptimize(PrimaryKey::OfItem(schema, item.attributes()));
  }
}
BENCHMARK(KeyOfItem);

}  // namespace
}  // namespace weir::bench
