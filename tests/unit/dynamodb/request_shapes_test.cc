// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "services/dynamodb/shapes/shapes.h"
#include "tests/unit/dynamodb/request_answers.h"

namespace weir::dynamodb {
namespace {

std::string Quoted(std::string_view text) {
  return std::string("\"").append(text).append("\"");
}

// A value that the shape accepts, with only the required members.
std::string Minimal(const protocol::Shape& shape) {
  const auto size = static_cast<std::size_t>(shape.min == protocol::kUnbounded ? 0 : shape.min);
  switch (shape.kind) {
    case protocol::ShapeKind::kStructure: {
      std::string out = "{";
      for (const protocol::ShapeMember& member : shape.members) {
        if (member.required) {
          out += (out.size() > 1 ? ",\"" : "\"") + std::string(member.name) +
                 "\":" + Minimal(*member.shape);
        }
      }
      return out + "}";
    }
    case protocol::ShapeKind::kList: {
      std::string out = "[";
      for (std::size_t i = 0; i < size; ++i) {
        out.append(i == 0 ? "" : ",").append(Minimal(*shape.element));
      }
      return out + "]";
    }
    case protocol::ShapeKind::kMap: {
      std::string out = "{";
      for (std::size_t i = 0; i < size; ++i) {
        out += (i == 0 ? "\"key" : ",\"key") + std::to_string(i) + "\":" + Minimal(*shape.element);
      }
      return out + "}";
    }
    case protocol::ShapeKind::kString:
      return shape.values.empty() ? Quoted(std::string(std::max<std::size_t>(size, 2), 'a'))
                                  : Quoted(shape.values.front());
    case protocol::ShapeKind::kBoolean:
      return "true";
    case protocol::ShapeKind::kBlob:
      return "\"\"";
    default:
      return std::to_string(std::max<std::int64_t>(shape.min, 0));
  }
}

TEST_CASE("Every operation has a shape that accepts a minimal request", "[protocol][shapes]") {
  const auto all = AllOperationShapes();
  CHECK(std::count_if(all.begin(), all.end(), [](const protocol::OperationShape& shape) {
          return shape.target.starts_with("DynamoDBStreams_20120810.");
        }) == 4);
  CHECK(all.size() == 62 + 4);
  for (const protocol::OperationShape& shape : all) {
    const std::string body = Minimal(*shape.input);
    CAPTURE(shape.name, body);
    CHECK(FindOperationShape(shape.name) == &shape);
    CHECK(Answer(shape.name, body) == "ok");
  }
  CHECK(FindOperationShape("getItem") == nullptr);
  CHECK(FindOperationShape("") == nullptr);
}

TEST_CASE("Every operation says which member names its resource", "[protocol][shapes]") {
  const std::vector<std::string_view> of_none = {
      "BatchExecuteStatement", "DescribeEndpoints",  "DescribeLimits",
      "ExecuteStatement",      "ExecuteTransaction", "ListBulkOperations",
      "ListGlobalTables",      "ListStreams",        "ListTables"};
  for (const protocol::OperationShape& shape : AllOperationShapes()) {
    CAPTURE(shape.name);
    const bool none = std::find(of_none.begin(), of_none.end(), shape.name) != of_none.end();
    CHECK(shape.resource.empty() == none);
  }
  CHECK(FindOperationShape("PutItem")->resource == "TableName");
  CHECK(FindOperationShape("GetShardIterator")->resource == "StreamArn");
  CHECK(FindOperationShape("TagResource")->resource == "ResourceArn");
  CHECK(FindOperationShape("BatchGetItem")->resource == "keys(RequestItems)");
}

TEST_CASE("Every operation refuses a request without its required members", "[protocol][shapes]") {
  for (const protocol::OperationShape& shape : AllOperationShapes()) {
    const auto members = shape.input->members;
    const bool needs =
        std::any_of(members.begin(), members.end(),
                    [](const protocol::ShapeMember& member) { return member.required; });
    CAPTURE(shape.name);
    CHECK((Answer(shape.name, "{}") == "ok") == !needs);
  }
}

// Makes random JSON for a shape: mostly as the shape describes it, with any JSON at some places.
class RandomRequest {
 public:
  explicit RandomRequest(std::uint32_t seed) : random_(seed) {}

  std::string Value(const protocol::Shape& shape, int depth) {
    if (depth > 12 || Chance(20)) {
      return Junk(depth);
    }
    switch (shape.kind) {
      case protocol::ShapeKind::kStructure:
        return Structure(shape, depth);
      case protocol::ShapeKind::kList:
        return Repeat("[", "]", [&] { return Value(*shape.element, depth + 1); });
      case protocol::ShapeKind::kMap:
        return Repeat("{", "}", [&] { return Text() + ":" + Value(*shape.element, depth + 1); });
      case protocol::ShapeKind::kString:
        return !shape.values.empty() && Chance(2)
                   ? Quoted(shape.values[random_() % shape.values.size()])
                   : Text();
      case protocol::ShapeKind::kBlob:
        return Chance(2) ? "\"AAAA\"" : Text();
      case protocol::ShapeKind::kBoolean:
        return Chance(2) ? "true" : "false";
      default:
        return std::to_string(static_cast<int>(random_() % 2000) - 5);
    }
  }

 private:
  bool Chance(std::uint32_t one_in) { return random_() % one_in == 0; }

  std::string Structure(const protocol::Shape& shape, int depth) {
    std::string out = "{";
    for (const protocol::ShapeMember& member : shape.members) {
      if (Chance(2)) {
        out += (out.size() > 1 ? ",\"" : "\"") + std::string(member.name) +
               "\":" + Value(*member.shape, depth + 1);
      }
    }
    return out + "}";
  }

  template <class Make>
  std::string Repeat(const std::string& open, const std::string& close, Make make) {
    std::string out = open;
    for (std::uint32_t i = random_() % 4; i > 0; --i) {
      out.append(out.size() > 1 ? "," : "").append(make());
    }
    return out + close;
  }

  std::string Text() {
    static const std::vector<std::string> texts = {
        "\"\"",        "\"abc\"",      "\"a;\"",    "\"arn:aws:dynamodb\"",
        "\"\\u0000\"", "\"\xC3\xA9\"", "\"A\\\"\"", "\"\\ud83d\\ude00\"",
        "\"true\"",    "\"AB==\""};
    return texts[random_() % texts.size()];
  }

  std::string Junk(int depth) {
    static const std::vector<std::string> junk = {"null", "true", "-0",   "1.5", "1e20",
                                                  "{}",   "[]",   "[[]]", "5",   "\"x\""};
    if (depth < 12 && Chance(3)) {
      return std::string("[").append(Junk(depth + 1)).append("]");
    }
    return junk[random_() % junk.size()];
  }

  std::mt19937 random_;
};

TEST_CASE("Random requests are answered without a crash", "[protocol][fuzz]") {
  constexpr std::uint32_t kRounds = 100;
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (const protocol::OperationShape& shape : AllOperationShapes()) {
    for (std::uint32_t seed = 0; seed < kRounds; ++seed) {
      const std::string body = RandomRequest(seed).Value(*shape.input, 0);
      CAPTURE(shape.name, seed, body);
      const std::string answer = Answer(shape.name, body);
      ++(answer == "ok" ? accepted : refused);
      REQUIRE((answer == "ok" || answer == "S: " || answer.size() > 10));
    }
  }
  // The generator is useful only if both are frequent.
  CHECK(accepted > 100);
  CHECK(refused > 1000);
}

}  // namespace
}  // namespace weir::dynamodb
