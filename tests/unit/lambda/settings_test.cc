// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "tests/unit/lambda/lambda_fixture.h"

namespace weir::lambda {
namespace {

const std::string kArn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";
const std::string kOrders = "/2015-03-31/functions/orders";
const std::string kPut = "/2017-10-31/functions/orders/concurrency";
const std::string kGet = "/2019-09-30/functions/orders/concurrency";
const std::string kEvents = "/2019-09-25/functions/orders/event-invoke-config";
const std::string kPolicy = kOrders + "/policy";
const std::string kTags = "/2017-03-31/tags/";

TEST_CASE("Reserved concurrency is put, read and deleted", "[lambda][concurrency]") {
  LambdaFixture lambda;
  CHECK(lambda.Run("PUT", kPut, {{"ReservedConcurrentExecutions", 1}}).summary() ==
        "404 ResourceNotFoundException: Function not found: " + kArn + ":$LATEST");
  lambda.Create("orders");
  CHECK(lambda.Run("GET", kGet).body == TestJson::object());
  CHECK(lambda.Run("PUT", kPut, {{"ReservedConcurrentExecutions", 900}}).body ==
        TestJson{{"ReservedConcurrentExecutions", 900}});
  CHECK(lambda.Run("PUT", kPut, {{"ReservedConcurrentExecutions", 901}}).summary() ==
        "400 InvalidParameterValueException: Specified ReservedConcurrentExecutions for function "
        "decreases account's UnreservedConcurrentExecution below its minimum value of [100].");
  CHECK_FALSE(lambda.Run("PUT", kPut, {{"ReservedConcurrentExecutions", 901}})
                  .body.contains("Type"));  // as observed
  CHECK(lambda.Run("GET", kGet).body == TestJson{{"ReservedConcurrentExecutions", 900}});
  CHECK(lambda.Run("GET", kOrders).body["Concurrency"] ==
        TestJson{{"ReservedConcurrentExecutions", 900}});
  lambda.Create("others");
  CHECK(lambda
            .Run("PUT", "/2017-10-31/functions/others/concurrency",
                 {{"ReservedConcurrentExecutions", 1}})
            .error == "InvalidParameterValueException");
  CHECK(lambda.Run("DELETE", kPut).summary() == "204");
  CHECK(lambda.Run("GET", kGet).body == TestJson::object());
  CHECK(lambda.Run("PUT", kPut, TestJson::object()).summary() ==
        "400 ValidationException: 1 validation error detected: Value null at "
        "'reservedConcurrentExecutions' failed to satisfy constraint: Member must not be null");
}

TEST_CASE("The account's settings count functions and code", "[lambda][GetAccountSettings]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  lambda.Create("others");
  lambda.Run("PUT", kPut, {{"ReservedConcurrentExecutions", 7}});
  const TestJson size = lambda.Run("GET", kOrders + "/configuration").body["CodeSize"];
  CHECK(lambda.Run("GET", "/2016-08-19/account-settings").body ==
        TestJson{{"AccountLimit",
                  {{"TotalCodeSize", 4'294'967'296},
                   {"CodeSizeUnzipped", 262'144'000},
                   {"CodeSizeZipped", 52'428'800},
                   {"ConcurrentExecutions", 1000},
                   {"UnreservedConcurrentExecutions", 993}}},
                 {"AccountUsage", {{"TotalCodeSize", size}, {"FunctionCount", 2}}}});
}

TEST_CASE("The small settings that tools ask for are answered", "[lambda][settings]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const std::string recursion = "/2024-08-31/functions/orders/recursion-config";
  CHECK(lambda.Run("GET", recursion).body == TestJson{{"RecursiveLoop", "Terminate"}});
  CHECK(lambda.Run("PUT", recursion, {{"RecursiveLoop", "Allow"}}).body ==
        TestJson{{"RecursiveLoop", "Allow"}});
  CHECK(lambda.Run("GET", recursion).body == TestJson{{"RecursiveLoop", "Allow"}});
  CHECK(lambda.Run("PUT", recursion, {{"RecursiveLoop", "x"}}).error == "ValidationException");
  CHECK(lambda.Run("GET", "/2020-06-30/functions/orders/code-signing-config").body ==
        TestJson::object());
  CHECK(lambda.Run("GET", "/2020-06-30/functions/none/code-signing-config").error ==
        "ResourceNotFoundException");
  CHECK(lambda.Run("GET", "/2021-07-20/functions/orders/runtime-management-config").body ==
        TestJson{{"UpdateRuntimeOn", "Auto"}, {"FunctionArn", kArn}});
}

TEST_CASE("Settings that no function has are answered as AWS does where there are none",
          "[lambda][settings]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kOrders + "/versions", TestJson::object()).status == 201);
  const auto get = [&lambda](const std::string& target) {
    const TestAnswer answer = lambda.Run("GET", target);
    return answer.status == 200 ? answer.body.dump() : answer.summary();
  };
  const std::string not_found = "404 ResourceNotFoundException: ";
  const std::string none = "arn:aws:lambda:eu-west-1:000000000000:function:none";

  const auto provisioned = [](const std::string& name) {
    return "/2019-09-30/functions/" + name + "/provisioned-concurrency";
  };
  CHECK(get(provisioned("orders") + "?List=ALL") == R"({"ProvisionedConcurrencyConfigs":[]})");
  CHECK(get(provisioned("none") + "?List=ALL") == not_found + "Function not found: " + none);
  CHECK(get(provisioned("orders") + "?List=ALL&MaxItems=51").starts_with("400 Validation"));
  CHECK(get(provisioned("orders") + "?Qualifier=1") ==
        "404 ProvisionedConcurrencyConfigNotFoundException: No Provisioned Concurrency Config "
        "found for this function");
  CHECK(get(provisioned("orders") + "?Qualifier=2") ==
        not_found + "Function not found: " + kArn + ":2");
  CHECK(get(provisioned("none") + "?Qualifier=1") ==
        not_found + "Function not found: " + none + ":1");
  CHECK(get(provisioned("orders") + "?Qualifier=live") ==
        not_found + "Cannot find alias arn: " + kArn + ":live");
  CHECK(get(provisioned("orders") + "?Qualifier=$LATEST") ==
        "400 InvalidParameterValueException: The function resource provided must be an alias or a "
        "published version.");
  CHECK(get(provisioned("orders")) ==
        "400 ValidationException: 1 validation error detected: Value null at 'qualifier' failed to "
        "satisfy constraint: Member must not be null");

  CHECK(get("/2021-10-31/functions/orders/url") ==
        not_found + "The resource you requested does not exist.");
  CHECK(get("/2021-10-31/functions/orders/urls") == R"({"FunctionUrlConfigs":[]})");
  CHECK(get("/2021-10-31/functions/none/urls") == not_found + "Function does not exist");
  CHECK(get("/2018-10-31/layers") == R"({"Layers":[]})");

  const auto unsign = [&lambda](const std::string& name) {
    return lambda.Run("DELETE", "/2020-06-30/functions/" + name + "/code-signing-config").summary();
  };
  CHECK(unsign("orders") == "204");
  CHECK(unsign("none") == not_found + "Function not found: " + none);
}

TEST_CASE("Settings of asynchronous invocations are put and updated",
          "[lambda][event-invoke-config]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const std::string missing = "404 ResourceNotFoundException: The function " + kArn +
                              ":$LATEST doesn't have an EventInvokeConfig";
  CHECK(lambda.Run("GET", kEvents).summary() == missing);
  CHECK(lambda.Run("POST", kEvents, {{"MaximumRetryAttempts", 0}}).summary() == missing);
  const TestAnswer put = lambda.Run("PUT", kEvents, {{"MaximumRetryAttempts", 1}});
  CHECK(put.status == 200);
  CHECK(put.body ==
        TestJson{{"FunctionArn", kArn + ":$LATEST"},
                 {"LastModified", 1796126400.25},
                 {"MaximumRetryAttempts", 1},
                 {"DestinationConfig",
                  {{"OnSuccess", TestJson::object()}, {"OnFailure", TestJson::object()}}}});
  TestJson updated = put.body;
  updated["MaximumEventAgeInSeconds"] = 60;
  CHECK(lambda.Run("POST", kEvents, {{"MaximumEventAgeInSeconds", 60}}).body == updated);
  CHECK(lambda.Run("GET", kEvents).body == updated);
  CHECK(lambda.Run("GET", kEvents + "/list").body ==
        TestJson{{"FunctionEventInvokeConfigs", {updated}}});
  const LambdaResult<FunctionRef> function = lambda.functions().Resolve("orders", "", "eu-west-1");
  const AsyncSettings settings = lambda.functions().AsyncSettingsOf(function.value());
  CHECK(settings.maximum_retry_attempts == 1);
  CHECK(settings.maximum_event_age == std::chrono::seconds(60));
  // A put takes the place of all.
  CHECK_FALSE(lambda.Run("PUT", kEvents, {{"MaximumRetryAttempts", 2}})
                  .body.contains("MaximumEventAgeInSeconds"));
  CHECK(lambda.Run("DELETE", kEvents).summary() == "204");
  CHECK(lambda.Run("DELETE", kEvents).summary() == missing);
}

TEST_CASE("Settings of asynchronous invocations are checked", "[lambda][event-invoke-config]") {
  LambdaFixture lambda;
  CHECK(lambda.Run("PUT", kEvents, {{"MaximumRetryAttempts", 1}}).summary() ==
        "404 ResourceNotFoundException: The function doesn't exist.");
  lambda.Create("orders");
  CHECK(lambda.Run("PUT", kEvents, TestJson::object()).summary() ==
        "400 InvalidParameterValueException: You must specify at least one of error handling or "
        "destination setting.");
  CHECK(lambda.Run("PUT", kEvents, {{"MaximumRetryAttempts", 3}}).summary() ==
        "400 ValidationException: 1 validation error detected: Value '3' at "
        "'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or "
        "equal to 2");
  CHECK(lambda
            .Run("PUT", kEvents,
                 {{"DestinationConfig",
                   {{"OnFailure", {{"Destination", "arn:aws:sqs:eu-west-1:000000000000:q"}}}}}})
            .summary() ==
        "400 InvalidParameterValueException: DestinationConfig.OnFailure is not supported by Weir "
        "yet");
  CHECK(lambda.Run("PUT", kEvents, {{"DestinationConfig", TestJson::object()}}).status == 200);
  CHECK(lambda.Run("PUT", kEvents + "?Qualifier=live", {{"MaximumRetryAttempts", 1}}).error ==
        "ResourceNotFoundException");
}

TEST_CASE("Permissions are kept as a policy", "[lambda][policy]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  CHECK(lambda.Run("GET", kPolicy).summary() ==
        "404 ResourceNotFoundException: The resource you requested does not exist.");
  const TestAnswer added = lambda.Run("POST", kPolicy,
                                      {{"StatementId", "s3"},
                                       {"Action", "lambda:InvokeFunction"},
                                       {"Principal", "s3.amazonaws.com"},
                                       {"SourceArn", "arn:aws:s3:::bucket"},
                                       {"SourceAccount", "000000000000"}});
  CHECK(added.status == 201);
  const std::string statement =
      R"({"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},)"
      R"("Action":"lambda:InvokeFunction","Resource":")" +
      kArn +
      R"(","Condition":{"StringEquals":{"AWS:SourceAccount":"000000000000"},)"
      R"("ArnLike":{"AWS:SourceArn":"arn:aws:s3:::bucket"}}})";
  CHECK(added.body == TestJson{{"Statement", statement}});
  const TestJson policy = lambda.Run("GET", kPolicy).body;
  CHECK(policy["Policy"] ==
        R"({"Version":"2012-10-17","Id":"default","Statement":[)" + statement + "]}");
  CHECK(policy["RevisionId"] == lambda.Run("GET", kOrders + "/configuration").body["RevisionId"]);
  CHECK(lambda.Run("DELETE", kPolicy + "/other").summary() ==
        "404 ResourceNotFoundException: Statement other is not found in resource policy.");
  CHECK(lambda.Run("DELETE", kPolicy + "/s3?RevisionId=x").error == "PreconditionFailedException");
  CHECK(lambda.Run("DELETE", kPolicy + "/s3").summary() == "204");
  CHECK(lambda.Run("DELETE", kPolicy + "/s3").summary() ==
        "404 ResourceNotFoundException: No policy is associated with the given resource.");
  CHECK(lambda.Run("DELETE", "/2015-03-31/functions/none/policy/s3").summary() ==
        "404 ResourceNotFoundException: No policy found for: "
        "arn:aws:lambda:eu-west-1:000000000000:function:none");
}

TEST_CASE("Permissions are checked", "[lambda][policy]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const auto add = [&lambda](std::string_view id, std::string_view principal,
                             const std::string& query) {
    return lambda
        .Run("POST", kPolicy + query,
             {{"StatementId", id}, {"Action", "lambda:*"}, {"Principal", principal}})
        .summary();
  };
  CHECK(add("a", "*", "") == "201");
  CHECK(add("a", "*", "") ==
        "409 ResourceConflictException: The statement id (a) provided already exists. Please "
        "provide a new statement id, or remove the existing statement.");
  CHECK(add("b", "nobody", "") ==
        "400 InvalidParameterValueException: The provided principal was invalid. Please check the "
        "principal and try again.");
  CHECK(add("b", "*", "?Qualifier=$LATEST") ==
        "400 InvalidParameterValueException: We currently do not support adding policies for "
        "$LATEST.");
  CHECK(add("b", "*", "?Qualifier=live") ==
        "404 ResourceNotFoundException: Cannot find alias arn: " + kArn + ":live");
  CHECK(add("b", "*", "?Qualifier=1") ==
        "404 ResourceNotFoundException: Function not found: " + kArn + ":1");
  CHECK(add("no word", "*", "") ==
        "400 ValidationException: 1 validation error detected: Value 'no word' at 'statementId' "
        "failed to satisfy constraint: Member must satisfy regular expression pattern: "
        "([a-zA-Z0-9-_]+)");
  CHECK(add("b", "000000000000", "") == "201");
  const TestJson policy =
      TestJson::parse(lambda.Run("GET", kPolicy).body["Policy"].get<std::string>());
  CHECK(policy["Statement"][0]["Principal"] == "*");
  CHECK(policy["Statement"][1]["Principal"] == TestJson{{"AWS", "arn:aws:iam::000000000000:root"}});
}

TEST_CASE("A version has a policy of its own", "[lambda][policy]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kOrders + "/versions", TestJson::object()).status == 201);
  const std::string version = kOrders + "/configuration?Qualifier=1";
  const TestJson before = lambda.Run("GET", version).body;
  CHECK(lambda
            .Run("POST", kPolicy + "?Qualifier=1",
                 {{"StatementId", "a"}, {"Action", "*"}, {"Principal", "*"}})
            .status == 201);
  CHECK(lambda.Run("GET", version).body["RevisionId"] != before["RevisionId"]);
  CHECK(lambda.Run("GET", kPolicy).error == "ResourceNotFoundException");
  CHECK(lambda.Run("GET", kPolicy + "?Qualifier=1").status == 200);
  lambda.Restart();
  CHECK(lambda.Run("GET", kPolicy + "?Qualifier=1").status == 200);
}

TEST_CASE("A policy's size is limited", "[lambda][policy]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  std::string last;
  for (int i = 0; i < 200 && (last.empty() || last == "201"); ++i) {
    last = lambda
               .Run("POST", kPolicy,
                    {{"StatementId", "s" + std::to_string(i)},
                     {"Action", "lambda:InvokeFunction"},
                     {"Principal", "events.amazonaws.com"}})
               .summary();
  }
  CHECK(last.starts_with("400 PolicyLengthExceededException: The final policy size (20"));
  CHECK(last.ends_with(") is bigger than the limit (20480)."));
}

// Tags of event source mappings, as their owner keeps them.
class FakeMappings final : public TagOwner {
 public:
  [[nodiscard]] LambdaResult<Tags> TagsOf(std::string_view arn) const override {
    return arn.ends_with("0")
               ? LambdaResult<Tags>(tags)
               : LambdaResult<Tags>(MakeLambdaError(LambdaErrorCode::kResourceNotFound, "none"));
  }
  LambdaStatus ChangeTags(std::string_view /*arn*/,
                          const std::function<LambdaStatus(Tags&)>& change) override {
    return change(tags);
  }
  Tags tags;
};

TEST_CASE("A function's tags are added, listed and removed", "[lambda][tags]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const std::string tags = kTags + "arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3A";
  CHECK(lambda.Run("POST", tags + "orders", {{"Tags", {{"a", "1"}, {"b", "2"}}}}).summary() ==
        "204");
  CHECK(lambda.Run("POST", tags + "orders", {{"Tags", {{"b", "3"}}}}).summary() == "204");
  CHECK(lambda.Run("GET", tags + "orders").body == TestJson{{"Tags", {{"a", "1"}, {"b", "3"}}}});
  CHECK(lambda.Run("DELETE", tags + "orders?tagKeys=a&tagKeys=x").summary() == "204");
  CHECK(lambda.Run("GET", tags + "orders").body == TestJson{{"Tags", {{"b", "3"}}}});
  CHECK(lambda.Run("DELETE", tags + "orders").summary() ==
        "400 ValidationException: 1 validation error detected: Value null at 'tagKeys' failed to "
        "satisfy constraint: Member must not be null");
  CHECK(lambda.Run("POST", tags + "orders", {{"Tags", TestJson::object()}}).summary() ==
        "400 InvalidParameterValueException: An error occurred and the request cannot be "
        "processed.");
  CHECK(lambda.Run("GET", tags + "orders%3Alive").summary() ==
        "400 InvalidParameterValueException: Tags on function aliases and versions are not "
        "supported. Please specify a function ARN.");
  CHECK(lambda.Run("GET", tags + "none").error == "ResourceNotFoundException");
  CHECK(lambda.Run("GET", kTags + "orders").error == "ValidationException");
}

TEST_CASE("Tags of event source mappings are kept by their owner", "[lambda][tags]") {
  FakeMappings mappings;
  LambdaFixture lambda({}, &mappings);
  const std::string arn = kTags + "arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3A" +
                          "event-source-mapping%3A00000000-0000-0000-0000-00000000000";
  CHECK(lambda.Run("POST", arn + "0", {{"Tags", {{"a", "1"}}}}).summary() == "204");
  CHECK(mappings.tags == Tags{{"a", "1"}});
  CHECK(lambda.Run("GET", arn + "0").body == TestJson{{"Tags", {{"a", "1"}}}});
  CHECK(lambda.Run("GET", arn + "1").summary() == "404 ResourceNotFoundException: none");
  CHECK(lambda.Run("DELETE", arn + "0?tagKeys=a").summary() == "204");
  CHECK(mappings.tags.empty());
}

}  // namespace
}  // namespace weir::lambda
