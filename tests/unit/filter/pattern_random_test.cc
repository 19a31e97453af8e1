// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/filter/matching.h"

namespace weir::consumers {
namespace {

// Makes JSON of the words of patterns, most of which is a pattern or nearly one.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::string Pattern(unsigned depth) {
    std::string text = "{";
    for (unsigned i = Below(3) + 1; i > 0; --i) {
      if (Below(8) == 0) {
        text += R"("$or":[)" + Pattern(depth / 2) + "," + Pattern(depth / 2) + "]";
      } else {
        text += Name() + ":" + (depth > 0 && Below(2) == 0 ? Pattern(depth - 1) : Leaf());
      }
      text += i > 1 ? "," : "}";
    }
    return text;
  }

  // A pattern of few values, so that records match it now and then.
  std::string SimplePattern(unsigned depth) {
    std::string text = "{";
    for (unsigned i = Below(3) + 1; i > 0; --i) {
      text += Name() + ":";
      if (depth > 0 && Below(2) == 0) {
        text += SimplePattern(depth - 1);
      } else {
        text += Pick(
            std::array<std::string_view, 5>{R"([""])", R"([0,"ab*"])", R"([{"exists":true}])",
                                            R"([{"exists":false}])", R"([{"exists":false},null])"});
      }
      text += i > 1 ? "," : "}";
    }
    return text;
  }

  std::string Record(unsigned depth) {
    switch (depth == 0 ? 3 : Below(4)) {
      case 0:
        return "[" + Record(depth - 1) + "," + Record(depth - 1) + "]";
      case 1:
      case 2:
        return "{" + Name() + ":" + Record(depth - 1) + "," + Name() + ":" + Record(depth - 1) +
               "}";
      default:
        return Value();
    }
  }

  // A record without points in names, or names given twice.
  std::string PlainRecord(unsigned depth) {
    switch (depth == 0 ? 4 : Below(5)) {
      case 0:
        return "[" + PlainRecord(depth - 1) + "," + PlainRecord(depth - 1) + "]";
      case 1:
        return R"({"b":)" + PlainRecord(depth - 1) + "}";
      case 2:
        return R"({"":)" + PlainRecord(depth - 1) + R"(,"a":)" + PlainRecord(depth - 1) + "}";
      case 3:
        return R"({"a":)" + PlainRecord(depth - 1) + R"(,"b":)" + PlainRecord(depth - 1) +
               R"(,"a-":)" + PlainRecord(depth - 1) + "}";
      default:
        return Value();
    }
  }

  // The text with a byte dropped, doubled or replaced.
  std::string Damage(std::string text) {
    const std::size_t at = Below(static_cast<unsigned>(text.size()));
    constexpr std::string_view kBytes = "{}[]\",:\\*x0-";
    switch (Below(3)) {
      case 0:
        text.erase(at, 1);
        break;
      case 1:
        text.insert(at, 1, text[at]);
        break;
      default:
        text[at] = kBytes[Below(kBytes.size())];
    }
    return text;
  }

 private:
  unsigned Below(std::size_t end) {
    return static_cast<unsigned>(random_() % static_cast<unsigned>(end));
  }
  template <std::size_t kSize>
  std::string Pick(const std::array<std::string_view, kSize>& from) {
    return std::string(from[Below(kSize)]);
  }

  std::string Name() {
    return Pick(std::array<std::string_view, 6>{R"("a")", R"("b")", R"("a.b")", R"("")", R"(".")",
                                                R"("a-")"});
  }
  std::string Value() {
    return Pick(std::array<std::string_view, 12>{R"("")", R"("a")", R"("ab*")", R"("\\*")",
                                                 R"("10.0.0.1")", R"("1::2")", "0", "-1.5e3",
                                                 "99999999999", "null", "true", "1e-9"});
  }
  std::string Leaf() {
    if (Below(3) == 0) {
      return "[" + Value() + "]";
    }
    const std::string name = Pick(
        std::array<std::string_view, 9>{"prefix", "suffix", "exists", "wildcard", "cidr", "numeric",
                                        "anything-but", "equals-ignore-case", "exactly"});
    std::string operand = Value();
    if (name == "numeric") {
      operand = R"([">",0,"<",)" + Value() + "]";
    } else if (name == "cidr") {
      operand = R"("10.0.0.0/)" + std::to_string(Below(40)) + R"(")";
    } else if (name == "anything-but" && Below(2) == 0) {
      operand = R"({"wildcard":[)" + Value() + "," + Value() + "]}";
    }
    return R"([{")" + name + R"(":)" + operand + "}]";
  }

  std::mt19937 random_;
};

// The rule of AWS's engine, without any thought of speed: a record is a list of values with their
// paths and, for each array around them, their place in it. The fields of a pattern are looked for
// in order of their paths, and no two may be in different places of the same array.
class Engine {
 public:
  explicit Engine(const protocol::JsonNode& record) { Add("", record, {}); }

  bool Matches(const ParsedPattern& pattern) const {
    return std::any_of(
        pattern.alternatives.begin(), pattern.alternatives.end(),
        [&](const auto& fields) { return FindFrom(pattern, fields.begin(), fields.end(), {}); });
  }

 private:
  using Places = std::map<unsigned, unsigned>;  // from an array to a place in it
  using Field = ParsedPattern::Alternative::const_iterator;
  struct Value {
    std::string path;
    protocol::JsonNode node;
    Places places;
  };

  void Add(const std::string& path, const protocol::JsonNode& node, Places places) {
    if (node.kind() == protocol::JsonKind::kObject) {
      for (const protocol::JsonNode member : node) {
        Add(path + std::string(member.key()) + ".", member, places);
      }
    } else if (node.kind() == protocol::JsonKind::kArray) {
      const unsigned array = arrays_++;
      unsigned place = 0;
      for (const protocol::JsonNode element : node) {
        Places inner = places;
        if (element.kind() >= protocol::JsonKind::kArray) {
          inner[array] = place;
        }
        Add(path, element, inner);
        ++place;
      }
    } else if (!path.empty()) {
      values_.push_back({path.substr(0, path.size() - 1), node, std::move(places)});
    }
  }

  static bool Agree(const Places& a, const Places& b) {
    return std::all_of(a.begin(), a.end(), [&b](const auto& entry) {
      const auto other = b.find(entry.first);
      return other == b.end() || other->second == entry.second;
    });
  }

  bool FindFrom(const ParsedPattern& pattern, Field field, Field end, const Places& so_far) const {
    if (field == end) {
      return true;
    }
    const LeafTest& test = pattern.tests[field->second];
    bool present = false;
    for (const Value& value : values_) {
      if (value.path != field->first || !Agree(value.places, so_far)) {
        continue;
      }
      present = true;
      Places places = so_far;
      places.insert(value.places.begin(), value.places.end());
      if (test.Matches(value.node) && FindFrom(pattern, std::next(field), end, places)) {
        return true;
      }
    }
    return test.or_absent && !present && FindFrom(pattern, std::next(field), end, so_far);
  }

  std::vector<Value> values_;
  unsigned arrays_ = 0;
};

constexpr unsigned kSeed = 20'150'331;

TEST_CASE("Any text is parsed or refused, and any record is searched", "[filter][random]") {
  Maker maker(kSeed);
  unsigned parsed = 0;
  for (unsigned i = 0; i < 4'000; ++i) {
    const std::string text = maker.Pattern(i % 4);
    const auto pattern = FilterPattern::Parse(text);
    static_cast<void>(FilterPattern::Parse(maker.Damage(text)).ok());
    const auto record = protocol::JsonTree::Parse(maker.Record(4));
    REQUIRE(record);
    if (pattern.ok()) {
      ++parsed;
      static_cast<void>(pattern.value().Matches(record->root()));
    } else {
      CHECK_FALSE(pattern.error().text.empty());
    }
  }
  CHECK(parsed > 500);
}

TEST_CASE("Patterns match as those of AWS's engine", "[filter][random]") {
  Maker maker(kSeed);
  unsigned matched = 0;
  for (unsigned i = 0; i < 20'000; ++i) {
    const std::string text = maker.SimplePattern(i % 4);
    const std::string record_text = maker.PlainRecord(4);
    INFO("seed " << kSeed << "\n  pattern " << text << "\n  record  " << record_text);
    const auto pattern = FilterPattern::Parse(text);
    const auto parsed = ParsePattern(text);
    const auto record = protocol::JsonTree::Parse(record_text);
    REQUIRE(pattern.ok());
    REQUIRE(parsed.ok());
    REQUIRE(record);
    const bool expected = record->root().kind() == protocol::JsonKind::kObject &&
                          Engine(record->root()).Matches(parsed.value());
    REQUIRE(pattern.value().Matches(record->root()) == expected);
    matched += expected ? 1 : 0;
  }
  CHECK(matched > 1'000);
}

}  // namespace
}  // namespace weir::consumers
