// SPDX-License-Identifier: Apache-2.0
// Where a fault lies in a request, and the faults found so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api_error.h"

namespace weir::protocol {

// Echoes of values and of map keys are cut after this many bytes. An empty attribute value takes
// two characters in a request and about 150 in its echo, so a large request could ask for a far
// larger answer. Nobody has recorded where the service stops.
inline constexpr std::size_t kMaxEchoSize = std::size_t{64} * 1024;

// The place of a value in a request: a chain of paths to the root, on the stack of who walks over
// the request. Borrows its parent and its name.
class MemberPath {
 public:
  // The member of a structure; `parent` is nullptr at the root.
  MemberPath(const MemberPath* parent, std::string_view member) : parent_(parent), name_(member) {}
  // The element of a list, counted from one, as "transactItems.1.member".
  static MemberPath Element(const MemberPath& list, std::uint32_t number);
  // The value of a map, as "requestItems.<key>.member".
  static MemberPath Value(const MemberPath& map, std::string_view key);

  // Appends the path from the root as error texts of the older layer write it, in lower camel case.
  void AppendTo(std::string& out) const;

 private:
  const MemberPath* parent_;
  std::string_view name_;     // a member's name or a map's key
  std::uint32_t number_ = 0;  // of an element
  bool in_map_ = false;
};

// Appends the name with its first letter in lower case: "tableName", "sSESpecification".
void AppendLowerFirst(std::string_view name, std::string& out);

// "Value at 'Limit' failed to satisfy constraint: Member must have value greater than ...", as the
// newer layer words it. `rule` is what follows "Member must ".
[[nodiscard]] std::string UnechoedFault(std::string_view path, std::string_view rule);

// "Value 'x' at 'limit' failed to satisfy constraint: Member must ...", as the older layer words
// it. `rule` is what follows "constraint: ". `echo` is quoted; a string_view with a null pointer
// stands for a missing value.
[[nodiscard]] std::string EchoedFault(const MemberPath& path, std::string_view echo,
                                      std::string_view rule);

// Collects constraint faults up to the number that the service reports.
class FaultList {
 public:
  // dynalite's tests against the service show ten faults at most.
  static constexpr std::size_t kMaxFaults = 10;

  [[nodiscard]] bool empty() const { return faults_.empty(); }
  [[nodiscard]] bool full() const { return faults_.size() >= kMaxFaults; }
  [[nodiscard]] std::size_t size() const { return faults_.size(); }

  void Add(std::string fault);
  // Replaces all faults by one that the service reports without a count.
  void AddBare(std::string text);
  // Has the first fault alone reported, without a count.
  void MakeBare() { bare_ = true; }

  // The ValidationException that lists the faults. There must be at least one.
  [[nodiscard]] ApiError ToError() const;

 private:
  std::vector<std::string> faults_;
  bool bare_ = false;
};

}  // namespace weir::protocol
