// SPDX-License-Identifier: Apache-2.0
#include "runtimes/interpreters.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtimes/program.h"
#include "runtimes/work_folder.h"

namespace weir::runtimes {
namespace {

namespace fs = std::filesystem;

// A folder with scripts that stand in for interpreters.
class Fixture {
 public:
  Fixture() {
    auto made = WorkFolder::Create(fs::temp_directory_path());
    REQUIRE(made.ok());
    folder_ = std::move(made).value();
    code = path() / "code";
    fs::create_directories(code / "lib");
    function.handler = "app.handler";
  }
  [[nodiscard]] const fs::path& path() const { return folder_->path(); }
  void Add(const std::string& name, const std::string& script) const {
    std::ofstream(path() / name) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(path() / name, fs::perms::owner_all);
  }
  [[nodiscard]] Interpreters Make(std::chrono::milliseconds between_looks) const {
    return {{KEEPER_FOR_TEST}, "/nowhere:" + path().string(), between_looks};
  }
  [[nodiscard]] Interpreters Make() const { return Make(Interpreters::kBetweenLooks); }
  // The program, or else why there is none.
  [[nodiscard]] Result<Program, NoProgram> ProgramFor(const std::string& runtime) {
    function.runtime = runtime;
    Interpreters interpreters = Make();
    return ProgramOf(function, code, "/work", interpreters);
  }

  FunctionSpec function;
  fs::path code;

 private:
  std::unique_ptr<WorkFolder> folder_;
};

TEST_CASE("Python functions run with the interpreter of their version, or else with python3",
          "[runtimes][Interpreters]") {
  Fixture fixture;
  fixture.Add("python3", "echo /opt/python3.11; echo 3.11");
  CHECK(fixture.Make().Find("python3.12")->path == "/opt/python3.11");
  auto program = fixture.ProgramFor("python3.12");
  REQUIRE(program.ok());
  CHECK(program.value().arguments ==
        std::vector<std::string>{"/opt/python3.11", "/work/bootstrap.py"});
  CHECK(program.value().note ==
        "Weir: python3.12 runs with this machine's Python 3.11, /opt/python3.11");

  fixture.Add("python3.12", "echo 'python3.12: command not found' >&2; exit 127");
  CHECK(fixture.Make().Find("python3.12")->path == "/opt/python3.11");

  fixture.Add("python3.12", "echo /opt/python3.12; echo 3.12");
  program = fixture.ProgramFor("python3.12");
  REQUIRE(program.ok());
  CHECK(program.value().arguments.front() == "/opt/python3.12");
  CHECK(program.value().note.empty());
}

TEST_CASE("Node functions get memory in AWS's shares", "[runtimes][Interpreters]") {
  Fixture fixture;
  fixture.Add("node", "echo /opt/node; echo 20");
  fixture.function.memory_mb = 200;
  const auto program = fixture.ProgramFor("nodejs20.x");
  REQUIRE(program.ok());
  CHECK(program.value().arguments ==
        std::vector<std::string>{"/opt/node", "--max-semi-space-size=10",
                                 "--max-old-space-size=180", "/work/bootstrap.mjs"});
  CHECK(program.value().note.empty());
}

TEST_CASE("A missing interpreter is named", "[runtimes][Interpreters]") {
  Fixture fixture;
  const std::string rest =
      ", and found none in its PATH. Of Weir's images, weir:debian has Python and Node.js.";
  CHECK(fixture.ProgramFor("python3.12").error().message ==
        "Weir runs python3.12 functions with this machine's python3.12 or python3" + rest);
  CHECK(fixture.ProgramFor("nodejs20.x").error().message ==
        "Weir runs nodejs20.x functions with this machine's node" + rest);
  CHECK(fixture.ProgramFor("java21").error().message ==
        "Weir runs java21 functions with this machine's java" + rest);
}

TEST_CASE("An interpreter that is installed later is found", "[runtimes][Interpreters]") {
  const Fixture fixture;
  Interpreters interpreters = fixture.Make(std::chrono::milliseconds(0));
  CHECK_FALSE(interpreters.Find("nodejs20.x").has_value());
  fixture.Add("node", "echo /opt/node; echo 20");
  REQUIRE(interpreters.Find("nodejs20.x").has_value());
  // What was found stays.
  fs::remove(fixture.path() / "node");
  CHECK(interpreters.Find("nodejs20.x")->path == "/opt/node");
}

TEST_CASE("What was not found is not looked for again at once", "[runtimes][Interpreters]") {
  const Fixture fixture;
  Interpreters interpreters = fixture.Make(std::chrono::hours(1));
  fixture.Add("node", "exit 1");
  CHECK_FALSE(interpreters.Find("nodejs20.x").has_value());
  fixture.Add("node", "echo /opt/node; echo 20");
  CHECK_FALSE(interpreters.Find("nodejs20.x").has_value());
  CHECK(interpreters.Find("nodejs22.x")->path == "/opt/node");
}

TEST_CASE("Java functions bring AWS's client", "[runtimes][Interpreters]") {
  Fixture fixture;
  fixture.Add("java", "exit 1");
  CHECK(fixture.ProgramFor("java21").error().message.find(
            "com.amazonaws:aws-lambda-java-runtime-interface-client") != std::string::npos);
  const fs::path& code = fixture.code;
  std::ofstream(code / "lib" / "aws-lambda-java-runtime-interface-client-2.8.0.jar") << "";
  const auto program = fixture.ProgramFor("java21");
  REQUIRE(program.ok());
  CHECK(program.value().arguments ==
        std::vector<std::string>{
            (fixture.path() / "java").string(), "-Xmx111350k", "-XX:+UseSerialGC", "-cp",
            code.string() + "/:" + code.string() + "/lib/*",
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", "app.handler"});
}

}  // namespace
}  // namespace weir::runtimes
