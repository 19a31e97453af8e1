// SPDX-License-Identifier: Apache-2.0
#include "expression/syntax_cache.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "expression/condition.h"
#include "expression/placeholders.h"
#include "expression/update.h"
#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

// How often the thread has read a text that it did not find in the cache.
thread_local int reads = 0;

// Reads any text but "bad". The syntax has one root for each character.
Result<Syntax> Read(Faults faults, std::string_view text) {
  ++reads;
  if (text == "bad") {
    return faults.Make("bad");
  }
  Syntax syntax;
  syntax.roots.resize(text.size());
  return syntax;
}

std::size_t RootsOf(const std::string& text, ExpressionKind kind = ExpressionKind::kFilter) {
  const Result<SyntaxView> syntax = SyntaxOf(Faults(kind), text, Read);
  return syntax.ok() ? syntax.value().roots().size() : 0;
}

// Runs `body` on a new thread, whose cache is empty and which no other test uses. The caller must
// make the checks that may fail, since Catch2 takes them from one thread only.
template <class Body>
void OnNewThread(Body body) {
  std::thread(body).join();
}

TEST_CASE("A text is read once, and once more for another kind of expression", "[expression]") {
  std::vector<int> seen;
  OnNewThread([&] {
    for (int i = 0; i < 3; ++i) {
      RootsOf("once and again");
      seen.push_back(reads);
    }
    RootsOf("once and again", ExpressionKind::kCondition);
    seen.push_back(reads);
    RootsOf("once and again");
    seen.push_back(reads);
  });
  CHECK(seen == std::vector<int>{1, 1, 1, 2, 2});
}

TEST_CASE("A refused text is refused again, each time in the words of its parameter",
          "[expression]") {
  for (const auto& [kind, prefix] :
       {std::pair(ExpressionKind::kFilter, "Invalid FilterExpression: "),
        std::pair(ExpressionKind::kUpdate, "Invalid UpdateExpression: ")}) {
    for (int i = 0; i < 2; ++i) {
      const Result<SyntaxView> syntax = SyntaxOf(Faults(kind), "bad", Read);
      REQUIRE_FALSE(syntax.ok());
      CHECK(syntax.error().message == std::string(prefix) + "bad");
    }
  }
}

TEST_CASE("However many texts there are, each gets its own syntax", "[expression]") {
  std::vector<std::size_t> wrong;
  int read = 0;
  OnNewThread([&] {
    for (int round = 0; round < 3; ++round) {
      for (std::size_t size = 1; size <= 2000; ++size) {
        if (RootsOf(std::string(size, 'x')) != size) {
          wrong.push_back(size);
        }
      }
    }
    read = reads;
  });
  CHECK(wrong.empty());
  // The cache is bounded: of 2,000 texts, most are read again in each round.
  CHECK(read > 5000);
  CHECK(read <= 6000);
}

TEST_CASE("Each thread keeps its own", "[expression]") {
  constexpr int kThreads = 4;
  std::vector<int> wrong(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&wrong, i] {
      for (std::size_t round = 0; round < 2000; ++round) {
        const std::size_t size = 1 + (round + i) % 100;
        wrong[i] += RootsOf(std::string(size, 'x')) == size ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(wrong == std::vector<int>(kThreads));
}

TEST_CASE("A kept text fails in the words of the layer that asks", "[expression]") {
  const Item values = Parse("{:t=true}");
  for (const auto& [layer, type] :
       {std::pair(TextLayer::kNewer, "BOOL"), std::pair(TextLayer::kOlder, "BOOLEAN"),
        std::pair(TextLayer::kNewer, "BOOL")}) {
    Placeholders placeholders(std::nullopt, values.attributes(), layer);
    const Result<Update> update = Update::Parse("ADD a :t", placeholders);
    REQUIRE_FALSE(update.ok());
    CHECK_THAT(update.error().message,
               Catch::Contains(std::string("operand type: ") + type + ", typeSet: "));
  }
}

TEST_CASE("A kept syntax has the names and values of each request for itself", "[expression]") {
  const std::vector<std::string> attributes = {"first", "second", "first"};
  for (const std::string& attribute : attributes) {
    // Each request uses its own names and values, not those of the request before.
    const std::string text = "#a = :v AND attribute_exists(rest)";
    const std::vector<std::pair<std::string, std::string>> names = {{"#a", attribute}};
    const Item values = Parse(attribute == "first" ? "{:v=1}" : "{:v='text'}");
    Placeholders placeholders{Placeholders::NameList(names), values.attributes()};
    const Result<Condition> condition =
        Condition::Parse(ConditionKind::kCondition, text, placeholders);
    REQUIRE(condition.ok());
    const bool is_first = attribute == "first";
    CHECK(condition.value().Evaluate(Parse("{first=1 rest=0}").attributes()) == is_first);
    CHECK(condition.value().Evaluate(Parse("{rest=0 second='text'}").attributes()) != is_first);
    CHECK(placeholders.CheckUnused().ok());
  }
  Placeholders none;
  const Result<Condition> refused =
      Condition::Parse(ConditionKind::kCondition, "#a = :v AND attribute_exists(rest)", none);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "Invalid ConditionExpression: An expression attribute name used in the document path is "
        "not defined; attribute name: #a");
}

}  // namespace
}  // namespace weir::expression
