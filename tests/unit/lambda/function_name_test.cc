// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/function_name.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::lambda {
namespace {

// The ARN, or the error's text.
std::string Read(std::string_view text, std::string_view qualifier = {},
                 NameKind kind = NameKind::kNamespaced) {
  const LambdaResult<FunctionName> name = ParseFunctionName(text, kind, qualifier, "eu-west-1");
  return name.ok() ? name.value().Arn() : name.error().message;
}

TEST_CASE("A function may be named in all forms of AWS", "[lambda][name]") {
  const std::string arn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";
  const std::vector<std::pair<std::string_view, std::string>> rows = {
      {"orders", arn},
      {"orders:live", arn + ":live"},
      {"orders:$LATEST", arn + ":$LATEST"},
      {"function:orders", arn},
      {"000000000000:function:orders", arn},
      {"000000000000:orders:7", arn + ":7"},
      {"eu-west-1:000000000000:function:orders", arn},
      {"arn:aws:lambda:eu-west-1:000000000000:function:orders", arn},
      {"arn:aws:lambda:eu-west-1:000000000000:function:orders:live", arn + ":live"},
      {"arn:aws-cn:lambda:eu-west-1:000000000000:function:orders", arn},
      {"arn:aws:lambda:us-gov-east-1:123456789012:function:a",
       "arn:aws:lambda:us-gov-east-1:123456789012:function:a"},
      {"arn:aws:lambda:local:000000000000:function:a",
       "arn:aws:lambda:local:000000000000:function:a"},
      {"function", "arn:aws:lambda:eu-west-1:000000000000:function:function"},
      {"function:function", "arn:aws:lambda:eu-west-1:000000000000:function:function"},
      {"000000000000", "arn:aws:lambda:eu-west-1:000000000000:function:000000000000"},
      {"a.b", "arn:aws:lambda:eu-west-1:000000000000:function:a.b"},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(Read(text) == expected);
  }
}

TEST_CASE("Texts that name no function are refused with AWS's pattern", "[lambda][name]") {
  for (const std::string text :
       {"", ":", "a:", ":a", "a:b:c", "a b", "arn:aws:lambda", "arn:aws:lambda:", "a:$OTHER",
        "arn:aws:s3:eu-west-1:000000000000:function:a", "a/b",
        "eu-west-1:", "arn:aws:lambda:eu-west-1:000000000000:function:a:b:c"}) {
    CAPTURE(text);
    CHECK(Read(text) ==
          "1 validation error detected: Value '" + text +
              "' at 'functionName' failed to satisfy constraint: Member must satisfy regular "
              "expression pattern: "
              R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-)"
              R"([a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+))"
              R"((:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?)");
  }
  CHECK(Read("a.b", {}, NameKind::kFunction).starts_with("1 validation error detected: "));
}

TEST_CASE("Lengths are limited", "[lambda][name]") {
  CHECK(Read(std::string(140, 'a'), {}, NameKind::kFunction).starts_with("arn:"));
  CHECK(Read(std::string(141, 'a'), {}, NameKind::kFunction) ==
        "1 validation error detected: Value '" + std::string(141, 'a') +
            "' at 'functionName' failed to satisfy constraint: Member must have length less than "
            "or equal to 140");
  CHECK(Read("a", std::string(129, 'q')) ==
        "1 validation error detected: Value '" + std::string(129, 'q') +
            "' at 'qualifier' failed to satisfy constraint: Member must have length less than or "
            "equal to 128");
}

TEST_CASE("The qualifier of the query must be that of the name", "[lambda][name]") {
  CHECK(Read("a", "live") == "arn:aws:lambda:eu-west-1:000000000000:function:a:live");
  CHECK(Read("a:live", "live") == "arn:aws:lambda:eu-west-1:000000000000:function:a:live");
  CHECK(Read("a:live", "1") ==
        "The derived qualifier from the function name does not match the specified qualifier.");
  CHECK(Read("a", "no/qualifier") ==
        R"(1 validation error detected: Value 'no/qualifier' at 'qualifier' failed to satisfy )"
        R"(constraint: Member must satisfy regular expression pattern: )"
        R"(\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)");
}

TEST_CASE("A new function's name has up to 64 characters and no qualifier", "[lambda][name]") {
  const auto read = [](std::string_view text) {
    const LambdaResult<FunctionName> name = ParseNewFunctionName(text, "eu-west-1");
    return name.ok() ? name.value().Arn() : name.error().message;
  };
  CHECK(read(std::string(64, 'a')).starts_with("arn:"));
  CHECK(read(std::string(65, 'a')) ==
        "1 validation error detected: Value '" + std::string(65, 'a') +
            "' at 'functionName' failed to satisfy constraint: Member must have length less than "
            "or equal to 64");
  CHECK(read("a:live").starts_with("1 validation error detected: Value 'a:live'"));
}

}  // namespace
}  // namespace weir::lambda
