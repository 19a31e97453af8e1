// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/lambda/lambda_fixture.h"

namespace weir::lambda {
namespace {

const std::string kFunctions = "/2015-03-31/functions";
const std::string kOrders = kFunctions + "/orders";
const std::string kVersions = kOrders + "/versions";
const std::string kAliases = kOrders + "/aliases";
const std::string kArn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";

// Makes the function differ from its last version.
void Touch(LambdaFixture& lambda) {
  REQUIRE(lambda.Run("PUT", kOrders + "/configuration", TestJson::object()).summary() == "200");
}

// The member of all elements of a list.
std::vector<std::string> Each(const TestJson& list, const std::string& member) {
  std::vector<std::string> values;
  for (const TestJson& element : list) {
    values.push_back(element.at(member));
  }
  return values;
}

TEST_CASE("PublishVersion makes a version, but not of the same twice", "[lambda][PublishVersion]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const TestJson latest = lambda.Run("GET", kOrders + "/configuration").body;
  const TestAnswer first = lambda.Run("POST", kVersions, {{"Description", "one"}});
  CHECK(first.status == 201);
  CHECK(first.body["Version"] == "1");
  CHECK(first.body["FunctionArn"] == kArn + ":1");
  CHECK(first.body["Description"] == "one");
  CHECK(first.body["State"] == "Active");
  CHECK(first.body["LastUpdateStatus"] == "Successful");
  CHECK(lambda.Run("GET", kOrders + "/configuration").body["RevisionId"] != latest["RevisionId"]);

  const TestAnswer again = lambda.Run("POST", kVersions, {{"Description", "two"}});
  CHECK(again.status == 201);
  CHECK(again.body["Version"] == "1");
  CHECK(again.body["Description"] == "one");
  CHECK(again.body["State"] == "Active");
  CHECK(again.body["LastUpdateStatus"] == "Successful");

  Touch(lambda);
  CHECK(lambda.Run("POST", kVersions, TestJson::object()).body["Version"] == "2");
}

TEST_CASE("PublishVersion checks revision and code", "[lambda][PublishVersion]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const TestJson latest = lambda.Run("GET", kOrders + "/configuration").body;
  CHECK(lambda.Run("POST", kVersions, {{"RevisionId", "x"}}).error ==
        "PreconditionFailedException");
  CHECK(
      lambda.Run("POST", kVersions, {{"CodeSha256", "x"}}).summary() ==
      "400 InvalidParameterValueException: CodeSHA256 (x) is different from current CodeSHA256 in "
      "$LATEST (" +
          latest["CodeSha256"].get<std::string>() +
          "). Please try again with the CodeSHA256 in $LATEST.");
  CHECK(lambda
            .Run("POST", kVersions,
                 {{"CodeSha256", latest["CodeSha256"]}, {"RevisionId", latest["RevisionId"]}})
            .status == 201);
}

TEST_CASE("CreateFunction may publish the first version", "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  TestJson request = LambdaFixture::NewFunction("orders");
  request["Publish"] = true;
  const TestAnswer created = lambda.Run("POST", kFunctions, request);
  CHECK(created.body["Version"] == "1");
  CHECK(created.body["FunctionArn"] == kArn);
  CHECK(Each(lambda.Run("GET", kVersions).body["Versions"], "Version") ==
        std::vector<std::string>{"$LATEST", "1"});
}

TEST_CASE("Versions are listed page by page, without states", "[lambda][ListVersionsByFunction]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  for (int i = 0; i < 11; ++i) {
    Touch(lambda);
    REQUIRE(lambda.Run("POST", kVersions, TestJson::object()).status == 201);
  }
  std::vector<std::string> arns;
  std::string marker;
  int pages = 0;
  do {
    const TestJson page = lambda.Run("GET", kVersions + "?MaxItems=5&Marker=" + marker).body;
    for (const std::string& arn : Each(page["Versions"], "FunctionArn")) {
      arns.push_back(arn);
    }
    CHECK_FALSE(page["Versions"][0].contains("State"));
    CHECK_FALSE(page["Versions"][0].contains("LastUpdateStatus"));
    marker = page.value("NextMarker", std::string());
    ++pages;
  } while (!marker.empty());
  CHECK(pages == 3);
  REQUIRE(arns.size() == 12);
  CHECK(arns.front() == kArn + ":$LATEST");
  CHECK(arns.back() == kArn + ":11");
}

TEST_CASE("Bad limits and markers of lists are refused", "[lambda][ListFunctions]") {
  LambdaFixture lambda;
  CHECK(lambda.Run("GET", kFunctions + "?MaxItems=0").summary() ==
        "400 ValidationException: 1 validation error detected: Value '0' at 'maxItems' failed to "
        "satisfy constraint: Member must have value greater than or equal to 1");
  CHECK(lambda.Run("GET", kFunctions + "?MaxItems=10001").summary() ==
        "400 ValidationException: 1 validation error detected: Value '10001' at 'maxItems' failed "
        "to satisfy constraint: Member must have value less than or equal to 10000");
  CHECK(lambda.Run("GET", kFunctions + "?MaxItems=x").error == "SerializationException");
  CHECK(lambda.Run("GET", kFunctions + "?Marker=*").error == "InvalidParameterValueException");
  CHECK(lambda.Run("GET", kFunctions + "?FunctionVersion=x").summary() ==
        "400 ValidationException: 1 validation error detected: Value 'x' at 'functionVersion' "
        "failed to satisfy constraint: Member must satisfy enum value set: [ALL]");
}

TEST_CASE("Functions are listed by name, with all versions if so asked",
          "[lambda][ListFunctions]") {
  LambdaFixture lambda;
  for (const std::string name : {"orders-b", "orders", "a"}) {
    lambda.Create(name);
  }
  REQUIRE(lambda.Run("POST", kVersions, TestJson::object()).status == 201);
  const TestJson page = lambda.Run("GET", kFunctions + "/?MaxItems=2").body;
  CHECK(Each(page["Functions"], "FunctionName") == std::vector<std::string>{"a", "orders"});
  const std::string marker = page["NextMarker"];
  const TestJson rest = lambda.Run("GET", kFunctions + "?Marker=" + marker).body;
  CHECK(Each(rest["Functions"], "FunctionName") == std::vector<std::string>{"orders-b"});
  CHECK_FALSE(rest.contains("NextMarker"));
  CHECK(Each(lambda.Run("GET", kFunctions + "?FunctionVersion=ALL").body["Functions"],
             "FunctionArn") ==
        std::vector<std::string>{"arn:aws:lambda:eu-west-1:000000000000:function:a:$LATEST",
                                 kArn + ":$LATEST", kArn + ":1", kArn + "-b:$LATEST"});
}

TEST_CASE("An alias leads to a version", "[lambda][aliases]") {
  LambdaFixture lambda;
  CHECK(lambda.Run("POST", kAliases, {{"Name", "live"}, {"FunctionVersion", "1"}}).summary() ==
        "404 ResourceNotFoundException: Function not found: " + kArn + ":1");
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kVersions, TestJson::object()).status == 201);
  const TestAnswer created =
      lambda.Run("POST", kAliases, {{"Name", "live"}, {"FunctionVersion", "1"}});
  CHECK(created.status == 201);
  CHECK(created.body == TestJson{{"AliasArn", kArn + ":live"},
                                 {"Name", "live"},
                                 {"FunctionVersion", "1"},
                                 {"Description", ""},
                                 {"RevisionId", created.body["RevisionId"]}});
  CHECK(lambda.Run("GET", kAliases + "/live").body == created.body);
  const TestJson configuration = lambda.Run("GET", kOrders + "/configuration?Qualifier=live").body;
  CHECK(configuration["FunctionArn"] == kArn + ":live");
  CHECK(configuration["Version"] == "1");
  CHECK(lambda.Run("POST", kAliases, {{"Name", "live"}, {"FunctionVersion", "1"}}).summary() ==
        "409 ResourceConflictException: Alias already exists: " + kArn + ":live");
  CHECK(lambda.Run("GET", kAliases + "/none").summary() ==
        "404 ResourceNotFoundException: Cannot find alias arn: " + kArn + ":none");
  CHECK(lambda.Run("POST", kAliases, {{"Name", "old"}, {"FunctionVersion", "9"}}).summary() ==
        "404 ResourceNotFoundException: Function not found: " + kArn + ":9");
  CHECK(lambda.Run("POST", kAliases, {{"Name", "1"}, {"FunctionVersion", "1"}}).summary() ==
        "400 ValidationException: 1 validation error detected: Value '1' at 'name' failed to "
        "satisfy constraint: Member must satisfy regular expression pattern: "
        "(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
}

TEST_CASE("UpdateAlias changes an alias of the right revision", "[lambda][aliases]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const TestJson created =
      lambda.Run("POST", kAliases, {{"Name", "live"}, {"FunctionVersion", "$LATEST"}}).body;
  const TestAnswer updated = lambda.Run(
      "PUT", kAliases + "/live", {{"Description", "d"}, {"RevisionId", created["RevisionId"]}});
  CHECK(updated.body["Description"] == "d");
  CHECK(updated.body["FunctionVersion"] == "$LATEST");
  CHECK(updated.body["RevisionId"] != created["RevisionId"]);
  CHECK(lambda.Run("PUT", kAliases + "/live", {{"RevisionId", created["RevisionId"]}}).error ==
        "PreconditionFailedException");
  CHECK(lambda.Run("PUT", kAliases + "/live", {{"FunctionVersion", "3"}}).error ==
        "ResourceNotFoundException");
  CHECK(lambda.Run("PUT", kAliases + "/none", TestJson::object()).error ==
        "ResourceNotFoundException");
}

TEST_CASE("Aliases are listed, also those of one version", "[lambda][aliases]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kVersions, TestJson::object()).status == 201);
  for (const auto& [name, version] :
       std::vector<std::pair<std::string, std::string>>{{"b", "1"}, {"a", "$LATEST"}, {"c", "1"}}) {
    lambda.Run("POST", kAliases, {{"Name", name}, {"FunctionVersion", version}});
  }
  CHECK(Each(lambda.Run("GET", kAliases).body["Aliases"], "Name") ==
        std::vector<std::string>{"a", "b", "c"});
  CHECK(Each(lambda.Run("GET", kAliases + "?FunctionVersion=1").body["Aliases"], "Name") ==
        std::vector<std::string>{"b", "c"});
  CHECK(lambda.Run("DELETE", kAliases + "/b").summary() == "204");
  CHECK(lambda.Run("DELETE", kAliases + "/b").summary() == "204");
  CHECK(Each(lambda.Run("GET", kAliases).body["Aliases"], "Name") ==
        std::vector<std::string>{"a", "c"});
}

TEST_CASE("The weights of an alias are checked", "[lambda][aliases]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kVersions, TestJson::object()).status == 201);
  Touch(lambda);
  REQUIRE(lambda.Run("POST", kVersions, TestJson::object()).status == 201);
  const auto create = [&lambda](const std::string& version, const TestJson& weights) {
    return lambda.Run("POST", kAliases,
                      {{"Name", "a"},
                       {"FunctionVersion", version},
                       {"RoutingConfig", {{"AdditionalVersionWeights", weights}}}});
  };
  CHECK(create("1", {{"2", 0.1}, {"3", 0.1}}).summary() ==
        "400 InvalidParameterValueException: Number of items in AdditionalVersionWeights cannot be "
        "greater than 1");
  CHECK(create("1", {{"1", 0.1}}).summary() ==
        "400 InvalidParameterValueException: Invalid function version 1. Function version 1 is "
        "already included in routing configuration.");
  CHECK(
      create("$LATEST", {{"1", 0.1}}).summary() ==
      "400 InvalidParameterValueException: $LATEST is not supported for an alias pointing to more "
      "than 1 version");
  CHECK_FALSE(create("$LATEST", {{"1", 0.1}}).body.contains("Type"));  // as observed
  CHECK(create("1", {{"7", 0.1}}).summary() ==
        "404 ResourceNotFoundException: Function not found: " + kArn + ":7");
  CHECK(create("1", {{"2", 1.5}}).summary() ==
        "400 ValidationException: 1 validation error detected: Value '{2=1.5}' at "
        "'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must "
        "satisfy constraint: [Member must have value less than or equal to 1.0, Member must have "
        "value greater than or equal to 0.0, Member must not be null]");
  CHECK(create("1", {{"2", 0.5}}).summary() == "201");
  CHECK(lambda.Run("GET", kAliases + "/a").body["RoutingConfig"] ==
        TestJson{{"AdditionalVersionWeights", {{"2", 0.5}}}});
  lambda.Run("PUT", kAliases + "/a", {{"RoutingConfig", TestJson::object()}});
  CHECK_FALSE(lambda.Run("GET", kAliases + "/a").body.contains("RoutingConfig"));
}

TEST_CASE("DeleteFunction deletes a version that no alias leads to", "[lambda][DeleteFunction]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kVersions, TestJson::object()).status == 201);
  lambda.Run("POST", kAliases, {{"Name", "live"}, {"FunctionVersion", "1"}});
  CHECK(lambda.Run("DELETE", kOrders + "?Qualifier=1").summary() ==
        "409 ResourceConflictException: Unable to delete version because the following aliases "
        "reference it: [live]");
  lambda.Run("DELETE", kAliases + "/live");
  CHECK(lambda.Run("DELETE", kOrders + "?Qualifier=1").summary() == "204");
  CHECK(lambda.Run("DELETE", kOrders + "?Qualifier=1").summary() == "204");
  CHECK(lambda.Run("GET", kOrders + "?Qualifier=1").summary() ==
        "404 ResourceNotFoundException: Function not found: " + kArn + ":1");
  CHECK(
      lambda.Run("DELETE", kOrders + "?Qualifier=$LATEST").summary() ==
      "400 InvalidParameterValueException: $LATEST version cannot be deleted without deleting the "
      "function.");
  // A number is not given twice.
  Touch(lambda);
  CHECK(lambda.Run("POST", kVersions, TestJson::object()).body["Version"] == "2");
}

}  // namespace
}  // namespace weir::lambda
