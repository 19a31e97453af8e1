// SPDX-License-Identifier: Apache-2.0
// Benchmarks of expressions: parsing and evaluating them.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "bench/micro/samples.h"
#include "core/number.h"
#include "core/value_writer.h"
#include "expression/condition.h"
#include "expression/placeholders.h"
#include "expression/update.h"

namespace weir::bench {
namespace {

using expression::Condition;
using expression::Placeholders;
using expression::Update;

constexpr std::string_view kCondition =
    "attribute_exists(pk) AND (price < :p OR contains(tags, :t))";
constexpr std::string_view kUpdate = "SET price = :p, seen = if_not_exists(seen, :p) ADD tags :s";

template <class Parsed>
Parsed Must(Result<Parsed> parsed) {
  if (!parsed.ok()) {
    std::abort();  // the expression itself is broken
  }
  return std::move(parsed).value();
}

// The values that the expressions use: :p is a number, :t a string, :s a set.
Item Values() {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name(":p");
  writer.Number(Must(ParseNumber("5")).view());
  writer.Name(":s");
  const std::string_view added = "yellow";
  writer.Set(ValueType::kStringSet, {&added, 1});
  writer.Name(":t");
  writer.String("red");
  return writer.FinishItem();
}

void ConditionParse(benchmark::State& state) {
  const Item values = Values();
  for (auto _ : state) {
    Placeholders placeholders(std::nullopt, values.attributes());
    benchmark::DoNotOptimize(
        Condition::Parse(expression::ConditionKind::kCondition, kCondition, placeholders));
  }
}
BENCHMARK(ConditionParse);

void ConditionEvaluate(benchmark::State& state) {
  const Item values = Values();
  const Item item = SampleItem(1);
  Placeholders placeholders(std::nullopt, values.attributes());
  const Condition condition =
      Must(Condition::Parse(expression::ConditionKind::kCondition, kCondition, placeholders));
  for (auto _ : state) {
    benchmark::DoNotOptimize(condition.Evaluate(item.attributes()));
  }
}
BENCHMARK(ConditionEvaluate);

void UpdateParse(benchmark::State& state) {
  const Item values = Values();
  for (auto _ : state) {
    Placeholders placeholders(std::nullopt, values.attributes());
    benchmark::DoNotOptimize(Update::Parse(kUpdate, placeholders));
  }
}
BENCHMARK(UpdateParse);

void UpdateApply(benchmark::State& state) {
  const Item values = Values();
  const Item item = SampleItem(1);
  Placeholders placeholders(std::nullopt, values.attributes());
  const Update update = Must(Update::Parse(kUpdate, placeholders));
  for (auto _ : state) {
    benchmark::DoNotOptimize(update.Apply(item, item.attributes()));
  }
}
BENCHMARK(UpdateApply);

}  // namespace
}  // namespace weir::bench
