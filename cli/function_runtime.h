// SPDX-License-Identifier: Apache-2.0
// FunctionRuntime: what runs functions, made when the first one runs. Most servers run none, and a
// reset makes a new one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/service_options.h"
#include "consumers/http/http_client.h"
#include "core/clock.h"
#include "core/mutex.h"
#include "runtimes/endpoint/endpoint_host.h"
#include "runtimes/process_host.h"
#include "runtimes/work_folder.h"

namespace weir::cli {

// Thread-safe.
class FunctionRuntime {
 public:
  // `clock` and `log` must outlive it.
  // `refusal`: why nothing runs, from the beginning; empty: it does.
  FunctionRuntime(const ServiceOptions& options, const Clock& clock, runtimes::LogSink& log,
                  std::string_view refusal);
  ~FunctionRuntime() { Stop(); }
  FunctionRuntime(const FunctionRuntime&) = delete;
  FunctionRuntime& operator=(const FunctionRuntime&) = delete;

  // For Placement::kProcess and kAttached, and for kEndpoint.
  [[nodiscard]] runtimes::FunctionHost& processes() { return processes_; }
  [[nodiscard]] runtimes::FunctionHost& endpoints() { return endpoints_; }
  // The host of processes; the error is a text for people.
  Result<runtimes::ProcessHost*, std::string> ProcessHost();
  // Whether anything was made.
  [[nodiscard]] bool running() const;
  // How many processes a function has.
  [[nodiscard]] std::size_t CountOf(std::string_view name) const;
  // Refuses to run anything from now on, for this reason.
  void Refuse(std::string why);
  // The same, and ends all that runs. Waits for it.
  void Stop();

 private:
  // Passes everything on to the host, which it makes.
  class Processes final : public runtimes::FunctionHost {
   public:
    explicit Processes(FunctionRuntime& runtime) : runtime_(runtime) {}
    void Invoke(runtimes::FunctionSpecPtr function, runtimes::InvokeRequest request,
                Done done) override;
    void Retire(std::string_view name) override;
    void Stop() override {}

   private:
    FunctionRuntime& runtime_;
  };
  class Endpoints final : public runtimes::FunctionHost {
   public:
    explicit Endpoints(FunctionRuntime& runtime) : runtime_(runtime) {}
    void Invoke(runtimes::FunctionSpecPtr function, runtimes::InvokeRequest request,
                Done done) override;
    void Retire(std::string_view /*name*/) override {}
    void Stop() override {}

   private:
    FunctionRuntime& runtime_;
  };
  [[nodiscard]] runtimes::ProcessHost* Present() const;
  Result<runtimes::EndpointHost*, std::string> EndpointHost();

  const ServiceOptions& options_;
  const Clock& clock_;
  runtimes::LogSink& log_;
  Processes processes_{*this};
  Endpoints endpoints_{*this};
  mutable Mutex mutex_;
  std::string refusal_ WEIR_GUARDED_BY(mutex_);  // why nothing runs; empty: it does
  std::unique_ptr<runtimes::WorkFolder> folder_ WEIR_GUARDED_BY(mutex_);
  std::unique_ptr<runtimes::ProcessHost> host_ WEIR_GUARDED_BY(mutex_);
  std::unique_ptr<consumers::HttpClient> client_ WEIR_GUARDED_BY(mutex_);
  std::unique_ptr<runtimes::EndpointHost> endpoint_host_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::cli
