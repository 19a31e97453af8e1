// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/tag_request.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/text.h"

namespace weir::lambda {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::MemberPath;

constexpr std::size_t kLongestKey = 128;
constexpr std::size_t kLongestValue = 256;
constexpr std::string_view kTagPattern = R"(([\p{L}\p{Z}\p{N}_.:/=+\-@]*))";

// The model's letters, separators and digits of all languages: here, all beyond ASCII.
bool IsTagText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    constexpr std::string_view kOthers = " _.:/=+-@";
    return static_cast<signed char>(c) < 0 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || kOthers.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::optional<Tags> ReadTags(MemberReader& members) {
  const std::optional<JsonNode> object = members.Object("Tags");
  if (!object.has_value()) {
    return std::nullopt;
  }
  Tags tags;
  bool keys_fit = true;
  bool values_fit = true;
  for (const JsonNode tag : *object) {
    if (tag.kind() != JsonKind::kString) {
      members.faults().AddSerialization("Unexpected field type");
      return std::nullopt;
    }
    keys_fit = keys_fit && !tag.key().empty() && Utf16Size(tag.key()) <= kLongestKey &&
               IsTagText(tag.key());
    values_fit = values_fit && Utf16Size(tag.text()) <= kLongestValue && IsTagText(tag.text());
    tags.insert_or_assign(std::string(tag.key()), std::string(tag.text()));
  }
  const MemberPath path = members.PathOf("Tags");
  const std::string pattern(kTagPattern);
  if (!keys_fit) {
    members.faults().Add(path, std::nullopt,
                         "Map keys must satisfy constraint: [Member must have length less than or "
                         "equal to 128, Member must have length greater than or equal to 1, Member "
                         "must satisfy regular expression pattern: " +
                             pattern + ", Member must not be null]");
  }
  if (!values_fit) {
    members.faults().Add(path, std::nullopt,
                         "Map value must satisfy constraint: [Member must have length less than or "
                         "equal to 256, Member must have length greater than or equal to 0, Member "
                         "must satisfy regular expression pattern: " +
                             pattern + ", Member must not be null]");
  }
  return tags;
}

LambdaStatus CheckTagCount(const Tags& tags) {
  return tags.size() <= kMostTags
             ? LambdaStatus()
             : LambdaStatus(InvalidParameterValue("Number of tags exceeds resource tag limit."));
}

}  // namespace weir::lambda
