// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/policy_document.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

using Row = std::pair<std::string, std::string>;

std::string Statement(const std::string& members) {
  return R"({"Version":"2012-10-17","Statement":[{)" + members + "}]}";
}

std::string Fault(const std::string& text) {
  const PolicyDocument document = ReadPolicyDocument(text);
  return document.fault.has_value() ? document.fault->message : "none";
}

TEST_CASE("A policy is given back in its normal form", "[protocol][policy]") {
  const std::string rest = R"("Action":"dynamodb:GetItem","Resource":"arn:x")";
  const std::vector<Row> rows = {
      // blanks, the order of members, lists of one, the name of an account
      {R"({ "Statement" : [ { "Resource": ["arn:x"], "Action": ["dynamodb:GetItem"],
            "Principal": {"AWS": ["123456789012"]}, "Effect": "Allow", "Sid": "a" } ],
            "Version": "2012-10-17" })",
       R"({"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow",)"
       R"("Principal":{"AWS":"arn:aws:iam::123456789012:root"},)" +
           rest + "}]}"},
      // one statement without its list, and no version
      {R"({"Statement":{"Effect":"deny","Principal":{"AWS":["b","a"]},)" + rest + "}}",
       R"({"Version":"2008-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":["b","a"]},)" +
           rest + "}]}"},
      // conditions stay as they are
      {Statement(R"("Condition":{"Bool":{"aws:x":true}},"Principal":"*","Effect":"Allow",)" + rest),
       R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",)" + rest +
           R"(,"Condition":{"Bool":{"aws:x":true}}}]})"},
  };
  for (const auto& [text, normal] : rows) {
    CAPTURE(text);
    const PolicyDocument document = ReadPolicyDocument(text);
    CHECK_FALSE(document.fault.has_value());
    CHECK_FALSE(document.locks_out);
    CHECK(document.text == normal);
    CHECK(ReadPolicyDocument(normal).text == normal);
  }
}

TEST_CASE("Faults of a policy", "[protocol][policy]") {
  const std::string invalid =
      "One or more parameter values were invalid: Invalid policy document: ";
  const std::string allow = R"("Effect":"Allow","Principal":{"AWS":"x"})";
  const std::vector<Row> rows = {
      {"", "This policy contains invalid Json"},
      {"no json", "This policy contains invalid Json"},
      {"[]", "This policy contains invalid Json"},
      {"5", "This policy contains invalid Json"},
      {"null", "This text appears not to be a policy"},
      {"{}", "Syntax error at position (1,3)"},
      {R"({"Version":"2012-10-17"})", "Missing required field Statement"},
      {R"({"Statement":[]})", "Could not parse the policy: Statement is empty!"},
      {R"({"Statement":"x"})", "This policy contains invalid Json"},
      {R"({"Statement":[5]})", "Missing required field Effect"},
      {Statement(""), "Missing required field Effect"},
      {Statement(R"("Effect":"Maybe")"), "Invalid effect: Maybe"},
      {Statement(R"("Effect":5)"), "Invalid effect: "},
      {Statement(R"("Effect":"Allow")"), "Missing required field Principal"},
      {Statement(allow), "Missing required field Action"},
      {Statement(allow + R"(,"Action":"a")"), "Missing required field Resource"},
      {std::string(100, '[') + std::string(100, ']'), "This policy contains invalid Json"},
      {std::string(5000, '['), "This policy contains invalid Json"},
  };
  for (const auto& [text, reason] : rows) {
    CAPTURE(text);
    CHECK(Fault(text) == invalid + reason);
  }
  const std::string whole = "{" + allow + R"(,"Sid":"s","Action":"a","Resource":"r"})";
  CHECK(Fault(R"({"Statement":[)" + whole + "," + whole + "]}") ==
        invalid + "The Statement Ids in the policy are not unique");
  CHECK(Fault(std::string(limits::kResourcePolicySize + 1, ' ')) ==
        "One or more parameter values were invalid: Maximum policy size of 20480 bytes exceeded");
}

TEST_CASE("A policy for everybody", "[protocol][policy]") {
  const std::string rest = R"(,"Resource":"r")";
  for (const std::string principal : {R"("*")", R"({"AWS":"*"})", R"({"AWS":["x","*"]})"}) {
    CAPTURE(principal);
    const std::string granted = principal + rest;
    CHECK(Fault(Statement(R"("Effect":"Allow","Action":"a","Principal":)" + granted))
              .starts_with("Resource-based policy grants unbounded access"));
    const std::string deny = R"("Effect":"Deny","Principal":)" + granted;
    CHECK(ReadPolicyDocument(Statement(deny + R"(,"Action":"dynamodb:*")")).locks_out);
    CHECK(ReadPolicyDocument(Statement(deny + R"(,"Action":["dynamodb:putResourcePolicy"])"))
              .locks_out);
    CHECK_FALSE(ReadPolicyDocument(Statement(deny + R"(,"Action":"dynamodb:GetItem")")).locks_out);
  }
}

}  // namespace
}  // namespace weir::dynamodb
