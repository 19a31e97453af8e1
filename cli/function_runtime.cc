// SPDX-License-Identifier: Apache-2.0
#include "cli/function_runtime.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "consumers/http/tls_trust.h"
#include "core/system.h"

namespace weir::cli {
namespace {

// By which the SDKs of functions reach this server. Not AWS_ENDPOINT_URL, which is also for
// services that are not here.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
constexpr std::array kEndpointVariables{
    "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"};

constexpr const char* kDefaultPath = "/usr/local/bin:/usr/bin:/bin:/opt/bin";

std::string SearchPath() {
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return path == nullptr || *path == '\0' ? kDefaultPath : path;
}

runtimes::InvokeOutcome Unavailable(std::string text) {
  return {.kind = runtimes::InvokeOutcome::Kind::kUnavailable,
          .payload = std::move(text),
          .log_tail = {}};
}

}  // namespace

FunctionRuntime::FunctionRuntime(const ServiceOptions& options, const Clock& clock,
                                 runtimes::LogSink& log, std::string_view refusal)
    : options_(options), clock_(clock), log_(log), refusal_(refusal) {}

Result<runtimes::ProcessHost*, std::string> FunctionRuntime::ProcessHost() {
  const MutexLock lock(mutex_);
  if (!refusal_.empty()) {
    return refusal_;
  }
  if (host_ == nullptr) {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    if (error) {
      return "there is no folder for temporary files: " + error.message();
    }
    WEIR_ASSIGN_OR_RETURN(folder_, runtimes::WorkFolder::Create(parent));
    runtimes::ProcessHostOptions host;
    host.clock = &clock_;
    host.log = &log_;
    host.endpoint_variables = {kEndpointVariables.begin(), kEndpointVariables.end()};
    host.endpoint_url = options_.functions.endpoint_url;
    host.keeper = {system::ProgramPath(), "keep-function"};
    host.folder = folder_->path();
    host.search_path = SearchPath();
    host.max_processes = options_.functions.max_processes;
    host_ = std::make_unique<runtimes::ProcessHost>(std::move(host));
  }
  return host_.get();
}

Result<runtimes::EndpointHost*, std::string> FunctionRuntime::EndpointHost() {
  const MutexLock lock(mutex_);
  if (!refusal_.empty()) {
    return refusal_;
  }
  if (endpoint_host_ == nullptr) {
    client_ = std::make_unique<consumers::HttpClient>(
        consumers::HttpClientOptions{.ca_file = consumers::FindCaFile()});
    endpoint_host_ = std::make_unique<runtimes::EndpointHost>(*client_);
  }
  return endpoint_host_.get();
}

runtimes::ProcessHost* FunctionRuntime::Present() const {
  const MutexLock lock(mutex_);
  return host_.get();
}

bool FunctionRuntime::running() const {
  const MutexLock lock(mutex_);
  return host_ != nullptr || endpoint_host_ != nullptr;
}

std::size_t FunctionRuntime::CountOf(std::string_view name) const {
  runtimes::ProcessHost* const host = Present();
  if (host == nullptr) {
    return 0;
  }
  const auto counts = host->Counts();
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : static_cast<std::size_t>(found->second.all);
}

void FunctionRuntime::Refuse(std::string why) {
  const MutexLock lock(mutex_);
  refusal_ = std::move(why);
}

void FunctionRuntime::Stop() {
  runtimes::ProcessHost* host = nullptr;
  runtimes::EndpointHost* endpoints = nullptr;
  consumers::HttpClient* client = nullptr;
  {
    const MutexLock lock(mutex_);
    refusal_ = refusal_.empty() ? "the server is ending" : refusal_;
    host = host_.get();
    endpoints = endpoint_host_.get();
    client = client_.get();
  }
  // Without the lock, since invocations that end may ask for another one.
  if (host != nullptr) {
    host->Stop();
  }
  if (endpoints != nullptr) {
    endpoints->Stop();
    client->Stop();
  }
}

void FunctionRuntime::Processes::Invoke(runtimes::FunctionSpecPtr function,
                                        runtimes::InvokeRequest request, Done done) {
  Result<runtimes::ProcessHost*, std::string> host = runtime_.ProcessHost();
  if (!host.ok()) {
    done(Unavailable(std::move(host).error()));
    return;
  }
  host.value()->Invoke(std::move(function), std::move(request), std::move(done));
}

void FunctionRuntime::Processes::Retire(std::string_view name) {
  if (runtimes::ProcessHost* const host = runtime_.Present()) {
    host->Retire(name);
  }
}

void FunctionRuntime::Endpoints::Invoke(runtimes::FunctionSpecPtr function,
                                        runtimes::InvokeRequest request, Done done) {
  Result<runtimes::EndpointHost*, std::string> host = runtime_.EndpointHost();
  if (!host.ok()) {
    done(Unavailable(std::move(host).error()));
    return;
  }
  host.value()->Invoke(std::move(function), std::move(request), std::move(done));
}

}  // namespace weir::cli
