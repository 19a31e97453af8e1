// SPDX-License-Identifier: Apache-2.0
// RequestMembers: reads the members of a request, and words what is wrong with them as AWS does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/logs/errors.h"

namespace weir::logs {

// What the service's model says of a text: its length in characters, and its characters.
struct TextRule {
  std::size_t min = 0;
  std::size_t max = 0;                              // 0: no limit
  bool (*has_pattern)(std::string_view) = nullptr;  // null: any characters
  std::string_view pattern = {};                    // as error texts quote it
};
extern const TextRule kGroupName;        // [\.\-_/#A-Za-z0-9]+
extern const TextRule kGroupPart;        // of a name, perhaps empty
extern const TextRule kGroupIdentifier;  // a name or an ARN
extern const TextRule kStreamName;       // [^:*]*
extern const TextRule kToken;
extern const TextRule kFilterText;
extern const TextRule kResourceArn;
extern const TextRule kTagKey;
extern const TextRule kTagValue;
extern const TextRule kKmsKeyId;

// The bounds of a number.
struct NumberRule {
  std::int64_t min = 0;
  std::int64_t max = INT64_MAX;
};

// Each reader returns what the request has, and notes what is wrong with it; Check then answers the
// first value of a wrong type, or else all other faults together. Null is the same as a missing
// member. For one request on one thread.
class RequestMembers {
 public:
  // `body` must be an object, and outlive it.
  explicit RequestMembers(const nlohmann::json& body) : body_(body) {}

  std::optional<std::string> Text(const char* name, const TextRule& rule);
  // Notes also that the member is missing; empty then.
  std::string RequiredText(const char* name, const TextRule& rule);
  std::optional<std::int64_t> Number(const char* name, const NumberRule& rule = {});
  bool Boolean(const char* name, bool if_missing = false);
  // An object of texts, of which it takes `most` at most.
  std::optional<std::map<std::string, std::string>> TextMap(const char* name, std::size_t most);
  std::optional<std::vector<std::string>> TextList(const char* name, const TextRule& rule,
                                                   std::size_t most);
  // The value itself if it is there.
  const nlohmann::json* Find(const char* name) const;

  void NoteMissing(std::string_view name);
  void Note(std::string_view value, std::string_view name, std::string_view constraint);
  void NoteType(std::string_view expected);

  // SerializationException, or InvalidParameterException
  // `2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: …; …`.
  [[nodiscard]] LogsStatus Check() const;

 private:
  void CheckText(const std::string& text, std::string_view name, const TextRule& rule);

  const nlohmann::json& body_;
  std::vector<std::string> faults_;
  std::string type_fault_;
};

}  // namespace weir::logs
