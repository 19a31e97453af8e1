// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <vector>

#include "tests/unit/filter/matching.h"

namespace weir::consumers {
namespace {

constexpr std::string_view kInsert = R"({
  "eventID": "c4ca4238a0b923820dcc509a6f75849b", "eventName": "INSERT", "eventVersion": "1.1",
  "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
  "dynamodb": {
    "ApproximateCreationDateTime": 1.764086E9,
    "Keys": {"pk": {"S": "order#1"}, "sk": {"N": "101"}},
    "NewImage": {"pk": {"S": "order#1"}, "sk": {"N": "101"}, "state": {"S": "open"},
                 "paid": {"BOOL": false}, "note": {"NULL": true}, "tags": {"SS": ["new", "eu"]},
                 "lines": {"L": [{"M": {"sku": {"S": "A-1"}, "qty": {"N": "2"}}},
                                 {"M": {"sku": {"S": "B-7"}, "qty": {"N": "1"}}}]},
                 "ship.to": {"M": {"zip": {"S": "02134"}}}, "ship": {"S": "air"}},
    "SequenceNumber": "111", "SizeBytes": 26, "StreamViewType": "NEW_AND_OLD_IMAGES"},
  "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2015-06-27T00:48:05.899"
})";

constexpr std::string_view kRemoveByTtl = R"({
  "eventName": "REMOVE",
  "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"},
  "dynamodb": {"Keys": {"pk": {"S": "session#9"}}, "OldImage": {"pk": {"S": "session#9"}}}
})";

TEST_CASE("Patterns select records of a table's stream", "[filter]") {
  CheckMatches(std::vector<MatchCase>{
      {"", R"({"eventName":["INSERT"]})", kInsert, true},
      {"", R"({"eventName":["REMOVE"]})", kInsert, false},
      {"values are case-sensitive", R"({"eventName":["insert"]})", kInsert, false},
      {"names are", R"({"EventName":["INSERT"]})", kInsert, false},
      {"", R"({"dynamodb":{"NewImage":{"state":{"S":["open"]}}}})", kInsert, true},
      {"", R"({"dynamodb":{"NewImage":{"State":{"S":["open"]}}}})", kInsert, false},
      {"", R"({"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"order#"}]}}}})", kInsert, true},
      {"", R"({"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"user#"}]}}}})", kInsert, false},
      {"an N is a string", R"({"dynamodb":{"Keys":{"sk":{"N":["101"]}}}})", kInsert, true},
      {"", R"({"dynamodb":{"Keys":{"sk":{"N":[101]}}}})", kInsert, false},
      {"", R"({"dynamodb":{"Keys":{"sk":{"N":[{"numeric":["=",101]}]}}}})", kInsert, false},
      {"", R"({"dynamodb":{"NewImage":{"paid":{"BOOL":[false]}}}})", kInsert, true},
      {"", R"({"dynamodb":{"NewImage":{"note":{"NULL":[true]}}}})", kInsert, true},
      {"", R"({"dynamodb":{"NewImage":{"tags":{"SS":["eu"]}}}})", kInsert, true},
      {"", R"({"dynamodb":{"NewImage":{"tags":{"SS":["us"]}}}})", kInsert, false},
      {"", R"({"dynamodb":{"SizeBytes":[{"numeric":[">",20,"<=",26]}]}})", kInsert, true},
      {"a time is a number",
       R"({"dynamodb":{"ApproximateCreationDateTime":[{"numeric":[">",0]}]}})", kInsert, true},
      {"", R"({"dynamodb":{"StreamViewType":[{"suffix":"IMAGES"}]}})", kInsert, true},
      {"", R"({"eventSourceARN":[{"wildcard":"arn:*:table/t/stream/*"}]})", kInsert, true},
      {"", R"({"userIdentity":{"principalId":["dynamodb.amazonaws.com"],"type":["Service"]}})",
       kRemoveByTtl, true},
      {"", R"({"userIdentity":{"principalId":["dynamodb.amazonaws.com"]}})", kInsert, false},
      {"all fields must match", R"({"eventName":["INSERT"],"dynamodb":{"SequenceNumber":["112"]}})",
       kInsert, false},
      {"", R"({"eventName":["INSERT"],"dynamodb":{"SequenceNumber":["111"]}})", kInsert, true},
  });
}

TEST_CASE("A missing field matches exists:false alone", "[filter]") {
  CheckMatches(std::vector<MatchCase>{
      {"", R"({"dynamodb":{"OldImage":{"pk":{"S":[{"exists":false}]}}}})", kInsert, true},
      {"", R"({"dynamodb":{"OldImage":{"pk":{"S":[{"exists":false}]}}}})", kRemoveByTtl, false},
      {"an object is no leaf", R"({"dynamodb":{"OldImage":[{"exists":true}]}})", kRemoveByTtl,
       false},
      {"", R"({"dynamodb":{"OldImage":[{"exists":false}]}})", kRemoveByTtl, true},
      {"", R"({"dynamodb":{"OldImage":{"pk":{"S":[{"exists":true}]}}}})", kRemoveByTtl, true},
      {"no parent", R"({"a":{"b":{"c":[{"exists":false}]}}})", R"({"x":1})", true},
      {"the parent is a leaf", R"({"a":{"b":[{"exists":false}]}})", R"({"a":1})", true},
      {"", R"({"dynamodb":{"NewImage":{"gone":{"S":[{"anything-but":"x"}]}}}})", kInsert, false},
      {"", R"({"dynamodb":{"NewImage":{"gone":{"S":[null]}}}})", kInsert, false},
      {"", R"({"a":[{"exists":false},{"prefix":"x"}],"b":[1]})", R"({"b":1})", true},
      {"", R"({"a":[{"exists":false}],"b":[1]})", R"({"b":2})", false},
      {"an empty record", R"({"a":[{"exists":false}]})", "{}", true},
      {"no object", R"({"a":[{"exists":false}]})", "[]", false},
      {"no object", R"({"a":[{"exists":false}]})", R"("a")", false},
  });
}

TEST_CASE("A name with points equals nesting", "[filter]") {
  CheckMatches(std::vector<MatchCase>{
      {"", R"({"dynamodb.Keys.pk.S":["order#1"]})", kInsert, true},
      {"", R"({"dynamodb.Keys":{"pk.S":["order#1"]}})", kInsert, true},
      {"in the record", R"({"dynamodb":{"NewImage":{"ship.to":{"M":{"zip":{"S":["02134"]}}}}}})",
       kInsert, true},
      {"", R"({"dynamodb":{"NewImage":{"ship":{"to":{"M":{"zip":{"S":["02134"]}}}}}}})", kInsert,
       true},
      {"beside its start",
       R"({"dynamodb":{"NewImage":{"ship":{"S":["air"]},"ship.to":{"M":{"zip":{"S":["02134"]}}}}}})",
       kInsert, true},
      {"", R"({"dynamodb":{"NewImage":{"ship":{"S":["sea"]},"ship.to.M.zip.S":["02134"]}}})",
       kInsert, false},
      {"", R"({"a":{"b":{"c":[1]}}})", R"({"a.b":{"c":1}})", true},
      {"", R"({"a.b.c":[1]})", R"({"a":{"b.c":1}})", true},
      {"", R"({"a.b":[1]})", R"({"a.b.c":1})", false},
      {"", R"({"a.b":[{"exists":false}]})", R"({"a.b":1})", false},
      {"empty names", R"({"":{"":[1]}})", R"({".":1})", true},
      {"", R"({"":[1]})", R"({"":1})", true},
  });
}

TEST_CASE("The last test for a path counts", "[filter]") {
  CheckMatches(std::vector<MatchCase>{
      {"", R"({"a":["x"],"a":["y"]})", R"({"a":"x"})", false},
      {"", R"({"a":["x"],"a":["y"]})", R"({"a":"y"})", true},
      {"the same path", R"({"a":{"b":["x"]},"a.b":["y"]})", R"({"a":{"b":"y"}})", true},
      {"other paths stay", R"({"a":{"b":["x"]},"a":{"c":["y"]}})", R"({"a":{"c":"y"}})", false},
      {"", R"({"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]})", R"({"a":"y"})", true},
      {"", R"({"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]})", R"({"a":"x"})", false},
      {"", R"({"$or":[{"a":["y"]},{"b":["z"]}],"a":["x"]})", R"({"a":"y"})", false},
  });
}

TEST_CASE("$or needs one of its branches, at any level", "[filter]") {
  constexpr std::string_view kTop = R"({"s":["x"],"$or":[{"a":[1]},{"b":[2],"c":[3]}]})";
  constexpr std::string_view kInner = R"({"d":{"s":["x"],"$or":[{"a":[1]},{"e":{"b":[2]}}]}})";
  constexpr std::string_view kTwo =
      R"({"$or":[{"a":[1]},{"b":[1]}],"d":{"$or":[{"a":[1]},{"b":[1]}]}})";
  constexpr std::string_view kNested =
      R"({"$or":[{"a":[1]},{"b":[1],"$or":[{"c":[1]},{"d":[1]}]}]})";
  CheckMatches(std::vector<MatchCase>{
      {"", kTop, R"({"s":"x","a":1})", true},
      {"", kTop, R"({"s":"x","b":2,"c":3})", true},
      {"", kTop, R"({"s":"x","b":2})", false},
      {"", kTop, R"({"a":1})", false},
      {"", kTop, R"({"s":"x"})", false},
      {"", kInner, R"({"d":{"s":"x","a":1}})", true},
      {"", kInner, R"({"d":{"s":"x","e":{"b":2}}})", true},
      {"", kInner, R"({"d":{"s":"x"},"a":1})", false},
      {"", kTwo, R"({"b":1,"d":{"a":1}})", true},
      {"", kTwo, R"({"b":1,"a":1})", false},
      {"", kNested, R"({"a":1})", true},
      {"", kNested, R"({"b":1,"d":1})", true},
      {"", kNested, R"({"b":1})", false},
      {"", kNested, R"({"c":1,"d":1})", false},
      {"absence in a branch", R"({"$or":[{"a":[{"exists":false}]},{"a":[1]}]})", R"({"a":1})",
       true},
      {"", R"({"$or":[{"a":[{"exists":false}]},{"a":[1]}]})", R"({"a":2})", false},
      {"names of operators outside", R"({"prefix":[1],"d":{"numeric":[2]}})",
       R"({"prefix":1,"d":{"numeric":2}})", true},
      {"an $or of one path in an array", R"({"a":{"$or":[{"b":[1]},{"c":[2]}]}})",
       R"({"a":[{"b":2},{"c":2}]})", true},
  });
}

TEST_CASE("Records pass if any of the patterns matches, or if there are none", "[filter]") {
  const auto insert = protocol::JsonTree::Parse(kInsert);
  const auto remove = protocol::JsonTree::Parse(kRemoveByTtl);
  REQUIRE(insert);
  REQUIRE(remove);
  CHECK(FilterCriteria().empty());
  CHECK(FilterCriteria().Passes(insert->root()));

  const std::array<std::string, 2> texts{R"({"eventName":["MODIFY"]})",
                                         R"({"eventName":["INSERT"]})"};
  const auto criteria = FilterCriteria::Parse(texts);
  REQUIRE(criteria.ok());
  CHECK_FALSE(criteria.value().empty());
  CHECK(criteria.value().Passes(insert->root()));
  CHECK_FALSE(criteria.value().Passes(remove->root()));

  const std::array<std::string, 2> bad{R"({"eventName":["MODIFY"]})", R"({"eventName":"INSERT"})"};
  const auto refused = FilterCriteria::Parse(bad);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().text == R"("eventName" must be an object or an array)");
}

}  // namespace
}  // namespace weir::consumers
