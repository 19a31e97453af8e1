// SPDX-License-Identifier: Apache-2.0
// The calls that Terraform's AWS provider makes for a function, a version, an alias and a
// permission, from their creation to their end.
#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/lambda/lambda_fixture.h"

namespace weir::lambda {
namespace {

const std::string kFunctions = "/2015-03-31/functions";
const std::string kOrders = kFunctions + "/orders";
const std::string kArn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";

TEST_CASE("Terraform can create, refresh, change and destroy a function", "[lambda][terraform]") {
  LambdaFixture lambda;
  // aws_lambda_function with publish = true: create, wait, read.
  TestJson request = LambdaFixture::NewFunction("orders");
  request["Publish"] = true;
  request["Architectures"] = {"x86_64"};
  request["PackageType"] = "Zip";
  request["Tags"] = {{"env", "test"}};
  request["TracingConfig"] = {{"Mode", "PassThrough"}};
  request["LoggingConfig"] = {{"LogFormat", "Text"}};
  request["SnapStart"] = {{"ApplyOn", "None"}};
  REQUIRE(lambda.Run("POST", kFunctions, request).summary() == "201");
  const TestJson read = lambda.Run("GET", kOrders).body;
  CHECK(read["Configuration"]["State"] == "Active");
  CHECK(read["Configuration"]["LastUpdateStatus"] == "Successful");
  CHECK(read["Tags"] == TestJson{{"env", "test"}});
  CHECK(lambda.Run("GET", kOrders + "/versions?MaxItems=10000").body["Versions"].size() == 2);
  CHECK(lambda.Run("GET", "/2020-06-30/functions/orders/code-signing-config").summary() == "200");

  // aws_lambda_alias and aws_lambda_permission.
  CHECK(lambda
            .Run("POST", kOrders + "/aliases",
                 {{"Name", "live"}, {"FunctionVersion", "1"}, {"Description", ""}})
            .status == 201);
  CHECK(lambda.Run("GET", kOrders + "/aliases/live").body["AliasArn"] == kArn + ":live");
  CHECK(lambda
            .Run("POST", kOrders + "/policy?Qualifier=live",
                 {{"StatementId", "AllowEvents"},
                  {"Action", "lambda:InvokeFunction"},
                  {"Principal", "events.amazonaws.com"}})
            .status == 201);
  const TestJson policy = TestJson::parse(
      lambda.Run("GET", kOrders + "/policy?Qualifier=live").body["Policy"].get<std::string>());
  CHECK(policy["Statement"][0]["Resource"] == kArn + ":live");

  // Changes: configuration, wait, code, wait.
  CHECK(lambda
            .Run("PUT", kOrders + "/configuration",
                 {{"Timeout", 30},
                  {"Environment", {{"Variables", {{"STAGE", "test"}}}}},
                  {"DeadLetterConfig", {{"TargetArn", ""}}},
                  {"FileSystemConfigs", TestJson::array()},
                  {"Layers", TestJson::array()},
                  {"VpcConfig",
                   {{"SecurityGroupIds", TestJson::array()}, {"SubnetIds", TestJson::array()}}},
                  {"KMSKeyArn", ""}})
            .summary() == "200");
  CHECK(lambda.Run("GET", kOrders).body["Configuration"]["LastUpdateStatus"] == "Successful");
  CHECK(lambda
            .Run("PUT", kOrders + "/code",
                 {{"ZipFile", Base64Of(ZipOf("app.py", "2"))}, {"Architectures", {"x86_64"}}})
            .summary() == "200");
  CHECK(lambda.Run("POST", kOrders + "/versions", TestJson::object()).body["Version"] == "2");
  CHECK(lambda.Run("PUT", kOrders + "/aliases/live", {{"FunctionVersion", "2"}}).summary() ==
        "200");

  // Destroy.
  CHECK(lambda.Run("DELETE", kOrders + "/policy/AllowEvents?Qualifier=live").summary() == "204");
  CHECK(lambda.Run("GET", kOrders + "/policy?Qualifier=live").error == "ResourceNotFoundException");
  CHECK(lambda.Run("DELETE", kOrders + "/aliases/live").summary() == "204");
  CHECK(lambda.Run("GET", kOrders + "/aliases/live").error == "ResourceNotFoundException");
  CHECK(lambda.Run("DELETE", kOrders).summary() == "204");
  CHECK(lambda.Run("GET", kOrders).summary() ==
        "404 ResourceNotFoundException: Function not found: " + kArn);
}

}  // namespace
}  // namespace weir::lambda
