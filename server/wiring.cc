// SPDX-License-Identifier: Apache-2.0
#include "server/wiring.h"

#include "core/clock.h"
#include "operations/database.h"
#include "protocol/service.h"

namespace weir::server {
namespace {

operations::TransitionTimes TimesOf(const ServiceOptions& options) {
  if (options.transient_status_delay.has_value()) {
    return operations::TransitionTimes::Each(*options.transient_status_delay);
  }
  return options.delay_transient_statuses ? operations::TransitionTimes::Real()
                                          : operations::TransitionTimes();
}

class DatabaseHandler final : public protocol::RequestHandler {
 public:
  explicit DatabaseHandler(const ServiceOptions& options)
      : database_(clock_, {options.stream_shards, TimesOf(options)}), service_(database_) {}
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    service_.Handle(request, response);
  }

 private:
  SystemClock clock_;
  operations::Database database_;
  protocol::DynamoDbService service_;
};

}  // namespace

std::unique_ptr<protocol::RequestHandler> MakeHandler(const ServiceOptions& options) {
  return std::make_unique<DatabaseHandler>(options);
}

}  // namespace weir::server
