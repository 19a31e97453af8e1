// SPDX-License-Identifier: Apache-2.0
// No request makes Weir recurse without a bound: even the deepest nesting that fits into a body is
// answered on a small stack.
#include <pthread.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

constexpr std::size_t kLevels = 100'000;

// clang shows its sanitizers by a feature, g++ by macros.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_LARGE_FRAMES
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WEIR_LARGE_FRAMES
#endif

// Half of the stack of a server's thread (core/memory.cc). AddressSanitizer makes the stack that
// the deepest expression needs many times as large (measured with g++: between 0.5 and 0.75 MB
// without it, between 4 and 6 MB with it).
#if defined(WEIR_LARGE_FRAMES)
constexpr std::size_t kStackSize = 32 << 20;
#else
constexpr std::size_t kStackSize = 1 << 20;
#endif

std::string Repeat(std::string_view text, std::size_t count) {
  std::string repeated;
  for (; count > 0; --count) {
    repeated.append(text);
  }
  return repeated;
}

// Runs `task` to its end on a thread with a stack of kStackSize.
void RunOnSmallStack(std::function<void()> task) {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, kStackSize) == 0);
  const auto start = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  pthread_t thread{};
  REQUIRE(pthread_create(&thread, &attributes, start, &task) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
}

struct Fixture : DatabaseFixture {
  Fixture() { CreateTable("things"); }

  // The error (Answer::error) of a request with `body`, carried out on the small stack.
  std::string Error(const std::string& operation, const std::string& body) {
    protocol::HttpResponse response;
    RunOnSmallStack([&] { response = Send(Signed(operation, body)); });
    const Answer answer{response.status, Json::parse(response.body, nullptr, false)};
    REQUIRE_FALSE(answer.body.is_discarded());
    return answer.error();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "A body nested without end is refused", "[operations][limits]") {
  const std::string opening =
      GENERATE(as<std::string>{}, "[", R"({"a":)", R"({"Item":[)", R"({"Item":{"L":[{"M":{"a":)");
  for (const bool closed : {false, true}) {
    std::string body = Repeat(opening, kLevels);
    if (closed) {
      body += "1";
      for (std::size_t i = body.size() - 1; i-- > 0;) {
        body += body[i] == '[' ? "]" : body[i] == '{' ? "}" : "";
      }
    }
    CHECK(Error("PutItem", body) == "SerializationException: ");
  }
}

TEST_CASE_METHOD(Fixture, "A value nested as deep as JSON may be is refused",
                 "[operations][limits]") {
  // Each list in a list takes two levels of JSON; the request itself takes three.
  std::string value = R"({"N":"1"})";
  for (int level = 0; level < 90; ++level) {
    value.insert(0, level % 2 == 0 ? R"({"L":[)" : R"({"M":{"a":)");
    value.append(level % 2 == 0 ? "]}" : "}}");
  }
  CHECK(Error("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"v":)" + value + "}}")
            .starts_with("ValidationException: Nesting Levels have exceeded supported limits"));
}

TEST_CASE_METHOD(Fixture, "The name of an attribute is no level of a value",
                 "[operations][limits]") {
  const auto error = [&](const std::string& name) {
    std::string value = R"({"N":"1"})";
    for (int level = 0; level < 40; ++level) {
      value.insert(0, R"({"M":{")" + name + R"(":)").append("}}");
    }
    return Error("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"v":)" + value + "}}");
  };
  CHECK(error("a").starts_with("ValidationException: 1 validation error detected: Nesting Levels"));
  CHECK(error("M") == error("a"));
}

TEST_CASE_METHOD(Fixture, "An expression nested without end is refused", "[operations][limits]") {
  const std::string member =
      GENERATE(as<std::string>{}, "ConditionExpression", "UpdateExpression", "FilterExpression",
               "ProjectionExpression", "KeyConditionExpression");
  // Once longer than an expression may be, once as long as it may be.
  for (const std::size_t size : {kLevels, std::size_t{4096}}) {
    for (const std::string_view part : {"(", "NOT ", "NOT (", "size(", "a.", "a[0].", "SET a = (",
                                        "if_not_exists(a,", "(a = a AND ", "a[", "((a)+"}) {
      Json request = {{"TableName", "things"}};
      const bool reads = member[0] == 'F' || member[0] == 'K';
      const std::string operation = reads ? "Query" : member[0] == 'P' ? "GetItem" : "UpdateItem";
      if (!reads) {
        request["Key"] = {{"pk", {{"S", "a"}}}};
      }
      request[member] = Repeat(part, size / part.size());
      if (member[0] == 'F') {
        request["KeyConditionExpression"] = "pk = pk";
      }
      CAPTURE(operation, part);
      CHECK(Error(operation, request.dump()).starts_with("ValidationException: "));
    }
  }
}

TEST_CASE_METHOD(Fixture, "The deepest expression that is right is carried out",
                 "[operations][limits]") {
  // 300 operators, the most that are allowed, each in the parentheses of the one before.
  std::string condition = "pk = :v";
  for (int level = 0; level < 299; ++level) {
    condition.insert(0, "NOT (").append(")");
  }
  const Json request = {{"TableName", "things"},
                        {"Item", {{"pk", {{"S", "a"}}}}},
                        {"ConditionExpression", condition},
                        {"ExpressionAttributeValues", {{":v", {{"S", "b"}}}}}};
  // An odd number of NOTs before a condition that does not hold, so it holds.
  CHECK(Error("PutItem", request.dump()) == "");
}

}  // namespace weir::testing
