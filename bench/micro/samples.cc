// SPDX-License-Identifier: Apache-2.0
#include "bench/micro/samples.h"

#include <cstdlib>
#include <utility>

#include "core/digits.h"
#include "core/value_writer.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/wire/attribute_value.h"

namespace weir::bench {
namespace {

constexpr std::size_t kKeyDigits = 12;

std::string KeyText(std::uint64_t number) {
  std::string text(kKeyDigits, '0');
  WriteDecimal(number, text);
  return text;
}

}  // namespace

std::string SampleJson(std::uint64_t number) {
  return R"({"pk":{"S":")" + KeyText(number) + R"("},"count":{"N":")" + std::to_string(number) +
         R"("},"price":{"N":"12.75"},"active":{"BOOL":true},"name":{"S":"A name of some length"},)"
         R"("tags":{"SS":["blue","green","red"]},"data":{"S":")" +
         std::string(150, 'x') + R"("}})";
}

Item SampleItem(std::uint64_t number) {
  const auto tree = protocol::JsonTree::Parse(SampleJson(number));
  ValueWriter writer;
  writer.BeginItem();
  if (!tree.has_value() || dynamodb::DecodeAttributes(tree->root(), writer).has_value()) {
    std::abort();  // the sample itself is broken
  }
  return writer.FinishItem();
}

KeySchema SampleSchema() {
  return {{"pk", ValueType::kString}, std::nullopt};
}

PrimaryKey SampleKey(std::uint64_t number) {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("pk");
  writer.String(KeyText(number));
  Result<PrimaryKey> key = PrimaryKey::OfRequest(SampleSchema(), writer.FinishItem().attributes());
  if (!key.ok()) {
    std::abort();
  }
  return std::move(key).value();
}

}  // namespace weir::bench
