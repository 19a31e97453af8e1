// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/function_name.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/digits.h"
#include "core/result.h"
#include "core/text.h"
#include "protocol/check_fault.h"
#include "protocol/request_context.h"

namespace weir::lambda {
namespace {

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestFunction = 140;
constexpr std::size_t kLongestNamespaced = 256;
constexpr std::size_t kLongestQualifier = 128;
constexpr std::size_t kAccountSize = 12;
constexpr std::string_view kFunctionPattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?)"
    R"((\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?)";
constexpr std::string_view kNamespacedPattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?)"
    R"((\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?)";
constexpr std::string_view kQualifierPattern = R"(\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)";

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}

bool IsWordCharacter(char c) {
  return IsDigit(c) || IsLower(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

// A region of AWS, such as "eu-west-1" or "us-gov-east-1": words of small letters with hyphens, and
// a digit at the end. Stands for the model's expression in names that are no whole ARN.
bool IsAwsRegion(std::string_view text) {
  const std::size_t hyphen = text.rfind('-');
  return text.size() >= 6 && hyphen != std::string_view::npos && hyphen + 2 == text.size() &&
         IsDigit(text.back()) && text.find('-') != hyphen &&
         std::all_of(text.begin(), text.end() - 1, [](char c) { return IsLower(c) || c == '-'; });
}

bool IsPartition(std::string_view text) {
  return text.empty() ||
         (text.starts_with("aws") && std::all_of(text.begin(), text.end(), [](char c) {
            return IsWordCharacter(c) && !IsDigit(c);
          }));
}

bool IsQualifier(std::string_view text) {
  return text == "$LATEST" || text == "$LATEST.PUBLISHED" || IsWord(text);
}

std::vector<std::string_view> SplitAtColons(std::string_view text) {
  // "arn", partition, "lambda", region, account, "function", name, qualifier, and one too many.
  constexpr std::size_t kMostParts = 9;
  std::vector<std::string_view> parts;
  for (std::size_t colon = 0; colon != std::string_view::npos && parts.size() < kMostParts;) {
    colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    text.remove_prefix(std::min(colon, text.size() - 1) + 1);
  }
  return parts;
}

bool IsFunctionPart(std::string_view text, NameKind kind) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [kind](char c) {
    return IsWordCharacter(c) || (c == '.' && kind == NameKind::kNamespaced);
  });
}

// Reads the grammar of the header; nullopt for text of another form.
std::optional<FunctionName> Read(std::string_view text, NameKind kind) {
  if (text.empty()) {
    return std::nullopt;
  }
  const std::vector<std::string_view> parts = SplitAtColons(text);
  FunctionName name;
  std::size_t next = 0;
  // Whether there is a part `next` with something after it.
  const auto leads = [&] { return next + 1 < parts.size(); };
  const bool is_arn = parts.size() > 3 && parts[0] == "arn" && parts[2] == "lambda";
  if (is_arn) {
    if (!IsPartition(parts[1])) {
      return std::nullopt;
    }
    next = 3;
  }
  // An ARN of Weir may have a region that AWS does not have.
  if (leads() &&
      (IsAwsRegion(parts[next]) || (is_arn && IsWord(parts[next]) && parts.size() > next + 3))) {
    name.region = parts[next++];
  }
  if (leads() && parts[next].size() == kAccountSize && IsNumber(parts[next])) {
    name.account = parts[next++];
  }
  if (leads() && parts[next] == "function") {
    ++next;
  }
  if (!IsFunctionPart(parts[next], kind) || next + 2 < parts.size()) {
    return std::nullopt;
  }
  name.name = parts[next];
  if (leads()) {
    if (!IsQualifier(parts[next + 1])) {
      return std::nullopt;
    }
    name.qualifier = parts[next + 1];
  }
  return name;
}

std::string Fault(std::string_view member, std::string_view value, std::string_view rule) {
  // What a path or a query says need not be UTF-8.
  return protocol::EchoedFault(protocol::MemberPath(nullptr, member),
                               Excerpt(value, protocol::kMaxEchoSize),
                               std::string("Member must ") + std::string(rule));
}

void CheckLength(std::string_view member, std::string_view value, std::size_t most,
                 protocol::FaultList& faults) {
  if (value.size() > most) {
    faults.Add(Fault(member, value, "have length less than or equal to " + std::to_string(most)));
  }
}

}  // namespace

std::string FunctionName::Arn() const {
  return "arn:aws:lambda:" + region + ":" + account + ":function:" + name +
         (qualifier.empty() ? "" : ":" + qualifier);
}

LambdaResult<FunctionName> ParseFunctionName(std::string_view text, NameKind kind,
                                             std::string_view qualifier, std::string_view region) {
  const bool namespaced = kind == NameKind::kNamespaced;
  std::optional<FunctionName> name = Read(text, kind);
  protocol::FaultList faults;
  CheckLength("functionName", text, namespaced ? kLongestNamespaced : kLongestFunction, faults);
  if (!name.has_value()) {
    faults.Add(Fault("functionName", text,
                     "satisfy regular expression pattern: " +
                         std::string(namespaced ? kNamespacedPattern : kFunctionPattern)));
  }
  CheckLength("qualifier", qualifier, kLongestQualifier, faults);
  const bool is_word_or_dollar = std::all_of(qualifier.begin(), qualifier.end(),
                                             [](char c) { return IsWordCharacter(c) || c == '$'; });
  if (!is_word_or_dollar && qualifier != "$LATEST.PUBLISHED") {
    faults.Add(Fault("qualifier", qualifier,
                     "satisfy regular expression pattern: " + std::string(kQualifierPattern)));
  }
  if (!faults.empty()) {
    return MakeLambdaError(LambdaErrorCode::kValidation, faults.ToError().message);
  }
  if (!name->qualifier.empty() && !qualifier.empty() && name->qualifier != qualifier) {
    return InvalidParameterValue(
        "The derived qualifier from the function name does not match the specified qualifier.");
  }
  name->qualifier = name->qualifier.empty() ? std::string(qualifier) : name->qualifier;
  name->region = name->region.empty() ? std::string(region) : name->region;
  name->account = name->account.empty() ? std::string(protocol::kAccount) : name->account;
  return *std::move(name);
}

LambdaResult<FunctionName> ParseNewFunctionName(std::string_view text, std::string_view region) {
  WEIR_ASSIGN_OR_RETURN(FunctionName name,
                        ParseFunctionName(text, NameKind::kFunction, {}, region));
  protocol::FaultList faults;
  CheckLength("functionName", name.name, kLongestName, faults);
  if (!faults.empty()) {
    return InvalidParameterValue(faults.ToError().message);
  }
  if (!name.qualifier.empty()) {
    faults.Add(Fault("functionName", text,
                     "satisfy regular expression pattern: " + std::string(kFunctionPattern)));
    return MakeLambdaError(LambdaErrorCode::kValidation, faults.ToError().message);
  }
  return name;
}

LambdaError FunctionNotFound(const FunctionName& name) {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound, "Function not found: " + name.Arn());
}

LambdaError FunctionNotReachable(const FunctionName& name, std::string_view region) {
  std::string text = "Functions from '" + name.region + "' are not reachable in this region ('";
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound, text.append(region).append("')"));
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsWordCharacter);
}

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

bool IsAliasName(std::string_view text) {
  return IsWord(text) && !IsNumber(text);
}

}  // namespace weir::lambda
