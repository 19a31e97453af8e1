// SPDX-License-Identifier: Apache-2.0
// EndpointHost: runs functions that somebody else serves, by the Invoke API at the URL of each.
//
// That is a server for many functions, such as `sam local start-lambda` or serverless-offline, or a
// container with AWS's Runtime Interface Emulator for one. Requests are not signed: none of these
// checks a signature.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "consumers/http/http_client.h"
#include "runtimes/function_host.h"

namespace weir::runtimes {

// Thread-safe. Functions must have Placement::kEndpoint.
class EndpointHost final : public FunctionHost {
 public:
  // How much longer than its timeout a function may take. Its first invocation may start a process
  // or a container, which Lambda does not count either, up to 10 s:
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
  static constexpr std::chrono::milliseconds kStartAllowance{10'000};

  // How many invocations wait for one emulator.
  static constexpr std::size_t kMostWaiting = 100;

  // `client` must outlive it.
  explicit EndpointHost(consumers::HttpClient& client,
                        std::chrono::milliseconds start_allowance = kStartAllowance);
  ~EndpointHost() override { Stop(); }
  EndpointHost(const EndpointHost&) = delete;
  EndpointHost& operator=(const EndpointHost&) = delete;

  // An emulator gets one invocation at a time; others wait their turn, and beyond kMostWaiting they
  // are kThrottled. There is no log.
  void Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) override;
  // Does nothing: the processes are somebody else's.
  void Retire(std::string_view name) override;
  void Stop() override;

 private:
  class Running;
  const std::shared_ptr<Running> running_;
};

}  // namespace weir::runtimes
