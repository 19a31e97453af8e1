// SPDX-License-Identifier: Apache-2.0
// LambdaFixture: the Lambda service in the process, without sockets and without processes.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "protocol/http.h"
#include "runtimes/function_host.h"
#include "services/lambda/functions/functions.h"
#include "services/lambda/functions/routes.h"
#include "services/lambda/service.h"
#include "storage/engine.h"
#include "storage/kept_records.h"

namespace weir::lambda {

using TestJson = nlohmann::json;

struct TestRequest final : protocol::HttpRequest {
  std::string method_text;
  std::string target_text;
  std::string body_text;
  std::map<std::string, std::string, std::less<>> headers;

  [[nodiscard]] std::string_view method() const override { return method_text; }
  [[nodiscard]] std::string_view target() const override { return target_text; }
  [[nodiscard]] std::string_view body() const override { return body_text; }
  [[nodiscard]] std::string_view header(std::string_view name) const override {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : found->second;
  }
};

// What a client sees. `error` is the type, and empty in an answer that is none.
struct TestAnswer {
  unsigned status = 0;
  std::string error;
  TestJson body;

  // The text of an error.
  [[nodiscard]] std::string message() const;
  // "<status> <type>: <text>", or "<status>" for an answer that is no error.
  [[nodiscard]] std::string summary() const;
};

// Runs nothing; remembers what it was told.
class FakeHost final : public runtimes::FunctionHost {
 public:
  void Invoke(runtimes::FunctionSpecPtr /*function*/, runtimes::InvokeRequest /*request*/,
              Done done) override {
    done({});
  }
  void Retire(std::string_view name) override { retired.emplace_back(name); }
  void Stop() override {}

  std::vector<std::string> retired;
};

// A folder that goes with the test.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class LambdaFixture {
 public:
  static constexpr std::string_view kRole = "arn:aws:iam::000000000000:role/lambda";

  explicit LambdaFixture(FunctionsOptions options = {}, TagOwner* mappings = nullptr);

  TestAnswer Run(std::string_view method, std::string_view target, const TestJson& body = nullptr);
  [[nodiscard]] static TestRequest Signed(std::string_view method, std::string_view target,
                                          std::string_view body);
  TestAnswer Send(const TestRequest& request);

  // The body of a CreateFunction for a small function in Python.
  static TestJson NewFunction(std::string_view name);
  // Creates it, which must succeed.
  void Create(std::string_view name);
  // Ends the service and starts another one with what was kept.
  void Restart();

  [[nodiscard]] Functions& functions() { return *functions_; }
  [[nodiscard]] FakeHost& host() { return host_; }
  [[nodiscard]] storage::KeptRecords& records() { return records_; }
  [[nodiscard]] ManualClock& clock() { return clock_; }

 private:
  const FunctionsOptions options_;
  TagOwner* const mappings_;
  ManualClock clock_;
  const std::unique_ptr<storage::Engine> engine_;
  storage::KeptRecords records_;
  FakeHost host_;
  std::optional<Functions> functions_;
  std::optional<LambdaService> service_;
};

// A zip with one file, and the same as Base64.
std::string ZipOf(const std::string& name, const std::string& text);
std::string Base64Of(std::string_view bytes);

}  // namespace weir::lambda
