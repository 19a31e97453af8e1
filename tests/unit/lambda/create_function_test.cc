// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/lambda/lambda_fixture.h"

namespace weir::lambda {
namespace {

constexpr std::string_view kFunctions = "/2015-03-31/functions";
const std::string kArn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";

TestJson Defaults(const TestJson& answer) {
  return {{"FunctionName", "orders"},
          {"FunctionArn", kArn},
          {"Runtime", "python3.12"},
          {"Role", LambdaFixture::kRole},
          {"Handler", "app.handler"},
          {"CodeSize", answer.at("CodeSize")},
          {"CodeSha256", answer.at("CodeSha256")},
          {"Description", ""},
          {"Timeout", 3},
          {"MemorySize", 128},
          {"LastModified", "2026-12-01T12:00:00.250+0000"},
          {"Version", "$LATEST"},
          {"RevisionId", answer.at("RevisionId")},
          {"PackageType", "Zip"},
          {"Architectures", {"x86_64"}},
          {"EphemeralStorage", {{"Size", 512}}},
          {"SnapStart", {{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}}},
          {"TracingConfig", {{"Mode", "PassThrough"}}},
          {"LoggingConfig", {{"LogFormat", "Text"}, {"LogGroup", "/aws/lambda/orders"}}}};
}

TEST_CASE("CreateFunction answers Pending, and the next answer is Active",
          "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  const TestAnswer created = lambda.Run("POST", kFunctions, LambdaFixture::NewFunction("orders"));
  REQUIRE(created.summary() == "201");
  TestJson expected = Defaults(created.body);
  expected["State"] = "Pending";
  expected["StateReason"] = "The function is being created.";
  expected["StateReasonCode"] = "Creating";
  CHECK(created.body == expected);
  CHECK(created.body["CodeSize"] == ZipOf("app.py", "def handler(e, c): return e\n").size());
  CHECK(created.body["CodeSha256"].get<std::string>().size() == 44);

  const TestAnswer read = lambda.Run("GET", std::string(kFunctions) + "/orders/configuration");
  REQUIRE(read.summary() == "200");
  expected = Defaults(read.body);
  expected["State"] = "Active";
  expected["LastUpdateStatus"] = "Successful";
  CHECK(read.body == expected);
  CHECK(read.body["RevisionId"] != created.body["RevisionId"]);
}

TEST_CASE("CreateFunction keeps what it is given", "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  TestJson request = LambdaFixture::NewFunction("orders");
  request["Description"] = "for orders";
  request["Timeout"] = 900;
  request["MemorySize"] = 10240;
  request["Environment"] = {{"Variables", {{"STAGE", "test"}, {"EMPTY", ""}}}};
  request["Architectures"] = {"arm64"};
  request["EphemeralStorage"] = {{"Size", 1024}};
  request["TracingConfig"] = {{"Mode", "Active"}};
  request["KMSKeyArn"] = "arn:aws:kms:eu-west-1:000000000000:key/k";
  request["LoggingConfig"] = {{"LogFormat", "JSON"}, {"LogGroup", "/my/group"}};
  request["Tags"] = {{"team", "a b"}};
  request["VpcConfig"] = {{"SubnetIds", TestJson::array()}};
  request["Layers"] = TestJson::array();
  REQUIRE(lambda.Run("POST", kFunctions, request).summary() == "201");
  const TestJson body = lambda.Run("GET", std::string(kFunctions) + "/orders").body;
  const TestJson& configuration = body["Configuration"];
  for (const std::string_view same :
       {"Description", "Timeout", "MemorySize", "Environment", "Architectures", "EphemeralStorage",
        "TracingConfig", "KMSKeyArn"}) {
    CAPTURE(same);
    CHECK(configuration[std::string(same)] == request[std::string(same)]);
  }
  CHECK(configuration["LoggingConfig"] == TestJson{{"LogFormat", "JSON"},
                                                   {"LogGroup", "/my/group"},
                                                   {"ApplicationLogLevel", "INFO"},
                                                   {"SystemLogLevel", "INFO"}});
  CHECK(body["Tags"] == TestJson{{"team", "a b"}});
  CHECK_FALSE(configuration.contains("VpcConfig"));
  CHECK_FALSE(configuration.contains("Layers"));
}

TEST_CASE("CreateFunction refuses a second function of a name", "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  TestJson request = LambdaFixture::NewFunction(kArn);
  CHECK(lambda.Run("POST", kFunctions, request).summary() ==
        "409 ResourceConflictException: Function already exist: orders");
}

// The answer to a CreateFunction that differs by `changes`; null removes a member.
std::string Refusal(const TestJson& changes) {
  LambdaFixture lambda;
  TestJson request = LambdaFixture::NewFunction("orders");
  request.merge_patch(changes);
  return lambda.Run("POST", kFunctions, request).summary();
}

TEST_CASE("CreateFunction counts broken limits", "[lambda][CreateFunction]") {
  const std::string invalid = "400 ValidationException: ";
  const std::vector<std::pair<TestJson, std::string>> rows = {
      {{{"Role", nullptr}},
       "1 validation error detected: Value null at 'role' failed to satisfy constraint: Member "
       "must not be null"},
      {{{"Role", "r"}},
       "1 validation error detected: Value 'r' at 'role' failed to satisfy constraint: Member must "
       "satisfy regular expression pattern: "
       R"(arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)"},
      {{{"Timeout", 0}, {"MemorySize", 127}},
       "2 validation errors detected: Value '0' at 'timeout' failed to satisfy constraint: Member "
       "must have value greater than or equal to 1; Value '127' at 'memorySize' failed to satisfy "
       "constraint: Member must have value greater than or equal to 128"},
      {{{"Architectures", {"x86_64", "arm64"}}},
       "1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to satisfy "
       "constraint: Member must have length less than or equal to 1"},
      {{{"Architectures", {"mips"}}},
       "1 validation error detected: Value '[mips]' at 'architectures' failed to satisfy "
       "constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, "
       "arm64], Member must not be null]"},
      {{{"TracingConfig", {{"Mode", "x"}}}},
       "1 validation error detected: Value 'x' at 'tracingConfig.mode' failed to satisfy "
       "constraint: Member must satisfy enum value set: [Active, PassThrough]"},
      {{{"EphemeralStorage", {{"Size", 1}}}},
       "1 validation error detected: Value '1' at 'ephemeralStorage.size' failed to satisfy "
       "constraint: Member must have value greater than or equal to 512"},
      {{{"Environment", {{"Variables", {{"a-b", "c"}}}}}},
       "1 validation error detected: Value at 'environment.variables' failed to satisfy "
       "constraint: Map keys must satisfy constraint: [Member must satisfy regular expression "
       "pattern: [a-zA-Z]([a-zA-Z0-9_])+]"},
  };
  for (const auto& [changes, expected] : rows) {
    CAPTURE(changes);
    CHECK(Refusal(changes) == invalid + expected);
  }
}

TEST_CASE("CreateFunction refuses what makes no sense", "[lambda][CreateFunction]") {
  const std::string invalid = "400 InvalidParameterValueException: ";
  const std::vector<std::pair<TestJson, std::string>> rows = {
      {{{"FunctionName", std::string(65, 'a')}},
       "1 validation error detected: Value '" + std::string(65, 'a') +
           "' at 'functionName' failed to satisfy constraint: Member must have length less than or "
           "equal to 64"},
      {{{"Runtime", nullptr}},
       "Runtime and Handler are mandatory parameters for functions created with deployment "
       "packages."},
      {{{"MemorySize", 10241}},
       "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal "
       "to 10240"},
      {{{"Code", {{"ZipFile", nullptr}}}}, "Please provide a source for function code."},
      {{{"Code", {{"ZipFile", ""}}}}, "Uploaded file must be a non-empty zip"},
      {{{"Code", {{"ZipFile", Base64Of("no zip")}}}},
       "Could not unzip uploaded file. Please check your file, then try to upload again."},
      {{{"Environment", {{"Variables", {{"AWS_REGION", "a"}}}}}},
       "Lambda was unable to configure your environment variables because the environment "
       "variables you have provided contains reserved keys that are currently not supported for "
       "modification. Reserved keys used in this request: AWS_REGION"},
  };
  for (const auto& [changes, expected] : rows) {
    CAPTURE(changes);
    CHECK(Refusal(changes) == invalid + expected);
  }
  const std::string large(4090, 'x');
  CHECK(Refusal({{"Environment", {{"Variables", {{"LARGE", large}}}}}}) ==
        invalid +
            "Lambda was unable to configure your environment variables because the environment "
            "variables you have provided exceeded the 4KB limit. String measured: {\"LARGE\":\"" +
            large + "\"}");
  CHECK(Refusal({{"Runtime", "cobol"}})
            .starts_with(invalid +
                         "Value cobol at 'runtime' failed to satisfy constraint: Member must "
                         "satisfy enum value set: [nodejs16.x, nodejs18.x, "));
  CHECK(Refusal({{"Runtime", "cobol"}}).ends_with(", provided.al2023] or be a valid ARN"));
}

TEST_CASE("Runtimes of which AWS makes no functions any more are refused",
          "[lambda][CreateFunction]") {
  const auto refusal = [](const std::string& runtime) {
    return "400 InvalidParameterValueException: The runtime parameter of " + runtime +
           " is no longer supported for creating or updating AWS Lambda functions. We recommend "
           "you use a supported runtime while creating or updating functions.";
  };
  for (const char* runtime :
       {"python3.7", "nodejs14.x", "go1.x", "java8", "dotnetcore3.1", "ruby2.7", "provided"}) {
    CHECK(Refusal({{"Runtime", runtime}}) == refusal(runtime));
  }
  LambdaFixture lambda;
  lambda.Create("orders");
  CHECK(lambda.Run("PUT", "/2015-03-31/functions/orders/configuration", {{"Runtime", "python2.7"}})
            .summary() == refusal("python2.7"));
}

TEST_CASE("CreateFunction makes functions of its own region and account alone",
          "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  const auto create = [&lambda](const std::string& name) {
    return lambda.Run("POST", "/2015-03-31/functions", LambdaFixture::NewFunction(name));
  };
  CHECK(create("arn:aws:lambda:ap-southeast-1:000000000000:function:orders").summary() ==
        "404 ResourceNotFoundException: Functions from 'ap-southeast-1' are not reachable in this "
        "region ('eu-west-1')");
  const TestAnswer refused = create("arn:aws:lambda:eu-west-1:111111111111:function:orders");
  CHECK(refused.status == 403);
  CHECK(refused.error == "AccessDeniedException");
  CHECK(refused.body == TestJson{{"Message", nullptr}});
  CHECK(lambda.functions().Find("orders") == nullptr);
  CHECK(create("arn:aws:lambda:eu-west-1:000000000000:function:orders").status == 201);
}

TEST_CASE("CreateFunction refuses what Weir does not have by name", "[lambda][CreateFunction]") {
  const std::vector<std::pair<TestJson, std::string>> rows = {
      {{{"PackageType", "Image"}, {"Code", {{"ZipFile", nullptr}, {"ImageUri", "i"}}}},
       "PackageType Image"},
      {{{"Layers", {"arn:aws:lambda:eu-west-1:000000000000:layer:l:1"}}}, "Layers"},
      {{{"VpcConfig", {{"SubnetIds", {"subnet-1"}}}}}, "VpcConfig"},
      {{{"FileSystemConfigs", {{{"Arn", "a"}, {"LocalMountPath", "/mnt/a"}}}}},
       "FileSystemConfigs"},
      {{{"DeadLetterConfig", {{"TargetArn", "arn:aws:sqs:eu-west-1:000000000000:q"}}}},
       "DeadLetterConfig"},
      {{{"SnapStart", {{"ApplyOn", "PublishedVersions"}}}}, "SnapStart"},
      {{{"ImageConfig", {{"Command", {"a"}}}}}, "ImageConfig"},
      {{{"DurableConfig", {{"ExecutionTimeout", 1}}}}, "DurableConfig"},
      {{{"CodeSigningConfigArn", "a"}}, "CodeSigningConfigArn"},
  };
  for (const auto& [changes, name] : rows) {
    CHECK(Refusal(changes) ==
          "400 InvalidParameterValueException: " + name + " is not supported by Weir yet");
  }
  CHECK(Refusal({{"Code", {{"ZipFile", nullptr}, {"S3Bucket", "bucket"}, {"S3Key", "k"}}}}) ==
        "400 InvalidParameterValueException: Code from S3 is not supported by Weir yet: send it as "
        "ZipFile, or give hot-reload as S3Bucket and the path of a folder as S3Key");
}

TEST_CASE("CreateFunction refuses values of wrong types", "[lambda][CreateFunction]") {
  const std::vector<std::pair<TestJson, std::string>> rows = {
      {{{"Timeout", "3"}}, "STRING_VALUE cannot be converted to Integer"},
      {{{"Handler", 1}}, "NUMBER_VALUE cannot be converted to String"},
      {{{"Publish", "true"}}, "STRING_VALUE cannot be converted to Boolean"},
      {{{"Handler", {1}}}, "Start of list found where not expected"},
      {{{"Runtime", {{"a", 1}}}}, "Start of structure or map found where not expected"},
      {{{"Tags", {{"a", 1}}}}, "Unexpected field type"},
      {{{"Code", {{"ZipFile", "*"}}}}, "only base-64-encoded strings are convertible to bytes"},
  };
  for (const auto& [changes, text] : rows) {
    CAPTURE(changes);
    CHECK(Refusal(changes) == "400 SerializationException: " + text);
  }
  LambdaFixture lambda;
  for (const std::string_view body : {"{", "[", "{\"a\":}", "\xff"}) {
    CHECK(lambda.Send(LambdaFixture::Signed("POST", kFunctions, body)).summary() ==
          "400 SerializationException: ");
  }
  CHECK(lambda.Send(LambdaFixture::Signed("POST", kFunctions, "[]")).summary() ==
        "400 SerializationException: Unexpected field type");
}

TEST_CASE("A zip above the limit is refused by its size", "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  TestJson request = LambdaFixture::NewFunction("orders");
  request["Code"]["ZipFile"] = Base64Of(std::string(kZippedSize + 1, 'x'));
  CHECK(lambda.Run("POST", kFunctions, request).summary() ==
        "413 RequestEntityTooLargeException: Zipped size must be smaller than 52428800 bytes");
}

TEST_CASE("A refused CreateFunction leaves nothing", "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  TestJson request = LambdaFixture::NewFunction("orders");
  for (int i = 0; i < 51; ++i) {
    request["Tags"]["t" + std::to_string(i)] = "";
  }
  CHECK(lambda.Run("POST", kFunctions, request).summary() ==
        "400 InvalidParameterValueException: Number of tags exceeds resource tag limit.");
  CHECK(lambda.Run("GET", kFunctions).body == TestJson{{"Functions", TestJson::array()}});
  CHECK(lambda.functions().code().size() == 0);
  CHECK(lambda.records().All("lambda.function").empty());
}

}  // namespace
}  // namespace weir::lambda
