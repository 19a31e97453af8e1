// SPDX-License-Identifier: Apache-2.0
// FunctionSpec: all that is needed to run one version of a function.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "core/result.h"

namespace weir::runtimes {

// A folder with a function's code, which lives as long as somebody uses it.
struct CodeFolder {
  CodeFolder() = default;
  CodeFolder(const CodeFolder&) = delete;
  CodeFolder& operator=(const CodeFolder&) = delete;
  virtual ~CodeFolder() = default;  // a derived class removes the folder, if it is ours
  std::filesystem::path path;
  // For code that changes where it is: another text after each change.
  std::string state;
};
using CodeFolderPtr = std::shared_ptr<const CodeFolder>;

// Where a function's code comes from. Thread-safe.
class CodeSource {
 public:
  CodeSource() = default;
  CodeSource(const CodeSource&) = delete;
  CodeSource& operator=(const CodeSource&) = delete;
  virtual ~CodeSource() = default;
  // The folder to run it from. May take seconds, as a zip may have to be unpacked. Fails with a
  // text for people, and throws std::bad_alloc; both leave everything as it was.
  [[nodiscard]] virtual Result<CodeFolderPtr, std::string> Open() const = 0;
  // Whether the code may change without its function: then CodeFolder::state belongs to the
  // revision of a process.
  [[nodiscard]] virtual bool may_change() const { return false; }
};
using CodeSourcePtr = std::shared_ptr<const CodeSource>;

// Where a function runs.
enum class Placement : std::uint8_t {
  kProcess,   // processes that Weir starts from `code`
  kAttached,  // a process that somebody else starts: `weir lambda run`
  kEndpoint,  // an Invoke API at `endpoint`
};

// Immutable once it is made, so threads share it.
struct FunctionSpec {
  std::string name;                 // "orders"
  std::string version = "$LATEST";  // or "1", "2", …
  std::string region;
  std::string account;
  // Changes with each change of code or configuration. Processes of another revision are ended once
  // their invocation is over.
  std::string revision;
  Placement placement = Placement::kProcess;
  std::string runtime;  // "python3.12", "nodejs20.x", "provided.al2023"
  std::string handler;  // "app.handler"; any text for provided runtimes
  std::map<std::string, std::string> environment;
  int memory_mb = 128;
  int timeout_s = 3;
  CodeSourcePtr code;  // for kProcess
  // For kEndpoint, the whole URL that an invocation is POSTed to, as
  // "http://127.0.0.1:3002/2015-03-31/functions/orders/invocations".
  std::string endpoint;
  std::string log_group;  // "/aws/lambda/orders"

  // arn:aws:lambda:<region>:<account>:function:<name>
  [[nodiscard]] std::string Arn() const {
    return "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
  }
};
using FunctionSpecPtr = std::shared_ptr<const FunctionSpec>;

}  // namespace weir::runtimes
