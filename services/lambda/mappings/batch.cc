// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/batch.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/uuid.h"
#include "protocol/json_tree.h"

namespace weir::lambda {
namespace {

constexpr std::string_view kBegin = R"({"Records":[)";
constexpr std::string_view kEnd = "]}";

// The numbers that an answer names; nullopt if it is not of the form.
std::optional<std::vector<std::string>> ReadItemFailures(std::string_view answer) {
  using protocol::JsonKind;
  std::vector<std::string> numbers;
  if (answer.empty()) {
    return numbers;
  }
  const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(answer);
  if (!tree.has_value()) {
    return std::nullopt;
  }
  const protocol::JsonNode root = tree->root();
  if (root.kind() == JsonKind::kNull || (root.kind() == JsonKind::kString && root.text().empty())) {
    return numbers;
  }
  if (root.kind() != JsonKind::kObject) {
    return std::nullopt;
  }
  const std::optional<protocol::JsonNode> list = root.Find("batchItemFailures");
  if (!list.has_value()) {
    return numbers;
  }
  if (list->kind() != JsonKind::kArray) {
    return std::nullopt;
  }
  for (const protocol::JsonNode failure : *list) {
    const std::optional<protocol::JsonNode> number =
        failure.kind() == JsonKind::kObject ? failure.Find("itemIdentifier") : std::nullopt;
    if (!number.has_value() || number->kind() != JsonKind::kString || number->text().empty()) {
      return std::nullopt;
    }
    numbers.emplace_back(number->text());
  }
  return numbers;
}

}  // namespace

Batch::Batch(std::string text, std::vector<BatchRecord> records, const End& end)
    : text_(std::make_shared<const std::string>(std::move(text))),
      count_(records.size()),
      end_(end),
      request_id_(NewUuid()) {
  records_ = std::make_shared<const std::vector<BatchRecord>>(std::move(records));
}

std::string Batch::Payload() const {
  const std::size_t begin = (*this)[0].begin;
  const std::string_view records =
      std::string_view(*text_).substr(begin, (*this)[count_ - 1].end - begin);
  std::string payload;
  payload.reserve(kBegin.size() + records.size() + kEnd.size());
  payload.append(kBegin).append(records).append(kEnd);
  return payload;
}

Batch Batch::Slice(std::size_t first, std::size_t count) const {
  Batch slice;
  slice.text_ = text_;
  slice.records_ = records_;
  slice.first_ = first_ + first;
  slice.count_ = count;
  slice.end_ = end_;
  if (first + count != count_) {
    slice.end_.next = (*this)[first + count].position;
  }
  slice.request_id_ = NewUuid();
  return slice;
}

BatchResult ReadBatchResult(std::string_view answer, std::size_t size,
                            const std::function<std::string(std::size_t index)>& number_of) {
  const std::optional<std::vector<std::string>> failures = ReadItemFailures(answer);
  if (!failures.has_value()) {
    return {.kind = BatchResult::Kind::kFailed};
  }
  if (failures->empty()) {
    return {};
  }
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < size; ++i) {
    places.emplace(number_of(i), i);
  }
  std::size_t first = size;
  for (const std::string& failure : *failures) {
    const auto place = places.find(failure);
    if (place == places.end()) {
      return {.kind = BatchResult::Kind::kFailed};
    }
    first = std::min(first, place->second);
  }
  return {.kind = BatchResult::Kind::kFailedFrom, .first_failed = first};
}

bool ReportsFailures(std::string_view answer) {
  const std::optional<std::vector<std::string>> failures = ReadItemFailures(answer);
  return !failures.has_value() || !failures->empty();
}

}  // namespace weir::lambda
