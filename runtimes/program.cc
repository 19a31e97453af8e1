// SPDX-License-Identifier: Apache-2.0
#include "runtimes/program.h"

#include <optional>
#include <system_error>

#include "runtimes/code/bootstraps.h"

namespace weir::runtimes {
namespace {

namespace fs = std::filesystem;

NoProgram Missing(const std::string& runtime, std::string_view what) {
  return {std::string("Weir runs ")
              .append(runtime)
              .append(" functions with this machine's ")
              .append(what)
              .append(", and found none in its PATH. Of Weir's images, weir:debian has Python and "
                      "Node.js.")};
}

Result<Program, NoProgram> ProvidedProgram(const fs::path& code) {
  const fs::path bootstrap = code / "bootstrap";
  std::error_code error;
  if (!fs::is_regular_file(bootstrap, error)) {
    // AWS's text, with the folders of AWS's own sandbox.
    return NoProgram{"Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"};
  }
  return Program{
      .arguments = {bootstrap.string()}, .bootstrap_name = {}, .bootstrap = {}, .note = {}};
}

std::string VersionNote(const FunctionSpec& function, std::string_view wanted,
                        const Interpreter& interpreter, std::string_view language) {
  if (interpreter.version == wanted) {
    return {};
  }
  return std::string("Weir: ")
      .append(function.runtime)
      .append(" runs with this machine's ")
      .append(language)
      .append(" ")
      .append(interpreter.version)
      .append(", ")
      .append(interpreter.path);
}

Result<Program, NoProgram> PythonProgram(const FunctionSpec& function, const std::string& folder,
                                         Interpreters& interpreters) {
  const std::optional<Interpreter> python = interpreters.Find(function.runtime);
  if (!python.has_value()) {
    return Missing(function.runtime, function.runtime + " or python3");
  }
  const std::string_view wanted = std::string_view(function.runtime).substr(sizeof "python" - 1);
  Program program{.arguments = {python->path},
                  .bootstrap_name = "bootstrap.py",
                  .bootstrap = PythonBootstrap(),
                  .note = VersionNote(function, wanted, *python, "Python")};
  program.arguments.push_back(folder + "/" + program.bootstrap_name);
  return program;
}

Result<Program, NoProgram> NodeProgram(const FunctionSpec& function, const std::string& folder,
                                       Interpreters& interpreters) {
  const std::optional<Interpreter> node = interpreters.Find(function.runtime);
  if (!node.has_value()) {
    return Missing(function.runtime, "node");
  }
  std::string_view wanted = std::string_view(function.runtime).substr(sizeof "nodejs" - 1);
  wanted = wanted.substr(0, wanted.find('.'));
  // Shares of the function's memory, as AWS's runtime has them. V8 would go by the machine's.
  constexpr int kYoungShare = 10;
  const int young_mb = function.memory_mb / kYoungShare;
  Program program{
      .arguments = {node->path, "--max-semi-space-size=" + std::to_string(young_mb / 2),
                    "--max-old-space-size=" + std::to_string(function.memory_mb - young_mb)},
      .bootstrap_name = "bootstrap.mjs",
      .bootstrap = NodeBootstrap(),
      .note = VersionNote(function, wanted, *node, "Node.js")};
  program.arguments.push_back(folder + "/" + program.bootstrap_name);
  return program;
}

// Whether the code has AWS's Java client for the Runtime API, as classes or as a jar.
bool HasJavaClient(const fs::path& code) {
  constexpr std::string_view kJar = "aws-lambda-java-runtime-interface-client";
  std::error_code error;
  if (fs::exists(code / "com/amazonaws/services/lambda/runtime/api/client/AWSLambda.class",
                 error)) {
    return true;
  }
  for (fs::directory_iterator entry(code / "lib", error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with(kJar)) {
      return true;
    }
  }
  return false;
}

Result<Program, NoProgram> JavaProgram(const FunctionSpec& function, const fs::path& code,
                                       Interpreters& interpreters) {
  const std::optional<Interpreter> java = interpreters.Find(function.runtime);
  if (!java.has_value()) {
    return Missing(function.runtime, "java");
  }
  if (!HasJavaClient(code)) {
    return NoProgram{
        "The code has no Runtime API client, which AWS's Java runtimes bring with them and Weir "
        "does not: add the library com.amazonaws:aws-lambda-java-runtime-interface-client to it"};
  }
  // 85% of the function's memory, as on AWS.
  constexpr int kHeapPercent = 85;
  constexpr int kKilobytes = 1024;
  const int heap_kb = function.memory_mb * kKilobytes / 100 * kHeapPercent;
  return Program{
      .arguments = {java->path, "-Xmx" + std::to_string(heap_kb) + "k", "-XX:+UseSerialGC", "-cp",
                    code.string() + "/:" + (code / "lib/*").string(),
                    "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", function.handler},
      .bootstrap_name = {},
      .bootstrap = {},
      .note = {}};
}

}  // namespace

Result<Program, NoProgram> ProgramOf(const FunctionSpec& function, const fs::path& code,
                                     const std::string& folder, Interpreters& interpreters) {
  const std::string& runtime = function.runtime;
  if (runtime.starts_with("provided")) {
    return ProvidedProgram(code);
  }
  if (runtime.starts_with("python3.")) {
    return PythonProgram(function, folder, interpreters);
  }
  if (runtime.starts_with("nodejs")) {
    return NodeProgram(function, folder, interpreters);
  }
  if (runtime.starts_with("java")) {
    return JavaProgram(function, code, interpreters);
  }
  return NoProgram{"Weir does not run functions with the runtime " + runtime};
}

std::string CannotExecute(const FunctionSpec& function, const std::string& program, int error) {
  std::string reason = std::generic_category().message(error);
  if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z') {
    reason[0] = static_cast<char>(reason[0] - 'A' + 'a');  // as in Go, in which AWS's is written
  }
  const bool is_provided = function.runtime.starts_with("provided");
  return "fork/exec " + (is_provided ? "/var/task/bootstrap" : program) + ": " + reason;
}

}  // namespace weir::runtimes
