// SPDX-License-Identifier: Apache-2.0
// What many of the operations do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/lambda/errors.h"
#include "services/lambda/functions/function.h"
#include "services/lambda/functions/function_json.h"
#include "services/lambda/functions/function_name.h"
#include "services/lambda/functions/operations.h"

namespace weir::lambda {

inline constexpr unsigned kOk = 200;
inline constexpr unsigned kCreated = 201;
inline constexpr unsigned kNoContent = 204;

// Refuses names of another account, and of another region than the caller's and that in which the
// function was created.
LambdaStatus CheckReach(const Operation& operation, const FunctionName& name);

// The name in the path, with the qualifier of the query, if it is within reach.
LambdaResult<FunctionName> NameOf(const Operation& operation, NameKind kind);

// The function with that name, whatever its qualifier. Fails with FunctionNotFound(name).
LambdaResult<FunctionPtr> FindFunction(const Operation& operation, const FunctionName& name);
// Both.
LambdaResult<FunctionPtr> NamedFunction(const Operation& operation, NameKind kind);

// The version of a function that a qualifier leads to; nullptr if it is none. An alias with weights
// leads to its first version.
struct NamedVersion {
  std::string version;
  const Configuration* configuration = nullptr;
};
NamedVersion FindVersion(const Function& function, std::string_view qualifier);

// A page of a list whose items come in the order of their keys:
//
//   WEIR_ASSIGN_OR_RETURN(Page page, Page::Of(operation, kMostListed));
//   for (…) {
//     if (page.Takes(key)) { … }
//   }
//   page.AddMarker(json);
class Page {
 public:
  // Reads Marker and MaxItems, which may be up to `max_items`.
  static LambdaResult<Page> Of(const Operation& operation, std::int64_t max_items);
  // Whether the item with that key is on the page.
  bool Takes(std::string_view key);
  // Adds NextMarker if there are more items.
  void AddMarker(Json& json) const;

 private:
  Page(std::string after, std::size_t room) : last_(std::move(after)), room_(room) {}
  std::string last_;  // the key of the last item on this page, or on those before
  std::size_t room_;
  bool more_ = false;
};
// A version's key: 0 is $LATEST, which comes first.
std::string VersionOrder(std::uint64_t number);
// https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
inline constexpr std::int64_t kMaxItems = 10'000;

// Answers nothing.
LambdaStatus AnswerNothing(const Operation& operation);

}  // namespace weir::lambda
