// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/attribute_value.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <set>
#include <string_view>
#include <vector>

#include "core/base64.h"
#include "core/limits.h"
#include "core/number.h"
#include "protocol/check_types.h"
#include "protocol/json_sink.h"

namespace weir::dynamodb {
namespace {

using Fault = std::optional<ValueFault>;

// From this depth on the service answers its nesting fault without the envelope (observed on AWS).
constexpr std::size_t kBareNestingDepth = 63;

constexpr std::array<std::pair<std::string_view, ValueType>, 10> kTypes{{
    {"S", ValueType::kString},
    {"N", ValueType::kNumber},
    {"B", ValueType::kBinary},
    {"SS", ValueType::kStringSet},
    {"NS", ValueType::kNumberSet},
    {"BS", ValueType::kBinarySet},
    {"M", ValueType::kMap},
    {"L", ValueType::kList},
    {"NULL", ValueType::kNull},
    {"BOOL", ValueType::kBool},
}};

std::optional<ValueType> TypeNamed(std::string_view name) {
  for (const auto& [candidate, type] : kTypes) {
    if (candidate == name) {
      return type;
    }
  }
  return std::nullopt;
}

Fault InvalidValue(std::string_view message) {
  return ValueFault{"One or more parameter values were invalid: " + std::string(message), false};
}

// The member of a JSON value that has its content, and whose name is its type.
struct TypedContent {
  std::optional<protocol::JsonNode> node;
  ValueType type = ValueType::kNull;
  std::size_t types = 0;  // how many different types are given: an attribute value has exactly one
};

TypedContent ContentOf(const protocol::JsonNode& value) {
  TypedContent content;
  for (const protocol::JsonNode member : value) {
    const std::optional<ValueType> candidate = TypeNamed(member.key());
    if (!candidate.has_value() || member.kind() == protocol::JsonKind::kNull) {
      continue;
    }
    if (!content.node.has_value() || *candidate != content.type) {
      ++content.types;
    }
    content.node = member;
    content.type = *candidate;
  }
  return content;
}

ValueFault ShapeFault(std::size_t types) {
  return {types == 0 ? "Supplied AttributeValue is empty, must contain exactly one of the "
                       "supported datatypes"
                     : "Supplied AttributeValue has more than one datatypes set, must contain "
                       "exactly one of the supported datatypes",
          true};
}

// The recursion is bounded by JsonTree::kMaxDepth.
Fault FindShapeFault(const protocol::JsonNode& value) {
  const TypedContent content = ContentOf(value);
  if (content.types != 1) {
    return ShapeFault(content.types);
  }
  if (content.type == ValueType::kMap) {
    return FindAttributesShapeFault(*content.node);
  }
  if (content.type == ValueType::kList) {
    for (const protocol::JsonNode element : *content.node) {
      if (Fault fault = FindShapeFault(element)) {
        return fault;
      }
    }
  }
  return std::nullopt;
}

// Decodes values at growing depth. The recursion is bounded by JsonTree::kMaxDepth.
class Decoder {
 public:
  Decoder(ValueWriter& writer, protocol::ValueTexts texts, NestingRule nesting)
      : writer_(writer), texts_(texts), nesting_(nesting) {}

  // The attributes of an item. The older layer reports an empty name among them before a nesting
  // that is too deep, but an empty name in a map after it (recorded for TransactWriteItems).
  Fault Item(const protocol::JsonNode& node) {
    if (texts_ == protocol::ValueTexts::kOlder) {
      for (const protocol::JsonNode member : node) {
        if (member.key().empty()) {
          return CheckAttributeName(member.key());
        }
      }
    }
    return Told(Attributes(node, 0));
  }

  Fault Value(const protocol::JsonNode& node) { return Told(Any(node, 0)); }

 private:
  Fault Told(Fault fault) {
    return empty_name_ && !(fault && fault->is_nesting) ? std::move(empty_name_) : fault;
  }

  Fault Attributes(const protocol::JsonNode& node, std::size_t depth) {
    for (const protocol::JsonNode member : node) {
      if (Fault fault = CheckAttributeName(member.key())) {
        if (!member.key().empty() || texts_ != protocol::ValueTexts::kOlder) {
          return fault;
        }
        empty_name_ = std::move(fault);
      }
      writer_.Name(member.key());
      if (Fault fault = Any(member, depth)) {
        return fault;
      }
    }
    return std::nullopt;
  }

  // `depth` counts the lists and maps around the value.
  Fault Any(const protocol::JsonNode& node, std::size_t depth) {
    const TypedContent content = ContentOf(node);
    if (content.types == 0) {
      return ShapeFault(content.types);
    }
    return content.types == 1 ? Content(content.type, *content.node, depth) : SeveralTypes(node);
  }

  // The fault of a value with several types. The service finds the faults before the last one here
  // before it counts the types.
  [[nodiscard]] Fault SeveralTypes(const protocol::JsonNode& node) const {
    Fault fault;
    for (const ValueType set :
         {ValueType::kStringSet, ValueType::kNumberSet, ValueType::kBinarySet}) {
      const std::optional<protocol::JsonNode> elements = node.Find(TypeName(set));
      if (!fault && elements && elements->size() == 0) {
        fault = EmptySet(set);
      }
    }
    if (const std::optional<protocol::JsonNode> number = node.Find("N"); !fault && number) {
      fault = FaultOf(Parse(number->text()));
    }
    if (const std::optional<protocol::JsonNode> numbers = node.Find("NS"); !fault && numbers) {
      for (auto it = numbers->begin(); !fault && it != numbers->end(); ++it) {
        fault = FaultOf(Parse((*it).text()));
      }
    }
    if (const std::optional<protocol::JsonNode> null = node.Find("NULL"); !fault && null) {
      fault = protocol::ReadBoolean(*null).value_or(false) ? std::nullopt : FalseNull();
    }
    if (!fault) {
      fault = ShapeFault(2);
    }
    fault->is_shape = true;
    return fault;
  }

  Fault Content(ValueType type, const protocol::JsonNode& node, std::size_t depth) {
    switch (type) {
      case ValueType::kString:
        writer_.String(node.text());
        return std::nullopt;
      case ValueType::kNumber:
        return Number(node.text());
      case ValueType::kBinary:
        scratch_.clear();
        (void)DecodeBase64(node.text(), scratch_);  // checked with the request's types
        writer_.Binary(scratch_);
        return std::nullopt;
      case ValueType::kBool:
        writer_.Bool(protocol::ReadBoolean(node).value_or(false));
        return std::nullopt;
      case ValueType::kNull:
        if (!protocol::ReadBoolean(node).value_or(false)) {
          return FalseNull();
        }
        writer_.Null();
        return std::nullopt;
      case ValueType::kStringSet:
        return StringSet(node);
      case ValueType::kNumberSet:
        return NumberSet(node);
      case ValueType::kBinarySet:
        return BinarySet(node);
      case ValueType::kList:
      case ValueType::kMap:
        return Container(type, node, depth + 1);
    }
    return std::nullopt;
  }

  Fault Container(ValueType type, const protocol::JsonNode& node, std::size_t depth) {
    const std::size_t limit = limits::kNestingLevels + (nesting_ == NestingRule::kOperand ? 1 : 0);
    if (nesting_ != NestingRule::kJson && depth >= limit) {
      return TooDeep(node, depth);
    }
    if (type == ValueType::kMap) {
      writer_.BeginMap();
      if (Fault fault = Attributes(node, depth)) {
        return fault;
      }
      writer_.EndMap();
      return std::nullopt;
    }
    writer_.BeginList();
    for (const protocol::JsonNode element : node) {
      if (Fault fault = Any(element, depth)) {
        return fault;
      }
    }
    writer_.EndList();
    return std::nullopt;
  }

  static Fault TooDeep(const protocol::JsonNode& node, std::size_t depth) {
    return ValueFault{.message =
                          "Nesting Levels have exceeded supported limits: Attributes in the item "
                          "have nested levels "
                          "beyond supported limit",
                      .is_shape = depth + ContainersBelow(node) >= kBareNestingDepth,
                      .is_nesting = true};
  }

  // How many levels of lists and maps there are below the content of a list or map.
  static std::size_t ContainersBelow(const protocol::JsonNode& content) {
    std::size_t deepest = 0;
    for (const protocol::JsonNode value : content) {
      if (value.kind() != protocol::JsonKind::kObject) {
        continue;
      }
      for (const protocol::JsonNode typed : value) {
        if ((typed.key() == "M" && typed.kind() == protocol::JsonKind::kObject) ||
            (typed.key() == "L" && typed.kind() == protocol::JsonKind::kArray)) {
          deepest = std::max(deepest, 1 + ContainersBelow(typed));
        }
      }
    }
    return deepest;
  }

  static Fault FalseNull() {
    return InvalidValue("Null attribute value types must have the value of true");
  }

  static Fault EmptySet(ValueType type) {
    Fault fault =
        InvalidValue(type == ValueType::kStringSet   ? "An string set  may not be empty"  // sic
                     : type == ValueType::kNumberSet ? "An number set  may not be empty"  // sic
                                                     : "Binary sets should not be empty");
    fault->is_empty_set = true;
    return fault;
  }

  [[nodiscard]] Result<EncodedNumber> Parse(std::string_view text) const {
    if (text.empty() && texts_ == protocol::ValueTexts::kOlder) {
      return ValidationError("The parameter cannot be converted to a numeric value");
    }
    return texts_ == protocol::ValueTexts::kOlder ? ParseNumberWrapping(text) : ParseNumber(text);
  }

  static Fault FaultOf(const Result<EncodedNumber>& number) {
    return number.ok() ? Fault() : ValueFault{number.error().message};
  }

  Fault Number(std::string_view text) {
    const Result<EncodedNumber> number = Parse(text);
    if (number.ok()) {
      writer_.Number(number.value().view());
    }
    return FaultOf(number);
  }

  // Writes the elements in order; false if two are equal.
  bool SortedSet(ValueType type, std::vector<std::string_view>& elements) {
    std::sort(elements.begin(), elements.end());
    if (std::adjacent_find(elements.begin(), elements.end()) != elements.end()) {
      return false;
    }
    writer_.Set(type, elements);
    return true;
  }

  Fault StringSet(const protocol::JsonNode& node) {
    if (node.size() == 0) {
      return EmptySet(ValueType::kStringSet);
    }
    if (HasNull(node)) {
      return InvalidValue("An string set  may not have a null string as a member");
    }
    const std::vector<std::string_view> contents = Texts(node);
    std::vector<std::string_view> elements = contents;
    if (SortedSet(ValueType::kStringSet, elements)) {
      return std::nullopt;
    }
    return Duplicate(InvalidValue("Input collection " + EchoedList(node, contents, ", ") +
                                  " contains duplicates."));
  }

  Fault NumberSet(const protocol::JsonNode& node) {
    if (node.size() == 0) {
      return EmptySet(ValueType::kNumberSet);
    }
    if (HasNull(node)) {
      return InvalidValue("An number set  may not have a null number as a member");
    }
    std::vector<EncodedNumber> numbers;
    numbers.reserve(node.size());
    for (const protocol::JsonNode element : node) {
      Result<EncodedNumber> number = Parse(element.text());
      if (!number.ok()) {
        return FaultOf(number);
      }
      numbers.push_back(number.value());
    }
    std::vector<std::string_view> elements;
    elements.reserve(numbers.size());
    for (const EncodedNumber& number : numbers) {
      elements.push_back(number.view());
    }
    if (SortedSet(ValueType::kNumberSet, elements)) {
      return std::nullopt;
    }
    return Duplicate(texts_ == protocol::ValueTexts::kOlder
                         ? Fault(ValueFault{"Input collection contains duplicates", false})
                         : InvalidValue("Input collection contains duplicates."));
  }

  Fault BinarySet(const protocol::JsonNode& node) {
    if (node.size() == 0) {
      return EmptySet(ValueType::kBinarySet);
    }
    if (HasNull(node)) {
      return InvalidValue("Binary sets may not have a null binary as a member");
    }
    std::vector<std::string> decoded;
    decoded.reserve(node.size());
    for (const protocol::JsonNode element : node) {
      (void)DecodeBase64(element.text(), decoded.emplace_back());
    }
    const std::vector<std::string_view> contents(decoded.begin(), decoded.end());
    std::vector<std::string_view> elements = contents;
    if (SortedSet(ValueType::kBinarySet, elements)) {
      return std::nullopt;
    }
    return Duplicate(InvalidValue(
        "Input collection " +
        EchoedList(node, contents, texts_ == protocol::ValueTexts::kOlder ? ", " : ",") +
        "of type BS contains duplicates."));
  }

  static bool HasNull(const protocol::JsonNode& node) {
    for (const protocol::JsonNode element : node) {
      if (element.kind() == protocol::JsonKind::kNull) {
        return true;
      }
    }
    return false;
  }

  static std::vector<std::string_view> Texts(const protocol::JsonNode& node) {
    std::vector<std::string_view> texts;
    texts.reserve(node.size());
    for (const protocol::JsonNode element : node) {
      texts.push_back(element.text());
    }
    return texts;
  }

  // `["a", "a"]`; in older texts `[a, a]`.
  [[nodiscard]] std::string EchoedList(const protocol::JsonNode& node,
                                       const std::vector<std::string_view>& contents,
                                       std::string_view separator) const {
    const bool older = texts_ == protocol::ValueTexts::kOlder;
    const std::string_view quote = older ? "" : "\"";
    const std::vector<std::string_view> texts = Texts(node);
    std::string text = "[";
    for (const std::size_t index : older ? AsSent(contents.size()) : UpToRepeat(contents)) {
      if (text.size() > 1) {
        text += separator;
      }
      text.append(quote).append(texts[index]).append(quote);
    }
    return text + "]";
  }

  static std::vector<std::size_t> AsSent(std::size_t size) {
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
  }

  // The newer layer sorts the elements up to the first repeated one, and leaves the rest as sent.
  static std::vector<std::size_t> UpToRepeat(const std::vector<std::string_view>& contents) {
    std::vector<std::size_t> order = AsSent(contents.size());
    std::set<std::string_view> seen;
    std::size_t repeat = 0;
    while (repeat < contents.size() && seen.insert(contents[repeat]).second) {
      ++repeat;
    }
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(repeat),
              [&](std::size_t a, std::size_t b) { return contents[a] < contents[b]; });
    return order;
  }

  static Fault Duplicate(Fault fault) {
    fault->is_duplicate = true;
    return fault;
  }

  ValueWriter& writer_;
  const protocol::ValueTexts texts_;
  const NestingRule nesting_;
  Fault empty_name_;  // of a map, with older texts; kept for Told
  std::string scratch_;
};

// For an estimate of a text's size: how many bytes most values take in JSON for each byte of their
// packed form, and how many bytes come on top.
constexpr std::size_t kJsonPerByte = 2;
constexpr std::size_t kJsonOverhead = 64;

class AttributeWriter {
 public:
  AttributeWriter(std::string& out, std::size_t packed_size)
      : sink_(out, kJsonPerByte * packed_size + kJsonOverhead) {}

  void Attributes(MapView attributes) {
    char before = '{';
    for (const MapView::Entry entry : attributes) {
      sink_.Put(before);
      sink_.PutString(entry.name);
      sink_.Put(':');
      Any(entry.value);
      before = ',';
    }
    sink_.Put(before == '{' ? "{}" : "}");
  }

  void Any(Value value) {
    switch (value.type()) {
      case ValueType::kString:
        sink_.Put(R"({"S":)");
        sink_.PutString(value.bytes());
        break;
      case ValueType::kNumber:
        sink_.Put(R"({"N":)");
        sink_.PutNumber(value.bytes());
        break;
      case ValueType::kBinary:
        sink_.Put(R"({"B":)");
        sink_.PutBinary(value.bytes());
        break;
      case ValueType::kBool:
        sink_.Put(value.boolean() ? R"({"BOOL":true)" : R"({"BOOL":false)");
        break;
      case ValueType::kNull:
        sink_.Put(R"({"NULL":true)");
        break;
      case ValueType::kStringSet:
        sink_.Put(R"({"SS":)");
        List(value.set(), [this](std::string_view text) { sink_.PutString(text); });
        break;
      case ValueType::kNumberSet:
        sink_.Put(R"({"NS":)");
        List(value.set(), [this](std::string_view number) { sink_.PutNumber(number); });
        break;
      case ValueType::kBinarySet:
        sink_.Put(R"({"BS":)");
        List(value.set(), [this](std::string_view bytes) { sink_.PutBinary(bytes); });
        break;
      case ValueType::kList:
        sink_.Put(R"({"L":)");
        List(value.list(), [this](Value element) { Any(element); });
        break;
      case ValueType::kMap:
        sink_.Put(R"({"M":)");
        Attributes(value.map());
        break;
    }
    sink_.Put('}');
  }

 private:
  // A JSON array of what `put` writes for each element.
  template <class Elements, class PutElement>
  void List(const Elements& elements, const PutElement& put) {
    char before = '[';
    for (const auto element : elements) {
      sink_.Put(before);
      put(element);
      before = ',';
    }
    sink_.Put(before == '[' ? "[]" : "]");
  }

  protocol::JsonSink sink_;
};

}  // namespace

std::optional<ValueFault> DecodeAttributes(const protocol::JsonNode& node, ValueWriter& writer,
                                           protocol::ValueTexts texts) {
  return Decoder(writer, texts, NestingRule::kItem).Item(node);
}

std::optional<ValueFault> DecodeAttributeValue(const protocol::JsonNode& node, ValueWriter& writer,
                                               protocol::ValueTexts texts, NestingRule nesting) {
  return Decoder(writer, texts, nesting).Value(node);
}

std::optional<ValueFault> CheckAttributeName(std::string_view name) {
  if (name.empty()) {
    return ValueFault{"Empty attribute name", false};
  }
  if (name.size() > limits::kAttributeNameSize) {
    return ValueFault{"Attribute name is too large, must be less than 65536 bytes", false};
  }
  return std::nullopt;
}

std::optional<ValueFault> FindAttributesShapeFault(const protocol::JsonNode& node) {
  for (const protocol::JsonNode member : node) {
    if (Fault fault = FindShapeFault(member)) {
      return fault;
    }
  }
  return std::nullopt;
}

void AppendAttributeValue(Value value, std::string& out) {
  AttributeWriter(out, value.EncodedSize()).Any(value);
}

void AppendAttributes(MapView attributes, std::string& out) {
  AttributeWriter(out, attributes.contents().size()).Attributes(attributes);
}

}  // namespace weir::dynamodb
