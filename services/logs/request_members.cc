// SPDX-License-Identifier: Apache-2.0
#include "services/logs/request_members.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/text.h"

namespace weir::logs {
namespace {

// How many faults of a request are worded; a list can have one an element.
constexpr std::size_t kMostFaults = 10;
constexpr std::size_t kMostEchoed = 2048;

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Whether each character is a letter or digit of ASCII, or one of `others`.
bool HasOnly(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return IsAlphanumeric(c) || others.find(c) != std::string_view::npos;
  });
}

bool IsGroupName(std::string_view text) {
  return HasOnly(text, ".-_/#");
}
bool IsArn(std::string_view text) {
  return HasOnly(text, "_+=/:,.@-");
}
bool IsGroupIdentifier(std::string_view text) {
  return HasOnly(text, "_#+=/:,.@-");
}
bool IsStreamName(std::string_view text) {
  return text.find_first_of(":*") == std::string_view::npos;
}
// Letters, digits and spaces of other scripts are taken without looking.
bool IsTagText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    constexpr std::string_view kOthers = " _.:/=+-@";
    return static_cast<unsigned char>(c) >= 0x80 || IsAlphanumeric(c) ||
           kOthers.find(c) != std::string_view::npos;
  });
}

}  // namespace

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const TextRule kGroupName{1, 512, IsGroupName, R"([\.\-_/#A-Za-z0-9]+)"};
const TextRule kGroupPart{0, 512, IsGroupName, R"([\.\-_/#A-Za-z0-9]*)"};
const TextRule kGroupIdentifier{1, 2048, IsGroupIdentifier, R"([\w#+=/:,.@-]*)"};
const TextRule kStreamName{1, 512, IsStreamName, "[^:*]*"};
const TextRule kToken{1, 0, nullptr, {}};
const TextRule kFilterText{0, 1024, nullptr, {}};
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html
const TextRule kResourceArn{1, 1011, IsArn, R"([\w+=/:,.@-]*)"};
const TextRule kTagKey{1, 128, IsTagText, R"(^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$)"};
const TextRule kTagValue{0, 256, IsTagText, R"(^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$)"};
const TextRule kKmsKeyId{0, 256, nullptr, {}};

const nlohmann::json* RequestMembers::Find(const char* name) const {
  const auto found = body_.find(name);
  return found == body_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> RequestMembers::Text(const char* name, const TextRule& rule) {
  const nlohmann::json* const value = Find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_string()) {
    NoteType("a string");
    return std::nullopt;
  }
  const std::string& text = value->get_ref<const std::string&>();
  CheckText(text, name, rule);
  return text;
}

std::string RequestMembers::RequiredText(const char* name, const TextRule& rule) {
  if (Find(name) == nullptr) {
    NoteMissing(name);
  }
  return Text(name, rule).value_or("");
}

std::optional<std::int64_t> RequestMembers::Number(const char* name, const NumberRule& rule) {
  const nlohmann::json* const value = Find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  const bool too_large = value->is_number_unsigned() &&
                         value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  if (!value->is_number_integer() || too_large) {
    NoteType("an integer");
    return std::nullopt;
  }
  const auto number = value->get<std::int64_t>();
  if (number < rule.min) {
    Note(std::to_string(number), name,
         "Member must have value greater than or equal to " + std::to_string(rule.min));
  } else if (number > rule.max) {
    Note(std::to_string(number), name,
         "Member must have value less than or equal to " + std::to_string(rule.max));
  }
  return number;
}

bool RequestMembers::Boolean(const char* name, bool if_missing) {
  const nlohmann::json* const value = Find(name);
  if (value == nullptr) {
    return if_missing;
  }
  if (!value->is_boolean()) {
    NoteType("a boolean");
    return if_missing;
  }
  return value->get<bool>();
}

std::optional<std::map<std::string, std::string>> RequestMembers::TextMap(const char* name,
                                                                          std::size_t most) {
  const nlohmann::json* const value = Find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_object()) {
    NoteType("a map");
    return std::nullopt;
  }
  if (value->empty() || value->size() > most) {
    Note("{…}", name,
         value->empty() ? std::string("Member must have length greater than or equal to 1")
                        : "Member must have length less than or equal to " + std::to_string(most));
    return std::nullopt;
  }
  std::map<std::string, std::string> texts;
  for (const auto& [key, text] : value->items()) {
    if (!text.is_string()) {
      NoteType("a string");
      return std::nullopt;
    }
    CheckText(key, std::string(name) + ".key", kTagKey);
    CheckText(text.get_ref<const std::string&>(), std::string(name) + '.' + key + ".member",
              kTagValue);
    texts.emplace(key, text.get<std::string>());
  }
  return texts;
}

std::optional<std::vector<std::string>> RequestMembers::TextList(const char* name,
                                                                 const TextRule& rule,
                                                                 std::size_t most) {
  const nlohmann::json* const value = Find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_array()) {
    NoteType("a list");
    return std::nullopt;
  }
  if (value->size() > most) {
    Note("[…]", name, "Member must have length less than or equal to " + std::to_string(most));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const nlohmann::json& text : *value) {
    if (!text.is_string()) {
      NoteType("a string");
      return std::nullopt;
    }
    texts.push_back(text.get<std::string>());
    CheckText(texts.back(), std::string(name) + '.' + std::to_string(texts.size()) + ".member",
              rule);
  }
  return texts;
}

void RequestMembers::CheckText(const std::string& text, std::string_view name,
                               const TextRule& rule) {
  const std::size_t length = CodePoints(text);
  if (rule.has_pattern != nullptr && !rule.has_pattern(text)) {
    Note(text, name,
         "Member must satisfy regular expression pattern: " + std::string(rule.pattern));
  }
  if (length < rule.min) {
    Note(text, name,
         "Member must have length greater than or equal to " + std::to_string(rule.min));
  }
  if (rule.max != 0 && length > rule.max) {
    Note(text, name, "Member must have length less than or equal to " + std::to_string(rule.max));
  }
}

void RequestMembers::NoteMissing(std::string_view name) {
  faults_.push_back("Value null at '" + std::string(name) +
                    "' failed to satisfy constraint: Member must not be null");
}

void RequestMembers::Note(std::string_view value, std::string_view name,
                          std::string_view constraint) {
  if (faults_.size() < kMostFaults) {
    std::string fault = "Value '";
    fault.append(TruncateUtf8(value, kMostEchoed)).append("' at '").append(name);
    fault.append("' failed to satisfy constraint: ").append(constraint);
    faults_.push_back(std::move(fault));
  }
}

void RequestMembers::NoteType(std::string_view expected) {
  if (type_fault_.empty()) {
    type_fault_.append("Expected ").append(expected);
  }
}

LogsStatus RequestMembers::Check() const {
  if (!type_fault_.empty()) {
    return LogsError{LogsErrorCode::kSerialization, type_fault_};
  }
  if (faults_.empty()) {
    return {};
  }
  std::string text = std::to_string(faults_.size()) +
                     (faults_.size() == 1 ? " validation error" : " validation errors") +
                     " detected: ";
  for (const std::string& fault : faults_) {
    text.append(&fault == &faults_.front() ? "" : "; ").append(fault);
  }
  return InvalidParameter(std::move(text));
}

}  // namespace weir::logs
