// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "tests/unit/filter/matching.h"

namespace weir::consumers {
namespace {

constexpr std::string_view kEmployees = R"({"employees":[
  {"first":"John","last":"Doe"}, {"first":"Anna","last":"Smith"}, {"first":"Peter","last":"Jones"}]})";
constexpr std::string_view kTeams = R"({"teams":[
  {"name":"a","people":[{"n":"x","age":1},{"n":"y","age":2}]},
  {"name":"b","people":[{"n":"x","age":2}]}, {"name":"c","people":[]}]})";
constexpr std::string_view kLines = R"({"NewImage":{"lines":{"L":[
  {"M":{"sku":{"S":"A-1"},"qty":{"N":"2"}}}, {"M":{"sku":{"S":"B-7"},"qty":{"N":"1"}}}]}}})";

TEST_CASE("Each element of an array is a value of the field", "[filter][arrays]") {
  CheckMatches(std::vector<MatchCase>{
      {"", R"({"a":[2]})", R"({"a":[1,2,3]})", true},
      {"", R"({"a":[4]})", R"({"a":[1,2,3]})", false},
      {"", R"({"a":["2"]})", R"({"a":[1,2,3]})", false},
      {"one that differs is enough", R"({"a":[{"anything-but":1}]})", R"({"a":[1,2]})", true},
      {"", R"({"a":[{"anything-but":1}]})", R"({"a":[1,1]})", false},
      {"", R"({"a":[{"anything-but":1}]})", R"({"a":[]})", false},
      {"", R"({"a":[null]})", R"({"a":[1,null]})", true},
      {"arrays in arrays", R"({"a":[3]})", R"({"a":[1,[2,[3]]]})", true},
      {"", R"({"a":[4]})", R"({"a":[1,[2,[3]]]})", false},
      {"", R"({"a":[1],"b":[2]})", R"({"a":[0,1],"b":[2,3]})", true},
  });
}

TEST_CASE("Fields within an array are matched in one element", "[filter][arrays]") {
  CheckMatches(std::vector<MatchCase>{
      {"", R"({"employees":{"first":["Anna"]}})", kEmployees, true},
      {"", R"({"employees":{"first":["Anna"],"last":["Smith"]}})", kEmployees, true},
      {"", R"({"employees":{"first":["Anna"],"last":["Jones"]}})", kEmployees, false},
      {"", R"({"employees":{"first":["Anna","Peter"],"last":["Jones"]}})", kEmployees, true},
      {"", R"({"teams":{"name":["b"],"people":{"n":["x"]}}})", kTeams, true},
      {"", R"({"teams":{"name":["b"],"people":{"n":["y"]}}})", kTeams, false},
      {"", R"({"teams":{"people":{"n":["x"],"age":[2]}}})", kTeams, true},
      {"not one team's", R"({"teams":{"name":["a"],"people":{"n":["x"],"age":[2]}}})", kTeams,
       false},
      {"", R"({"NewImage":{"lines":{"L":{"M":{"sku":{"S":["A-1"]},"qty":{"N":["2"]}}}}}})", kLines,
       true},
      {"", R"({"NewImage":{"lines":{"L":{"M":{"sku":{"S":["A-1"]},"qty":{"N":["1"]}}}}}})", kLines,
       false},
      {"two arrays are independent", R"({"a":{"x":[1]},"b":{"x":[2]}})",
       R"({"a":[{"x":0},{"x":1}],"b":[{"x":2},{"x":3}]})", true},
      {"arrays in arrays", R"({"a":{"x":[1],"y":[1]}})",
       R"({"a":[[{"x":1},{"y":1}],[{"x":1,"y":1}]]})", true},
      {"", R"({"a":{"x":[1],"y":[1]}})", R"({"a":[[{"x":1},{"y":1}],[{"x":1,"y":2}]]})", false},
      {"values beside objects", R"({"a":{"x":[1]},"a.y":[2]})", R"({"a":[5,{"x":1,"y":2}]})", true},
      {"", R"({"a":[5],"a.x":[1]})", R"({"a":[5,{"x":1}]})", true},
      {"", R"({"a":{"x":[1]}})", R"({"a":[]})", false},
  });
}

TEST_CASE("A field is absent from the element that others have chosen", "[filter][arrays]") {
  CheckMatches(std::vector<MatchCase>{
      {"chosen by a, before z", R"({"l":{"a":[1],"z":[{"exists":false}]}})",
       R"({"l":[{"a":1},{"a":2,"z":1}]})", true},
      {"", R"({"l":{"a":[2],"z":[{"exists":false}]}})", R"({"l":[{"a":1},{"a":2,"z":1}]})", false},
      {"", R"({"l":{"a":[1],"z":[{"exists":false}]}})", R"({"l":[{"a":1,"z":1},{"a":1}]})", true},
      {"a comes before what chooses", R"({"l":{"a":[{"exists":false}],"z":[1]}})",
       R"({"l":[{"z":1},{"a":2}]})", false},
      {"", R"({"l":{"a":[{"exists":false}],"z":[1]}})", R"({"l":[{"z":1},{"z":2}]})", true},
      {"alone, in all elements", R"({"l":{"a":[{"exists":false}]}})", R"({"l":[{"b":1},{"a":1}]})",
       false},
      {"", R"({"l":{"a":[{"exists":false}]}})", R"({"l":[{"b":1},{"c":1}]})", true},
      {"", R"({"l":{"a":[{"exists":false}]}})", R"({"l":[]})", true},
      {"", R"({"l":{"a":[{"exists":false}]}})", R"({"l":[1,"a"]})", true},
      {"in arrays of arrays", R"({"l":{"a":[{"exists":false}]}})", R"({"l":[[{"b":1}],[{"a":1}]]})",
       false},
      {"", R"({"l":{"a":[{"exists":false}]}})", R"({"l":[[{"b":1}],[{"c":1}]]})", true},
      {"", R"({"l":{"a":[1],"z":[{"exists":false}]}})", R"({"l":[[{"a":1},{"z":1}],[{"a":2}]]})",
       true},
      {"a path is before another by its bytes, a- before a.",
       R"({"l":{"a-b":[1],"a":{"x":[{"exists":false}]}}})", R"({"l":[{"a-b":1},{"a":{"x":1}}]})",
       true},
      {"or a value", R"({"l":{"a":[1],"z":[{"exists":false},9]}})",
       R"({"l":[{"a":1,"z":9},{"a":2}]})", true},
      {"", R"({"l":{"a":[1],"z":[{"exists":false},9]}})", R"({"l":[{"a":1,"z":8},{"a":2,"z":9}]})",
       false},
  });
}

TEST_CASE("Records with arrays as deep as JSON may be are searched once", "[filter][arrays]") {
  constexpr std::size_t kLevels = protocol::JsonTree::kMaxDepth - 2;
  const std::string deep =
      R"({"a":)" + std::string(kLevels, '[') + R"({"x":1})" + std::string(kLevels, ']') + "}";
  CHECK(PatternMatches(R"({"a":{"x":[1],"y":[{"exists":false}]}})", deep));
  CHECK_FALSE(PatternMatches(R"({"a":{"x":[{"exists":false}],"y":[{"exists":false}]}})", deep));
}

}  // namespace
}  // namespace weir::consumers
