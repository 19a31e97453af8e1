// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_tree.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace weir::protocol {
namespace {

std::string Repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

TEST_CASE("JsonTree keeps members in document order with their kinds", "[protocol][json]") {
  const auto tree = JsonTree::Parse(
      R"( {"s":"text","i":-5,"d":1.0,"e":2e3,"t":true,"f":false,"n":null,"a":[],"o":{}} )");
  REQUIRE(tree);
  const JsonNode root = tree->root();
  REQUIRE(root.kind() == JsonKind::kObject);
  CHECK(root.size() == 9);

  std::string keys;
  std::vector<JsonKind> kinds;
  for (const JsonNode child : root) {
    keys += child.key();
    kinds.push_back(child.kind());
  }
  CHECK(keys == "sidetfnao");
  CHECK(kinds == std::vector{JsonKind::kString, JsonKind::kInteger, JsonKind::kDecimal,
                             JsonKind::kDecimal, JsonKind::kTrue, JsonKind::kFalse, JsonKind::kNull,
                             JsonKind::kArray, JsonKind::kObject});
  CHECK(root.Find("s")->text() == "text");
  CHECK(root.Find("i")->integer() == -5);
  CHECK(root.Find("d")->text() == "1.0");
  CHECK(root.Find("e")->integer() == 2000);
  CHECK(root.Find("a")->begin() == root.Find("a")->end());
}

TEST_CASE("JsonTree walks siblings past nested values", "[protocol][json]") {
  const auto tree = JsonTree::Parse(R"([[1,[2,3]],{"k":[4]},5])");
  REQUIRE(tree);
  const JsonNode root = tree->root();
  CHECK(root.size() == 3);
  auto it = root.begin();
  CHECK((*it).size() == 2);
  ++it;
  CHECK((*it).kind() == JsonKind::kObject);
  CHECK((*(*it).begin()).key() == "k");
  ++it;
  CHECK((*it).integer() == 5);
  CHECK((*it).key().empty());
  ++it;
  CHECK(it == root.end());
}

TEST_CASE("JsonTree takes the last of members given twice, and null as absent",
          "[protocol][json]") {
  const auto tree = JsonTree::Parse(R"({"a":1,"b":2,"a":3,"c":null,"b":null})");
  REQUIRE(tree);
  CHECK(tree->root().size() == 5);
  CHECK(tree->root().Find("a")->integer() == 3);
  CHECK_FALSE(tree->root().Find("b"));
  CHECK_FALSE(tree->root().Find("c"));
  CHECK_FALSE(tree->root().Find("d"));
}

TEST_CASE("JsonTree saturates numbers at 64 bits and drops fractions", "[protocol][json]") {
  const auto tree = JsonTree::Parse(
      "[9223372036854775807,9223372036854775808,18446744073709551616,-9223372036854775808,"
      "-9223372036854775809,1e300,-1e300,-1.9,0.99,-0]");
  REQUIRE(tree);
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  std::vector<std::int64_t> values;
  for (const JsonNode child : tree->root()) {
    values.push_back(child.integer());
  }
  CHECK(values == std::vector<std::int64_t>{kMax, kMax, kMax, kMin, kMin, kMax, kMin, -1, 0, 0});
  auto it = tree->root().begin();
  ++it;
  CHECK((*it).kind() == JsonKind::kInteger);
}

TEST_CASE("JsonTree gives decimals for timestamps", "[protocol][json]") {
  const auto tree = JsonTree::Parse("[1700000000.25,1700000000]");
  REQUIRE(tree);
  CHECK((*tree->root().begin()).decimal() == 1700000000.25);
  CHECK((*++tree->root().begin()).decimal() == 1700000000.0);
}

TEST_CASE("JsonTree unescapes strings and names", "[protocol][json]") {
  const auto tree = JsonTree::Parse(R"({"\u0041\n":"\"\\\/\u00e9\ud83d\ude00\u0000x"})");
  REQUIRE(tree);
  const JsonNode child = *tree->root().begin();
  CHECK(child.key() == "A\n");
  CHECK(child.text() == std::string_view("\"\\/\xC3\xA9\xF0\x9F\x98\x80\0x", 11));
}

TEST_CASE("JsonTree refuses what is not one JSON value in UTF-8", "[protocol][json]") {
  const std::string bad =
      GENERATE(as<std::string>(), "", " ", "{", "[", "]", "{}{}", "{} x", "{\"a\"}", "{\"a\":}",
               "{\"a\":1,}", "[1,]", "{a:1}", "'a'", "01", "1.", ".5", "+1", "NaN", "nul", "\"",
               "\"\\x\"", "\"\t\"", "// c\n{}", "\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"",
               "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "{\"\\ud800\":1}", "1e999");
  CAPTURE(bad);
  CHECK_FALSE(JsonTree::Parse(bad));
}

TEST_CASE("JsonTree bounds the depth", "[protocol][json]") {
  const std::string open = Repeat("[", JsonTree::kMaxDepth);
  const std::string close = Repeat("]", JsonTree::kMaxDepth);
  CHECK(JsonTree::Parse(open + close));
  CHECK_FALSE(JsonTree::Parse("[" + open + close + "]"));
  CHECK_FALSE(JsonTree::Parse(Repeat("{\"a\":", JsonTree::kMaxDepth + 1) + "1" +
                              Repeat("}", JsonTree::kMaxDepth + 1)));
}

TEST_CASE("JsonTree is linear in hostile bodies of the largest size", "[protocol][json]") {
  constexpr std::size_t kBytes = 16U << 20;
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(JsonTree::Parse(std::string(kBytes, '[')));
  CHECK_FALSE(JsonTree::Parse("\"" + std::string(kBytes, 'a')));
  constexpr std::size_t kCount = 1'000'000;
  const auto members = JsonTree::Parse("{\"a\":0" + Repeat(",\"a\":0", kCount) + "}");
  REQUIRE(members);
  CHECK(members->root().size() == kCount + 1);
  CHECK(members->root().Find("a"));
  const auto elements = JsonTree::Parse("[0" + Repeat(",0", kCount) + "]");
  REQUIRE(elements);
  CHECK(elements->root().size() == kCount + 1);
  // Far more than it takes, even under sanitizers. A parser that takes quadratic time would need
  // hours.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

TEST_CASE("JsonTree can be moved without breaking its strings", "[protocol][json]") {
  std::optional<JsonTree> tree = JsonTree::Parse(R"({"a":"b"})");
  REQUIRE(tree);
  const JsonTree moved = *std::move(tree);
  CHECK(moved.root().Find("a")->text() == "b");
}

}  // namespace
}  // namespace weir::protocol
