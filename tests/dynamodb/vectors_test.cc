// SPDX-License-Identifier: Apache-2.0
// The cases of tests/vectors/errors.json, in the process. tests/wire/test_vectors.py runs the same
// file against a server.
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

// What "@70*x" in the file stands for: the character seventy times.
std::string WithRepetitions(const std::string& text) {
  static const std::regex repetition("@([0-9]+)\\*(.)");
  std::string expanded;
  auto copied = text.cbegin();
  for (std::sregex_iterator found(text.begin(), text.end(), repetition), end; found != end;
       ++found) {
    const std::smatch& match = *found;
    expanded.append(copied, match[0].first);
    expanded.append(std::stoul(match[1].str()), *match[2].first);
    copied = match[0].second;
  }
  return expanded.append(copied, text.cend());
}

// What "@T1" in the file stands for: the name of a table, as `TableName` may be.
std::string WithTableNames(const std::string& text) {
  return std::regex_replace(text, std::regex("@(T[0-9]+)\\b"), "vectors-$1");
}

// Keeps the order of members, which decides over which of two faults is reported.
using Vectors = nlohmann::ordered_json;

Vectors ReadVectors() {
  std::ifstream file(WEIR_VECTORS "/errors.json");
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return Vectors::parse(WithTableNames(WithRepetitions(text)));
}

}  // namespace

TEST_CASE_METHOD(DatabaseFixture, "Requests are refused as the vectors say") {
  const Vectors vectors = ReadVectors();
  for (const auto& [name, schema] : vectors.at("tables").items()) {
    Vectors request = schema;
    request["TableName"] = "vectors-" + name;
    Must("CreateTable", request.dump());
  }
  for (const auto& [name, group] : vectors.at("groups").items()) {
    for (const Vectors& test : group.at("cases")) {
      const auto operation = test.at("operation").get<std::string>();
      INFO(name << ": " << operation << " " << test.at("request").dump());
      const std::string expected =
          test.at("type").get<std::string>() + ": " + test.at("message").get<std::string>();
      const Answer answer = Run(operation, test.at("request").dump());
      CHECK(answer.error() == expected);
      CHECK(answer.at("/CancellationReasons") == Json(test.value("reasons", Vectors())));
    }
  }
  for (const auto& [name, schema] : vectors.at("tables").items()) {
    CHECK(Must("Scan", R"({"TableName": "vectors-)" + name + R"("})").at("Count") == 0);
  }
}

}  // namespace weir::testing
