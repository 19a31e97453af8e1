// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/request_binding.h"

#include <charconv>
#include <cmath>
#include <system_error>
#include <unordered_map>

#include "protocol/check_types.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/wire/policy_document.h"

namespace weir::dynamodb {
namespace {

// How many digits of a number's text come after its decimal point, less its exponent.
std::int64_t ScaleOf(std::string_view number) {
  const std::size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  const std::size_t point = std::min(number.find('.'), exponent_at);
  const auto fraction = static_cast<std::int64_t>(exponent_at - std::min(point + 1, exponent_at));
  std::string_view digits = number.substr(std::min(exponent_at + 1, number.size()));
  if (digits.starts_with('+')) {
    digits.remove_prefix(1);
  }
  std::int64_t exponent = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  return fraction - exponent;
}

// Appends the scales of the numbers and number sets in a list of values, each with a comma.
void AppendScales(const protocol::JsonNode& values, std::string& scales) {
  for (const protocol::JsonNode value : values) {
    if (value.kind() != protocol::JsonKind::kObject) {
      continue;
    }
    if (const std::optional<protocol::JsonNode> number = value.Find("N")) {
      scales.append(std::to_string(ScaleOf(number->text()))).push_back(',');
    }
    if (const std::optional<protocol::JsonNode> numbers = value.Find("NS")) {
      for (const protocol::JsonNode number : *numbers) {
        scales.append(std::to_string(ScaleOf(number.text()))).push_back(',');
      }
    }
  }
}

// Whether the exponent of a number, as the client wrote it, does not fit into 32 bits.
bool HasHugeExponent(std::string_view number) {
  const std::size_t mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) {
    return false;
  }
  std::string_view exponent = number.substr(mark + 1);
  if (exponent.starts_with('+')) {
    exponent.remove_prefix(1);
  }
  std::int32_t value = 0;
  return std::from_chars(exponent.data(), exponent.data() + exponent.size(), value).ec ==
         std::errc::result_out_of_range;
}

// The first number in attribute values whose exponent is huge, or nullopt.
std::optional<std::string_view> FindHugeExponent(const protocol::JsonNode& node) {
  if (node.kind() == protocol::JsonKind::kString) {
    return HasHugeExponent(node.text()) ? std::optional(node.text()) : std::nullopt;
  }
  for (const protocol::JsonNode child : node) {
    // A string in an array is an element of an NS, since the arrays of SS and BS are skipped.
    const bool holds_none = child.kind() == protocol::JsonKind::kString
                                ? node.kind() != protocol::JsonKind::kArray && child.key() != "N"
                                : child.kind() == protocol::JsonKind::kArray &&
                                      (child.key() == "SS" || child.key() == "BS");
    if (holds_none) {
      continue;
    }
    if (const std::optional<std::string_view> found = FindHugeExponent(child)) {
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace

const protocol::Shape* RequestBinder::MemberShape(const protocol::Shape& shape,
                                                  std::string_view name) {
  const auto found =
      std::find_if(shape.members.begin(), shape.members.end(),
                   [&](const protocol::ShapeMember& member) { return member.name == name; });
  return found == shape.members.end() ? nullptr : found->shape;
}

Status RequestBinder::RefuseOthers(const protocol::JsonNode& node, const protocol::Shape& shape,
                                   const std::vector<std::string_view>& names) {
  for (const protocol::JsonNode member : node) {
    if (member.kind() != protocol::JsonKind::kNull &&
        std::find(names.begin(), names.end(), member.key()) == names.end() &&
        MemberShape(shape, member.key()) != nullptr) {
      return NotSupported(member.key());
    }
  }
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           std::string& member) {
  member = node.text();
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& shape,
                           std::int64_t& member) {
  member =
      shape.kind == protocol::ShapeKind::kInteger ? protocol::ReadInteger(node) : node.integer();
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           bool& member) {
  member = protocol::ReadBoolean(node).value_or(false);
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           Timestamp& member) {
  // Seconds with decimals, which the service reads to the millisecond. Times that are too far from
  // 1970 are clamped, so that they fit into `member`.
  constexpr double kMaxSeconds = 253'402'300'799.0;  // 9999-12-31T23:59:59Z
  const double seconds = std::clamp(node.decimal(), -kMaxSeconds, kMaxSeconds);
  member.time = std::chrono::milliseconds(std::llround(seconds * 1000.0));
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           NameMap& member) {
  for (const protocol::JsonNode entry : MapEntries(node)) {
    member.emplace_back(entry.key(), entry.text());
  }
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& /*node*/, const protocol::Shape& /*shape*/,
                           Presence& /*member*/) {
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           PolicyDocument& member) {
  member = ReadPolicyDocument(node.text());
  return {};
}

std::vector<protocol::JsonNode> RequestBinder::MapEntries(const protocol::JsonNode& node) {
  // Up to this many entries a name is searched for one by one. More take a hash map, since a body
  // may have a million.
  constexpr std::size_t kScanned = 16;
  std::vector<protocol::JsonNode> entries;
  entries.reserve(node.size());
  std::unordered_map<std::string_view, std::size_t> places;
  for (const protocol::JsonNode entry : node) {
    std::size_t place = entries.size();
    if (node.size() > kScanned) {
      place = places.try_emplace(entry.key(), place).first->second;
    } else {
      const auto same =
          std::find_if(entries.begin(), entries.end(),
                       [&](const protocol::JsonNode& other) { return other.key() == entry.key(); });
      place = static_cast<std::size_t>(same - entries.begin());
    }
    if (place == entries.size()) {
      entries.push_back(entry);
    } else {
      entries[place] = entry;
    }
  }
  std::erase_if(entries, [](const protocol::JsonNode& entry) {
    return entry.kind() == protocol::JsonKind::kNull;
  });
  return entries;
}

ApiError RequestBinder::ErrorOf(const ValueFault& fault) const {
  ApiError error = ValidationError(fault.message);
  error.bare = IsBare(fault);
  return error;
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           Item& member) {
  writer_.BeginItem();
  std::optional<ValueFault> fault = DecodeAttributes(node, writer_, wording_.value_texts);
  if (!fault.has_value()) {
    member = writer_.FinishItem();
  } else if (fault->is_shape) {
    return ErrorOf(*fault);
  } else if (!value_fault_.has_value()) {
    value_fault_ = ErrorOf(*fault);
  }
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           CheckedItem& member) {
  writer_.BeginItem();
  if (const std::optional<ValueFault> fault =
          DecodeAttributes(node, writer_, wording_.value_texts)) {
    member.fault = ErrorOf(*fault);
  } else {
    member.item = writer_.FinishItem();
  }
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           StartKey& member) {
  writer_.BeginItem();
  if (const std::optional<ValueFault> fault =
          DecodeAttributes(node, writer_, wording_.value_texts)) {
    return ValidationError(fault->is_duplicate
                               ? fault->message
                               : "The provided starting key is invalid: " + fault->message);
  }
  member.key = writer_.FinishItem();
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           ExpressionValues& member) {
  writer_.BeginItem();
  for (const protocol::JsonNode entry : node) {
    writer_.Name(entry.key());
    std::optional<ValueFault> fault =
        DecodeAttributeValue(entry, writer_, wording_.value_texts, wording_.expression_values);
    if (!fault.has_value()) {
      continue;
    }
    const bool bare = IsBare(*fault);
    if ((fault->is_empty_set && wording_.names_empty_sets) ||
        (bare && wording_.names_faulty_values)) {
      fault->message = "ExpressionAttributeValues contains invalid value: " + fault->message +
                       " for key " + std::string(entry.key());
    }
    member.fault = ValidationError(std::move(fault->message));
    member.fault->bare = bare;
    return {};
  }
  member.values = writer_.FinishItem();
  return {};
}

Status RequestBinder::Read(const protocol::JsonNode& node, const protocol::Shape& /*shape*/,
                           StatementParameters& member) {
  // An exponent that PutItem reports as an overflow is, in a statement, not a number.
  if (const std::optional<std::string_view> number = FindHugeExponent(node)) {
    member.fault = ValidationError("The parameter cannot be converted to a numeric value: " +
                                   std::string(*number));
    return {};
  }
  member.fault = legacy_.ReadValues(node, NestingRule::kOperand, member.values);
  if (!member.fault.has_value()) {
    AppendScales(node, member.scales);
  }
  return {};
}

}  // namespace weir::dynamodb
