// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/unit/lambda/lambda_fixture.h"

namespace weir::lambda {
namespace {

const std::string kFunctions = "/2015-03-31/functions";
const std::string kOrders = kFunctions + "/orders";
const std::string kArn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";
const std::string kStale =
    "412 PreconditionFailedException: The Revision Id provided does not match the latest Revision "
    "Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id";

TestJson NewCode(const std::string& text) {
  return {{"ZipFile", Base64Of(ZipOf("app.py", text))}};
}

TEST_CASE("UpdateFunctionConfiguration changes what it is given",
          "[lambda][UpdateFunctionConfiguration]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const TestJson before = lambda.Run("GET", kOrders + "/configuration").body;
  lambda.clock().Advance(std::chrono::seconds(5));
  const TestAnswer updated =
      lambda.Run("PUT", kOrders + "/configuration",
                 {{"Timeout", 10}, {"Environment", {{"Variables", {{"ENV_A", "a"}}}}}});
  REQUIRE(updated.summary() == "200");
  TestJson expected = before;
  expected["Timeout"] = 10;
  expected["Environment"] = {{"Variables", {{"ENV_A", "a"}}}};
  expected["LastModified"] = "2026-12-01T12:00:05.250+0000";
  expected["LastUpdateStatus"] = "InProgress";
  expected["LastUpdateStatusReason"] = "The function is being created.";
  expected["LastUpdateStatusReasonCode"] = "Creating";
  expected["RevisionId"] = updated.body["RevisionId"];
  CHECK(updated.body == expected);
  const TestJson after = lambda.Run("GET", kOrders + "/configuration").body;
  CHECK(after["LastUpdateStatus"] == "Successful");
  CHECK(after["RevisionId"] != updated.body["RevisionId"]);
  CHECK(after["RevisionId"] != before["RevisionId"]);
  CHECK(lambda.host().retired == std::vector<std::string>{"orders"});
}

TEST_CASE("Updates of an old revision are refused", "[lambda][UpdateFunctionConfiguration]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const TestJson revision = lambda.Run("GET", kOrders + "/configuration").body["RevisionId"];
  CHECK(lambda.Run("PUT", kOrders + "/configuration", {{"RevisionId", "x"}}).summary() == kStale);
  CHECK(lambda.Run("PUT", kOrders + "/configuration", {{"RevisionId", revision}}).summary() ==
        "200");
  CHECK(lambda.Run("PUT", kOrders + "/configuration", {{"RevisionId", revision}}).summary() ==
        kStale);
  TestJson code = NewCode("new");
  code["RevisionId"] = revision;
  CHECK(lambda.Run("PUT", kOrders + "/code", code).summary() == kStale);
}

TEST_CASE("The log levels belong to the format JSON", "[lambda][UpdateFunctionConfiguration]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const auto logging = [&lambda](const TestJson& config) {
    return lambda.Run("PUT", kOrders + "/configuration", {{"LoggingConfig", config}})
        .body["LoggingConfig"];
  };
  CHECK(logging({{"LogFormat", "JSON"}, {"SystemLogLevel", "WARN"}}) ==
        TestJson{{"LogFormat", "JSON"},
                 {"LogGroup", "/aws/lambda/orders"},
                 {"ApplicationLogLevel", "INFO"},
                 {"SystemLogLevel", "WARN"}});
  CHECK(logging({{"LogGroup", "/other"}})["SystemLogLevel"] == "WARN");
  CHECK(logging({{"LogFormat", "Text"}}) ==
        TestJson{{"LogFormat", "Text"}, {"LogGroup", "/other"}});
}

TEST_CASE("UpdateFunctionCode replaces the code", "[lambda][UpdateFunctionCode]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const TestJson before = lambda.Run("GET", kOrders + "/configuration").body;
  const TestAnswer updated = lambda.Run("PUT", kOrders + "/code", NewCode("new code"));
  REQUIRE(updated.summary() == "200");
  CHECK(updated.body["LastUpdateStatus"] == "InProgress");
  CHECK(updated.body["State"] == "Active");
  CHECK(updated.body["CodeSha256"] != before["CodeSha256"]);
  CHECK(updated.body["FunctionArn"] == kArn);
  CHECK(lambda.functions().code().size() == ZipOf("app.py", "new code").size());
  CHECK(lambda.host().retired == std::vector<std::string>{"orders"});
}

TEST_CASE("A dry run of UpdateFunctionCode changes nothing", "[lambda][UpdateFunctionCode]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const TestJson before = lambda.Run("GET", kOrders + "/configuration").body;
  TestJson code = NewCode("new code");
  code["DryRun"] = true;
  const TestAnswer dry = lambda.Run("PUT", kOrders + "/code", code);
  CHECK(dry.summary() == "200");
  CHECK(dry.body["CodeSha256"] != before["CodeSha256"]);
  CHECK(lambda.Run("GET", kOrders + "/configuration").body == before);
  CHECK(lambda.functions().code().size() == before["CodeSize"]);
  CHECK(lambda.host().retired.empty());
}

TEST_CASE("UpdateFunctionCode may publish a version", "[lambda][UpdateFunctionCode]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  TestJson code = NewCode("new code");
  code["Publish"] = true;
  const TestAnswer published = lambda.Run("PUT", kOrders + "/code", code);
  CHECK(published.body["Version"] == "1");
  CHECK(published.body["FunctionArn"] == kArn + ":1");
  CHECK(published.body["State"] == "Pending");
}

TEST_CASE("UpdateFunctionCode refuses images and missing functions",
          "[lambda][UpdateFunctionCode]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  CHECK(
      lambda.Run("PUT", kOrders + "/code", {{"ImageUri", "i"}}).summary() ==
      "400 InvalidParameterValueException: Please don't provide ImageUri when updating a function "
      "with packageType Zip.");
  CHECK(lambda.Run("PUT", kFunctions + "/none/code", NewCode("a")).summary() ==
        "404 ResourceNotFoundException: Function not found: "
        "arn:aws:lambda:eu-west-1:000000000000:function:none");
}

TEST_CASE("A function runs from a folder, whose state follows its files", "[lambda][hot-reload]") {
  namespace fs = std::filesystem;
  const TestFolder folder;
  LambdaFixture lambda;
  TestJson request = LambdaFixture::NewFunction("orders");
  request["Code"] = {{"S3Bucket", "hot-reload"}, {"S3Key", folder.path().string()}};
  const TestAnswer created = lambda.Run("POST", kFunctions, request);
  REQUIRE(created.summary() == "201");
  CHECK(created.body["CodeSize"] == 0);
  CHECK(created.body["CodeSha256"] == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  CHECK(lambda.Run("GET", kOrders).body["Code"] ==
        TestJson{{"RepositoryType", "S3"}, {"Location", "file://" + folder.path().string()}});

  const LambdaResult<FunctionRef> first = lambda.functions().Resolve("orders", "", "eu-west-1");
  REQUIRE(first.ok());
  const runtimes::CodeSource& code = *first.value().spec->code;
  CHECK(code.may_change());
  CHECK(code.Open().value()->path == folder.path());
  const std::string state = code.Open().value()->state;
  const fs::file_time_type later = fs::file_time_type::clock::now() + std::chrono::hours(1);
  std::ofstream(folder.path() / "app.py") << "x";
  fs::last_write_time(folder.path() / "app.py", later);
  lambda.Restart();  // forgets when it has looked last
  const LambdaResult<FunctionRef> second = lambda.functions().Resolve("orders", "", "eu-west-1");
  CHECK(second.value().spec->code->Open().value()->state != state);
  CHECK(second.value().spec->revision == first.value().spec->revision);
  CHECK(first.value().spec->placement == runtimes::Placement::kProcess);
  CHECK(fs::exists(folder.path()));

  request["Code"]["S3Key"] = "relative";
  request["FunctionName"] = "others";
  CHECK(lambda.Run("POST", kFunctions, request).summary() ==
        "400 InvalidParameterValueException: With the S3Bucket hot-reload, S3Key must be the "
        "absolute path of a folder on the machine on which Weir runs");
}

TEST_CASE("The newest change of a folder is that of any file below it", "[lambda][hot-reload]") {
  namespace fs = std::filesystem;
  const TestFolder folder;
  fs::create_directories(folder.path() / "a" / "b");
  std::ofstream(folder.path() / "a" / "b" / "app.py") << "x";
  const auto newest = [&folder] { return HotFolders().NewestChange(folder.path()); };
  const std::int64_t before = newest();
  CHECK(newest() == before);
  const fs::file_time_type later = fs::file_time_type::clock::now() + std::chrono::hours(1);
  fs::last_write_time(folder.path() / "a" / "b" / "app.py", later);
  CHECK(newest() == later.time_since_epoch().count());
  CHECK(HotFolders().NewestChange(folder.path() / "none") == 0);

  // Within a second, the same object does not look again.
  HotFolders folders;
  CHECK(folders.NewestChange(folder.path()) == later.time_since_epoch().count());
  fs::last_write_time(folder.path() / "a" / "b" / "app.py", later + std::chrono::hours(1));
  CHECK(folders.NewestChange(folder.path()) == later.time_since_epoch().count());
}

}  // namespace
}  // namespace weir::lambda
