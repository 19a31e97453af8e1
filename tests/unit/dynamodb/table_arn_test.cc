// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/table_arn.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::dynamodb {

TEST_CASE("A table's ARN gives its name", "[core][arn]") {
  CHECK(TableNameOfArn("arn:aws:dynamodb:us-east-1:000000000000:table/Music") == "Music");
  CHECK(TableNameOfArn("arn:aws-cn:dynamodb:local:123456789012:table/a.b-c_D") == "a.b-c_D");
  CHECK(TableNameOfArn(MakeTableArn("eu-west-1", "000000000000", "things")) == "things");
}

TEST_CASE("Other texts are no table's ARN", "[core][arn]") {
  const std::string start = "arn:aws:dynamodb:us-east-1:000000000000:table/";
  for (const std::string& text :
       {std::string("Music"), std::string("arn:foo"), std::string(), start, start + "ab",
        start + "a/b c", start + "x/stream/2020-01-01T00:00:00.000", start + std::string(256, 'a'),
        std::string("arn:aws:s3:us-east-1:000000000000:table/Music"),
        std::string("arn:aws:dynamodb::000000000000:table/Music"),
        std::string("arn:aws:dynamodb:us-east-1:12:table/Music"),
        std::string("arn:aws:dynamodb:us-east-1:00000000000x:table/Music"),
        std::string("arn:aws:dynamodb:us-east-1:000000000000:index/Music")}) {
    CAPTURE(text);
    CHECK_FALSE(TableNameOfArn(text).has_value());
  }
}

TEST_CASE("The ARN of something that belongs to a table", "[core][arn]") {
  const std::string table = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";
  CHECK(IsTablePartArn(table + "/export/01234", "/export/"));
  CHECK_FALSE(IsTablePartArn(table + "/export/", "/export/"));
  CHECK_FALSE(IsTablePartArn(table + "/export/a/b", "/export/"));
  CHECK_FALSE(IsTablePartArn(table + "/import/01234", "/export/"));
  CHECK_FALSE(IsTablePartArn(table, "/export/"));
  CHECK_FALSE(IsTablePartArn("Music/export/01234", "/export/"));
}

TEST_CASE("Table names have 3 to 255 of few characters", "[core][arn]") {
  CHECK(IsTableName("abc"));
  CHECK(IsTableName(std::string(255, 'a')));
  CHECK(IsTableName("A.b-c_9"));
  CHECK_FALSE(IsTableName("ab"));
  CHECK_FALSE(IsTableName(std::string(256, 'a')));
  CHECK_FALSE(IsTableName("a/b"));
  CHECK_FALSE(IsTableName("caf\xC3\xA9"));
}

}  // namespace weir::dynamodb
