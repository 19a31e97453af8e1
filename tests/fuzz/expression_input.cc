// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/expression_input.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/limits.h"
#include "core/number.h"
#include "protocol/json_text.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/wire/attribute_value.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/unit/expression/notation.h"

namespace weir::fuzz {
namespace {

constexpr unsigned kValueDepth = 4;
constexpr std::size_t kMaxElements = 4;
constexpr std::size_t kItems = 2;

constexpr std::string_view kAttributes[] = {"a", "b", "l", "m", "s", "x", "pk", "sk"};
constexpr std::string_view kNames[] = {"a",  "b",  "l",    "m",       "s",   "x",
                                       "pk", "sk", "size", "abs.ent", "[0]", "é"};
constexpr std::string_view kNameHolders[] = {"#a", "#b", "#l", "#m", "#x", "#1"};
constexpr std::string_view kValueHolders[] = {":n", ":m", ":s", ":p",  ":b",  ":l",
                                              ":o", ":t", ":z", ":ss", ":ns", ":bs"};
constexpr std::string_view kTexts[] = {"",  "a", "b",  "ab", "abc",
                                       "x", "S", "NS", "é",  "\xF0\x9F\x98\x80"};
constexpr std::string_view kNumbers[] = {"0",
                                         "1",
                                         "-1",
                                         "2.5",
                                         "10",
                                         "100",
                                         "-0.001",
                                         "1e125",
                                         "-9.9e125",
                                         "1e-130",
                                         "99999999999999999999999999999999999999",
                                         "0.00000000000000000000000000000000000001"};

constexpr std::string_view kFixedValues =
    "{:n=1 :m=2.5 :s='x' :p='ab' :b=b'x' :l=[1 'x'] :o={x=1} :t=true :z=null "
    ":ss=<'x' 'y'> :ns=<1 2> :bs=<b'x' b'y'>}";
constexpr std::string_view kFixedItems[] = {
    "{pk='x' sk='ab' a=1 b='x' l=[1 'x' {x=2} [3]] m={x=[3 4] y={z='x'} n=null} s=<'x' 'z'> "
    "x=true}",
    "{pk='x' sk=2 a='ab' b=<1 2> l={} m=[] s=b'xy' x=<b'x'>}", "{pk='y' sk=b'x'}"};

template <class Element>
void WriteSet(Choices& choices, ValueWriter& writer, ValueType type, Element element) {
  std::vector<std::string> elements;
  for (std::size_t left = 1 + choices.Below(kMaxElements); left > 0; --left) {
    elements.push_back(element(choices));
  }
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  writer.Set(type, std::vector<std::string_view>(elements.begin(), elements.end()));
}

std::string Bytes(Choices& choices, unsigned mask) {
  std::string bytes;
  for (std::size_t left = choices.Below(kMaxElements); left > 0; --left) {
    bytes.push_back(static_cast<char>(choices.Byte() & mask));
  }
  return bytes;
}

// A text of ASCII, or one from the pool: JSON holds only UTF-8.
std::string Text(Choices& choices) {
  return choices.Below(2) == 0 ? std::string(choices.Pick(kTexts)) : Bytes(choices, 0x7FU);
}

std::string Number(Choices& choices) {
  std::string text(choices.Pick(kNumbers));
  if (choices.Below(2) == 0) {
    text = std::to_string(static_cast<int>(choices.Byte()) - 128);
    text.append("e").append(std::to_string(static_cast<int>(choices.Byte()) / 2 - 64));
  }
  const Result<EncodedNumber> number = ParseNumber(text);
  FUZZ_CHECK(number.ok(), text);
  return std::string(number.value().view());
}

void WriteContainer(Choices& choices, ValueWriter& writer, bool is_map, unsigned depth) {
  is_map ? writer.BeginMap() : writer.BeginList();
  for (std::size_t left = choices.Below(kMaxElements); left > 0; --left) {
    if (is_map) {
      writer.Name(choices.Pick(kNames));
    }
    WriteValue(choices, writer, depth - 1);
  }
  is_map ? writer.EndMap() : writer.EndList();
}

Item ChosenItem(Choices& choices) {
  ValueWriter writer;
  writer.BeginItem();
  for (const std::string_view name : kAttributes) {
    if (choices.Below(8) != 0) {
      writer.Name(name);
      WriteValue(choices, writer, kValueDepth);
    }
  }
  return writer.FinishItem();
}

bool IsPartOf(Value part, Value whole);

// Each element of `part` takes the first element of `whole` that fits and is still free. That is
// never one that a later element needs, since the order is kept.
bool IsPartOf(ListView part, ListView whole) {
  auto candidate = whole.begin();
  for (const Value element : part) {
    while (candidate != whole.end() && !IsPartOf(element, *candidate)) {
      ++candidate;
    }
    if (candidate == whole.end()) {
      return false;
    }
    ++candidate;
  }
  return true;
}

bool IsPartOf(Value part, Value whole) {
  if (part.type() != whole.type()) {
    return false;
  }
  if (part.type() == ValueType::kMap) {
    return fuzz::IsPartOf(part.map(), whole.map());
  }
  return part.type() == ValueType::kList ? IsPartOf(part.list(), whole.list()) : part == whole;
}

}  // namespace

unsigned Choices::Byte() {
  if (bytes_.empty()) {
    return 0;
  }
  const auto byte = static_cast<unsigned char>(bytes_.front());
  bytes_.remove_prefix(1);
  return byte;
}

void WriteValue(Choices& choices, ValueWriter& writer, unsigned depth) {
  switch (choices.Below(depth == 0 ? 8 : 12)) {
    case 0:
      return writer.Number(Number(choices));
    case 1:
      return writer.String(Text(choices));
    case 2:
      return writer.Binary(Bytes(choices, 0xFFU));
    case 3:
      return writer.Bool(choices.Below(2) == 0);
    case 4:
      return writer.Null();
    case 5:
      return WriteSet(choices, writer, ValueType::kNumberSet, Number);
    case 6:
      return WriteSet(choices, writer, ValueType::kStringSet, Text);
    case 7:
      return WriteSet(choices, writer, ValueType::kBinarySet,
                      [](Choices& from) { return Bytes(from, 0xFFU); });
    case 8:
    case 9:
      return WriteContainer(choices, writer, false, depth);
    default:
      return WriteContainer(choices, writer, true, depth);
  }
}

ExpressionInput::ExpressionInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t bar = std::min(input.rfind('|'), input.size());
  text = input.substr(0, bar);
  if (bar + 1 >= input.size()) {
    names = {{"#a", "a"}, {"#b", "b"}, {"#l", "l"}, {"#m", "m"}, {"#x", "x"}, {"#1", "size"}};
    values = expression::Parse(kFixedValues);
    for (const std::string_view item : kFixedItems) {
      items.push_back(expression::Parse(item));
    }
    return;
  }
  Choices choices(input.substr(bar + 1));
  for (const std::string_view holder : kNameHolders) {
    names.emplace_back(holder, choices.Pick(kNames));
  }
  ValueWriter writer;
  writer.BeginItem();
  for (const std::string_view holder : kValueHolders) {
    writer.Name(holder);
    WriteValue(choices, writer, kValueDepth);
  }
  values = writer.FinishItem();
  for (std::size_t left = kItems; left > 0; --left) {
    items.push_back(ChosenItem(choices));
  }
}

void CheckRefusal(const ExpressionInput& input, const ApiError& error) {
  FUZZ_CHECK(error.code == ErrorCode::kValidation, input.text);
  FUZZ_CHECK(!error.message.empty(), input.text);
  // If the text is UTF-8, the message that quotes it must be UTF-8, too: half a character would
  // break the answer's JSON.
  std::string given;
  protocol::AppendJsonString(input.text, given);
  if (nlohmann::json::accept(given)) {
    std::string sent;
    protocol::AppendJsonString(error.message, sent);
    FUZZ_CHECK(nlohmann::json::accept(sent), error.message);
  }
}

void CheckCanonical(const ExpressionInput& input, const Item& item) {
  if (!item) {
    return;
  }
  for (const MapView::Entry entry : item.attributes()) {
    if (NestingDepth(entry.value) >= limits::kNestingLevels) {
      return;
    }
  }
  std::string json;
  dynamodb::AppendAttributes(item.attributes(), json);
  const std::optional<protocol::JsonTree> tree = protocol::JsonTree::Parse(json);
  FUZZ_CHECK(tree.has_value(), json);
  ValueWriter writer;
  writer.BeginItem();
  const std::optional<dynamodb::ValueFault> fault =
      dynamodb::DecodeAttributes(tree->root(), writer);
  FUZZ_CHECK(!fault.has_value(), fault->message + "\n  " + json);
  const Item again = writer.FinishItem();
  FUZZ_CHECK(item.SameContent(again), std::string(input.text) + "\n  " + json);
  FUZZ_CHECK(item.aws_size() == AwsSize(again.attributes()), json);
}

bool IsPartOf(MapView part, MapView whole) {
  return std::all_of(part.begin(), part.end(), [&](const MapView::Entry& entry) {
    const std::optional<Value> value = whole.Find(entry.name);
    return value.has_value() && IsPartOf(entry.value, *value);
  });
}

}  // namespace weir::fuzz
