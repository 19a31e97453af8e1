// SPDX-License-Identifier: Apache-2.0
// The environment of a function's process.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtimes/function_spec.h"

namespace weir::runtimes {

// Where a process is to run.
struct ProcessPlace {
  std::string runtime_api;  // "127.0.0.1:12345"
  std::string log_stream;
  // The process's own folder; empty for one that somebody else starts, which keeps its HOME, TMPDIR
  // and PATH.
  std::string folder;
  std::string code;         // the folder with the function's code; empty with the one above
  std::string search_path;  // PATH
  // Names for the server's URL, as "AWS_ENDPOINT_URL_LAMBDA", so that handlers call this server.
  std::vector<std::string> endpoint_variables;
  std::string endpoint_url;
};

// AWS's variables, and the function's own, which win where AWS lets them.
std::map<std::string, std::string> EnvironmentOf(const FunctionSpec& function,
                                                 const ProcessPlace& place);

}  // namespace weir::runtimes
