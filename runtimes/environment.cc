// SPDX-License-Identifier: Apache-2.0
#include "runtimes/environment.h"

namespace weir::runtimes {
namespace {

// What the function's own variables may replace.
std::map<std::string, std::string> Defaults(const FunctionSpec& function,
                                            const ProcessPlace& place) {
  std::map<std::string, std::string> variables = {
      {"AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"},
      {"LANG", "en_US.UTF-8"},
      {"TZ", ":UTC"},
  };
  for (const std::string& name : place.endpoint_variables) {
    variables[name] = place.endpoint_url;
  }
  if (!place.folder.empty()) {
    variables["HOME"] = place.folder;
    // Of AWS's folders there is only that of the code, /var/task.
    variables["LD_LIBRARY_PATH"] = place.code + ":" + place.code + "/lib";
    variables["PATH"] = place.search_path;
    variables["TMPDIR"] = place.folder + "/tmp";
    if (function.runtime.starts_with("python")) {
      // The code's folder is not for Python to write to: on AWS it cannot, and a folder that is
      // reloaded would change with each start. A place for what it compiles elsewhere
      // (PYTHONPYCACHEPREFIX) would hide what is compiled already, the standard library above all.
      variables["PYTHONDONTWRITEBYTECODE"] = "1";
    }
    if (function.runtime.starts_with("nodejs")) {
      variables["NODE_PATH"] = place.code;
    }
  }
  return variables;
}

}  // namespace

std::map<std::string, std::string> EnvironmentOf(const FunctionSpec& function,
                                                 const ProcessPlace& place) {
  std::map<std::string, std::string> variables = Defaults(function, place);
  for (const auto& [name, value] : function.environment) {
    variables[name] = value;
  }
  const std::map<std::string, std::string> reserved = {
      // Weir takes any key, and needs one to be there, as SDKs sign all requests.
      {"AWS_ACCESS_KEY_ID", "weir"},
      {"AWS_SECRET_ACCESS_KEY", "weir"},
      {"AWS_SESSION_TOKEN", "weir"},
      {"AWS_DEFAULT_REGION", function.region},
      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(function.memory_mb)},
      {"AWS_LAMBDA_FUNCTION_NAME", function.name},
      {"AWS_LAMBDA_FUNCTION_VERSION", function.version},
      {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
      {"AWS_LAMBDA_LOG_GROUP_NAME", function.log_group},
      {"AWS_LAMBDA_LOG_STREAM_NAME", place.log_stream},
      {"AWS_LAMBDA_RUNTIME_API", place.runtime_api},
      {"AWS_REGION", function.region},
      {"_HANDLER", function.handler},
  };
  for (const auto& [name, value] : reserved) {
    variables[name] = value;
  }
  if (!function.runtime.empty() && !function.runtime.starts_with("provided")) {
    variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + function.runtime;
  }
  if (!place.folder.empty()) {
    variables["LAMBDA_RUNTIME_DIR"] = place.folder;
    variables["LAMBDA_TASK_ROOT"] = place.code;
  }
  return variables;
}

}  // namespace weir::runtimes
