// SPDX-License-Identifier: Apache-2.0
// FunctionName: the forms in which callers name a function.
//
//   name      := ["arn:" partition ":lambda:"] [region ":"] [account ":"] ["function:"] function
//                [":" qualifier]
//   qualifier := "$LATEST" | a version | an alias
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/lambda/errors.h"

namespace weir::lambda {

struct FunctionName {
  std::string name;       // "orders"
  std::string region;     // of the ARN; else of the request
  std::string account;    // of the ARN; else Weir's
  std::string qualifier;  // empty: none

  // arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]
  [[nodiscard]] std::string Arn() const;
};

// What an operation takes as a name: the service's model has two kinds of it.
enum class NameKind : std::uint8_t {
  kFunction,    // up to 140 characters
  kNamespaced,  // up to 256 characters, and dots
};

// Reads a name and, if it is not empty, the qualifier that the query gives. Fails with
// ValidationException for texts that are none, and with InvalidParameterValueException if the name
// has another qualifier.
LambdaResult<FunctionName> ParseFunctionName(std::string_view text, NameKind kind,
                                             std::string_view qualifier, std::string_view region);

// The name for a new function: without a qualifier, and of up to 64 characters.
LambdaResult<FunctionName> ParseNewFunctionName(std::string_view text, std::string_view region);

// ResourceNotFoundException `Function not found: <arn>[:<qualifier>]`.
LambdaError FunctionNotFound(const FunctionName& name);
// The same for a name of another region than that of the request.
LambdaError FunctionNotReachable(const FunctionName& name, std::string_view region);

// Letters, digits, `-` and `_`: what names of functions and aliases, and ids of statements are of.
bool IsWord(std::string_view text);
bool IsNumber(std::string_view text);  // digits
// A word, but not a number.
bool IsAliasName(std::string_view text);

inline constexpr std::string_view kAliasPattern = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)";

}  // namespace weir::lambda
