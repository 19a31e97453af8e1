// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/functions.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/unit/lambda/lambda_fixture.h"

namespace weir::lambda {
namespace {

const std::string kFunctions = "/2015-03-31/functions";
const std::string kOrders = kFunctions + "/orders";
const std::string kArn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";

// The error's text, or the ARN and the version: "<arn> <version>".
std::string Resolve(LambdaFixture& lambda, std::string_view name, std::string_view qualifier = {}) {
  const LambdaResult<FunctionRef> function =
      lambda.functions().Resolve(name, qualifier, "us-east-1");
  return function.ok() ? function.value().arn + " " + function.value().spec->version
                       : function.error().message;
}

TEST_CASE("A function is found by any of its names, in any region", "[lambda][Resolve]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kOrders + "/versions", TestJson::object()).status == 201);
  lambda.Run("POST", kOrders + "/aliases", {{"Name", "live"}, {"FunctionVersion", "1"}});
  CHECK(Resolve(lambda, "orders") == kArn + " $LATEST");
  CHECK(Resolve(lambda, "arn:aws:lambda:us-east-1:000000000000:function:orders:live") ==
        kArn + ":live 1");
  CHECK(Resolve(lambda, "orders", "1") == kArn + ":1 1");
  CHECK(Resolve(lambda, "orders:$LATEST") == kArn + ":$LATEST $LATEST");
  CHECK(Resolve(lambda, "none") ==
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none:$LATEST");
  CHECK(Resolve(lambda, "orders", "none") ==
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:orders:none");
  CHECK(Resolve(lambda, "orders", "01") ==
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:orders:01");
  CHECK(Resolve(lambda, "arn:aws:lambda:us-east-1:111111111111:function:orders") ==
        "Function not found: arn:aws:lambda:us-east-1:111111111111:function:orders:$LATEST");
}

TEST_CASE("An ARN leads to a function in its own region or the caller's", "[lambda][Resolve]") {
  LambdaFixture lambda;  // its requests are of eu-west-1
  lambda.Create("orders");
  const std::string third = "arn:aws:lambda:ap-southeast-1:000000000000:function:orders";
  const std::string refusal = "Functions from 'ap-southeast-1' are not reachable in this region ('";
  CHECK(Resolve(lambda, kArn) == kArn + " $LATEST");  // by a caller of us-east-1
  CHECK(Resolve(lambda, third) == refusal + "us-east-1')");
  CHECK(Resolve(lambda, "arn:aws:lambda:ap-southeast-1:000000000000:function:none") ==
        refusal + "us-east-1')");
  // What is stored, as by a mapping.
  CHECK(lambda.functions().Resolve(third, "", "").value().arn == kArn);

  CHECK(lambda.Run("GET", "/2015-03-31/functions/" + third).summary() ==
        "404 ResourceNotFoundException: " + refusal + "eu-west-1')");
  CHECK(lambda.Run("GET", "/2015-03-31/functions/" + kArn).status == 200);
  const TestAnswer others = lambda.Run(
      "GET", "/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:orders");
  CHECK(others.status == 403);
  CHECK(others.body == TestJson{{"Message", nullptr}});
}

TEST_CASE("A spec has all that running a function takes", "[lambda][Resolve]") {
  LambdaFixture lambda;
  TestJson request = LambdaFixture::NewFunction("orders");
  request["Timeout"] = 7;
  request["MemorySize"] = 256;
  request["Environment"] = {{"Variables", {{"STAGE", "test"}}}};
  REQUIRE(lambda.Run("POST", kFunctions, request).summary() == "201");
  lambda.Run("PUT", "/2017-10-31/functions/orders/concurrency",
             {{"ReservedConcurrentExecutions", 5}});
  const FunctionRef function = lambda.functions().Resolve("orders", "", "eu-west-1").value();
  const runtimes::FunctionSpec& spec = *function.spec;
  CHECK(spec.name == "orders");
  CHECK(spec.region == "eu-west-1");
  CHECK(spec.account == "000000000000");
  CHECK(spec.placement == runtimes::Placement::kProcess);
  CHECK(spec.runtime == "python3.12");
  CHECK(spec.handler == "app.handler");
  CHECK(spec.environment == std::map<std::string, std::string>{{"STAGE", "test"}});
  CHECK(spec.memory_mb == 256);
  CHECK(spec.timeout_s == 7);
  CHECK(spec.log_group == "/aws/lambda/orders");
  CHECK(function.reserved_concurrency == 5);
  std::ostringstream code;
  code << std::ifstream(spec.code->Open().value()->path / "app.py").rdbuf();
  CHECK_FALSE(spec.code->may_change());
  CHECK(code.str() == "def handler(e, c): return e\n");

  // Tags and concurrency leave processes alone; code and configuration do not.
  CHECK(lambda.host().retired.empty());
  CHECK(lambda.functions().Resolve("orders", "", "").value().spec->revision == spec.revision);
  lambda.Run("PUT", kOrders + "/configuration", {{"Timeout", 8}});
  CHECK(lambda.functions().Resolve("orders", "", "").value().spec->revision != spec.revision);
  CHECK(lambda.host().retired == std::vector<std::string>{"orders"});
}

TEST_CASE("An alias with weights leads to each version as often as it says", "[lambda][Resolve]") {
  LambdaFixture lambda({.folder = {}, .endpoint_of = nullptr, .seed = 1});
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kOrders + "/versions", TestJson::object()).status == 201);
  lambda.Run("PUT", kOrders + "/configuration", TestJson::object());
  REQUIRE(lambda.Run("POST", kOrders + "/versions", TestJson::object()).status == 201);
  const auto share = [&lambda](double weight) {
    lambda.Run("DELETE", kOrders + "/aliases/live");
    lambda.Run("POST", kOrders + "/aliases",
               {{"Name", "live"},
                {"FunctionVersion", "1"},
                {"RoutingConfig", {{"AdditionalVersionWeights", {{"2", weight}}}}}});
    int second = 0;
    for (int i = 0; i < 1000; ++i) {
      second += Resolve(lambda, "orders:live") == kArn + ":live 2" ? 1 : 0;
    }
    return second;
  };
  CHECK(share(0) == 0);
  CHECK(share(1) == 1000);
  const int second = share(0.25);
  CHECK(second > 200);
  CHECK(second < 300);
}

TEST_CASE("Names that are not created here may run at an endpoint", "[lambda][Resolve]") {
  LambdaFixture lambda({.folder = {},
                        .endpoint_of =
                            [](std::string_view name) {
                              return name == "remote"
                                         ? std::optional<std::string>("http://127.0.0.1:3002/x")
                                         : std::nullopt;
                            },
                        .seed = 1});
  const FunctionRef function = lambda.functions().Resolve("remote", "live", "us-east-1").value();
  CHECK(function.spec->placement == runtimes::Placement::kEndpoint);
  CHECK(function.spec->endpoint == "http://127.0.0.1:3002/x");
  CHECK(function.arn == "arn:aws:lambda:us-east-1:000000000000:function:remote:live");
  CHECK_FALSE(lambda.functions().Resolve("other", "", "us-east-1").ok());
  // What is created here comes first.
  lambda.Create("remote");
  CHECK(lambda.functions().Resolve("remote", "", "us-east-1").value().spec->placement ==
        runtimes::Placement::kProcess);
}

TEST_CASE("A function may be attached only, or for a while", "[lambda][attached]") {
  LambdaFixture lambda;
  REQUIRE(lambda.functions().EnsureAttached("dev", "eu-west-1").ok());
  REQUIRE(lambda.functions().EnsureAttached("dev", "eu-west-1").ok());
  const TestJson dev = lambda.Run("GET", kFunctions + "/dev").body;
  CHECK(dev["Configuration"]["Runtime"] == "provided.al2023");
  CHECK(dev["Configuration"]["CodeSize"] == 0);
  CHECK(dev["Code"] == TestJson{{"RepositoryType", "S3"}});
  const auto placement = [&lambda](std::string_view name) {
    return lambda.functions().Resolve(name, "", "eu-west-1").value().spec->placement;
  };
  CHECK(placement("dev") == runtimes::Placement::kAttached);
  lambda.Create("orders");
  CHECK(placement("orders") == runtimes::Placement::kProcess);
  lambda.functions().SetAttached("orders", true);
  CHECK(placement("orders") == runtimes::Placement::kAttached);
  CHECK(lambda.functions().All().at(1).placement == runtimes::Placement::kAttached);
  lambda.functions().SetAttached("orders", false);
  CHECK(placement("orders") == runtimes::Placement::kProcess);
  CHECK_FALSE(lambda.functions().EnsureAttached("no name", "eu-west-1").ok());
}

TEST_CASE("The code is read with this server's token only", "[lambda][GetFunction]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  const std::string location = lambda.Run("GET", kOrders).body["Code"]["Location"];
  const std::string start = "http://localhost:8000/_weir/functions/orders/code?version=$LATEST";
  REQUIRE(location.starts_with(start + "&token="));
  const std::string token = location.substr(start.size() + 7);
  CHECK(lambda.functions().CodeOf("orders", "", token) ==
        ZipOf("app.py", "def handler(e, c): return e\n"));
  CHECK(lambda.functions().CodeOf("orders", "$LATEST", token).has_value());
  CHECK_FALSE(lambda.functions().CodeOf("orders", "1", token).has_value());
  CHECK_FALSE(lambda.functions().CodeOf("none", "", token).has_value());
  CHECK_FALSE(lambda.functions().CodeOf("orders", "", "x").has_value());
}

TEST_CASE("A deleted function is gone, with its processes and records",
          "[lambda][DeleteFunction]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kOrders + "/versions", TestJson::object()).status == 201);
  CHECK(lambda.Run("DELETE", kOrders).summary() == "204");
  CHECK(lambda.Run("DELETE", kOrders).summary() ==
        "404 ResourceNotFoundException: Function not found: " + kArn);
  CHECK(lambda.host().retired == std::vector<std::string>{"orders"});
  CHECK(lambda.functions().code().size() == 0);
  CHECK(lambda.records().All("lambda.function").empty());
  CHECK(lambda.records().All("lambda.version").empty());
}

TEST_CASE("Functions outlive the process", "[lambda][records]") {
  const TestFolder folder;
  LambdaFixture lambda({.folder = folder.path() / "functions", .endpoint_of = nullptr, .seed = 1});
  TestJson request = LambdaFixture::NewFunction("orders");
  request["Environment"] = {{"Variables", {{"STAGE", "t\"e\n"}}}};
  request["Tags"] = {{"a", "b"}};
  request["LoggingConfig"] = {{"LogFormat", "JSON"}};
  request["KMSKeyArn"] = "arn:aws:kms:eu-west-1:000000000000:key/k";
  REQUIRE(lambda.Run("POST", kFunctions, request).summary() == "201");
  lambda.Run("POST", kOrders + "/versions", {{"Description", "one"}});
  lambda.Run("PUT", kOrders + "/code", {{"ZipFile", Base64Of(ZipOf("app.py", "2"))}});
  lambda.Run("POST", kOrders + "/versions", {{"Description", "two"}});
  lambda.Run("POST", kOrders + "/aliases",
             {{"Name", "live"},
              {"FunctionVersion", "1"},
              {"RoutingConfig", {{"AdditionalVersionWeights", {{"2", 0.25}}}}}});
  lambda.Run("PUT", "/2017-10-31/functions/orders/concurrency",
             {{"ReservedConcurrentExecutions", 5}});
  lambda.Run("PUT", "/2019-09-25/functions/orders/event-invoke-config",
             {{"MaximumRetryAttempts", 1}});
  lambda.Run("POST", kOrders + "/policy",
             {{"StatementId", "s"}, {"Action", "*"}, {"Principal", "*"}});
  const auto all = [&lambda] {
    TestJson function = lambda.Run("GET", kOrders).body;
    function["Code"].erase("Location");  // has the token of the process
    return TestJson{function, lambda.Run("GET", kOrders + "/versions").body,
                    lambda.Run("GET", kOrders + "/aliases").body,
                    lambda.Run("GET", kOrders + "/policy").body,
                    lambda.Run("GET", "/2019-09-25/functions/orders/event-invoke-config").body};
  };
  const TestJson before = all();
  const std::uint64_t size = lambda.functions().code().size();
  lambda.Restart();
  CHECK(all() == before);
  CHECK(lambda.functions().code().size() == size);
  const FunctionRef first = lambda.functions().Resolve("orders", "1", "eu-west-1").value();
  CHECK(std::filesystem::exists(first.spec->code->Open().value()->path / "app.py"));
  // The next version is a new one.
  lambda.Run("PUT", kOrders + "/configuration", TestJson::object());
  CHECK(lambda.Run("POST", kOrders + "/versions", TestJson::object()).body["Version"] == "3");
}

TEST_CASE("Damaged and orphaned records do no harm", "[lambda][records]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  REQUIRE(lambda.Run("POST", kOrders + "/versions", TestJson::object()).status == 201);
  lambda.records().Put("lambda.version", "gone:7",
                       *lambda.records().Get("lambda.version", "orders:1"));
  lambda.records().Put("lambda.function", "bad", "{\"latest\":[]}");
  lambda.records().Put("lambda.function", "worse", "{");
  lambda.Restart();
  CHECK(lambda.functions().All().size() == 1);
  CHECK_FALSE(lambda.records().Get("lambda.version", "gone:7").has_value());
}

TEST_CASE("A function whose zip is lost says so", "[lambda][records]") {
  const TestFolder folder;
  LambdaFixture lambda({.folder = folder.path(), .endpoint_of = nullptr, .seed = 1});
  lambda.Create("orders");
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    if (file.path().extension() == ".zip") {
      std::filesystem::remove(file.path());
    }
  }
  lambda.Restart();
  CHECK(lambda.Run("GET", kOrders).summary() == "200");
  const FunctionRef orders = lambda.functions().Resolve("orders", "", "eu-west-1").value();
  CHECK(orders.spec->code->Open().error() == "The function's code is lost");
}

TEST_CASE("To find a function opens no code", "[lambda][Resolve]") {
  const TestFolder folder;
  LambdaFixture lambda({.folder = folder.path(), .endpoint_of = nullptr, .seed = 1});
  lambda.Create("orders");
  lambda.Restart();
  const FunctionRef orders = lambda.functions().Resolve("orders", "", "eu-west-1").value();
  CHECK(std::filesystem::is_empty(folder.path() / "unpacked"));
  CHECK(orders.spec->code->Open().ok());
  CHECK_FALSE(std::filesystem::is_empty(folder.path() / "unpacked"));
}

TEST_CASE("A function's aliases and policies are limited by their size", "[lambda][aliases]") {
  LambdaFixture lambda;
  lambda.Create("orders");
  std::string last = "201";
  int made = 0;
  while (last == "201" && made < 1000) {
    last = lambda
               .Run("POST", kOrders + "/aliases",
                    {{"Name", "a" + std::to_string(made++)},
                     {"FunctionVersion", "$LATEST"},
                     {"Description", std::string(256, 'x')}})
               .summary();
  }
  CHECK(last ==
        "400 InvalidParameterValueException: Weir keeps up to 262144 bytes of a function's "
        "settings, aliases and policies");
  CHECK(made > 400);
}

TEST_CASE("The number of functions is limited", "[lambda][CreateFunction]") {
  LambdaFixture lambda;
  for (std::size_t i = 0; i < kMostFunctions; ++i) {
    REQUIRE(lambda.functions().EnsureAttached("f" + std::to_string(i), "eu-west-1").ok());
  }
  CHECK(lambda.Run("POST", kFunctions, LambdaFixture::NewFunction("more")).summary() ==
        "429 TooManyRequestsException: Weir keeps up to 1000 functions");
}

}  // namespace
}  // namespace weir::lambda
