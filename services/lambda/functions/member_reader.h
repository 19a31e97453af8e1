// SPDX-License-Identifier: Apache-2.0
// MemberReader: reads the members of a request, and collects what is wrong with them.
//
//   RequestFaults faults;
//   MemberReader members(tree.root(), faults);
//   const std::optional<std::string_view> name = members.Text("Name", {.min = 1, .max = 128});
//   WEIR_RETURN_IF_ERROR(faults.ToStatus());
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/check_fault.h"
#include "protocol/json_tree.h"
#include "protocol/rest_routes.h"
#include "services/lambda/errors.h"

namespace weir::lambda {

// What is wrong with a request, so far.
class RequestFaults {
 public:
  // A value of a wrong type. The first is answered alone.
  void AddSerialization(std::string text);
  // A broken limit: `rule` is what follows "failed to satisfy constraint: ". With `echo` nullopt,
  // the value is a secret.
  void Add(const protocol::MemberPath& path, std::optional<std::string_view> echo,
           std::string_view rule);
  void AddMissing(const protocol::MemberPath& path);

  // SerializationException, or the ValidationException that lists all broken limits.
  [[nodiscard]] LambdaStatus ToStatus() const;

 private:
  std::optional<std::string> serialization_;
  protocol::FaultList list_;
};

// The limits of a text. Its length is counted as Java counts it.
struct TextLimits {
  std::size_t min = 0;
  std::size_t max = std::numeric_limits<std::size_t>::max();
  bool (*matches)(std::string_view text) = nullptr;
  std::string_view pattern = {};                  // what `matches` stands for
  std::span<const std::string_view> values = {};  // of an enum
};

// Reads the members of one object. What it returns is nullopt for members that are missing or null,
// and for those of a wrong type. A broken limit is a fault, but the value is returned. Not
// thread-safe; `faults`, `path` and the tree must outlive it.
class MemberReader {
 public:
  // An `object` that is none is a fault. `path` is nullptr at the root.
  MemberReader(protocol::JsonNode object, RequestFaults& faults,
               const protocol::MemberPath* path = nullptr);

  std::optional<std::string_view> Text(std::string_view name, const TextLimits& limits = {});
  std::optional<std::int64_t> Integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<bool> Boolean(std::string_view name);
  std::optional<protocol::JsonNode> Object(std::string_view name);
  std::optional<protocol::JsonNode> Array(std::string_view name);
  // A member that is missing is a fault.
  void Require(std::string_view name);

  // The path of a member, for a reader of what is in it.
  [[nodiscard]] protocol::MemberPath PathOf(std::string_view name) const { return {path_, name}; }
  [[nodiscard]] RequestFaults& faults() const { return faults_; }

 private:
  [[nodiscard]] std::optional<protocol::JsonNode> Find(std::string_view name) const;

  const protocol::JsonNode object_;
  const bool is_object_;
  RequestFaults& faults_;
  const protocol::MemberPath* const path_;
};

// Checks the limits of a text that does not come from a body.
void CheckText(const protocol::MemberPath& path, std::string_view text, const TextLimits& limits,
               RequestFaults& faults);

// An integer of the query; nullopt if it is missing.
std::optional<std::int64_t> ReadQueryInteger(const protocol::RestCall& call, std::string_view name,
                                             std::int64_t max, RequestFaults& faults);

// The body of a request; fails with SerializationException if it is not JSON. An empty body is {}.
LambdaResult<protocol::JsonTree> ParseBody(const protocol::RestCall& call);

}  // namespace weir::lambda
