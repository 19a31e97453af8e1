// SPDX-License-Identifier: Apache-2.0
#include "server/wiring.h"

#include "core/clock.h"
#include "operations/database.h"
#include "protocol/service.h"
#include "server/control.h"
#include "server/records_endpoint.h"
#include "server/shards_endpoint.h"
#include "server/transaction_endpoint.h"

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
  DatabaseHandler(const ServiceOptions& options, std::string_view version)
      : database_(clock_, {options.stream_shards, options.shard_policy,
                           options.enforce_stream_limits, TimesOf(options)}),
        service_(database_),
        transactions_(database_, service_),
        shards_(database_),
        records_(database_),
        endpoints_(version, database_.timeline(), service_) {
    endpoints_.Add(TransactionEndpoint::kPath, transactions_);
    endpoints_.Add(ShardsEndpoint::kPath, shards_);
    endpoints_.Add(RecordsEndpoint::kPath, records_);
  }
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    endpoints_.Handle(request, response);
  }
  void Drain() override { records_.Drain(); }

 private:
  SystemClock clock_;
  operations::Database database_;
  protocol::DynamoDbService service_;
  TransactionEndpoint transactions_;
  ShardsEndpoint shards_;
  RecordsEndpoint records_;
  ControlEndpoints endpoints_;
};

}  // namespace

std::unique_ptr<protocol::RequestHandler> MakeHandler(const ServiceOptions& options,
                                                      std::string_view version) {
  return std::make_unique<DatabaseHandler>(options, version);
}

}  // namespace weir::server
