// SPDX-License-Identifier: Apache-2.0
#include "cli/wiring.h"

#include <atomic>
#include <exception>
#include <string>
#include <system_error>
#include <utility>

#include "control/control.h"
#include "core/background.h"
#include "core/clock.h"
#include "core/memory.h"
#include "core/memory_reserve.h"
#include "core/mutex.h"
#include "protocol/service_registry.h"
#include "server/access_log.h"
#include "server/browser_gate.h"
#include "services/dynamodb/control/records_endpoint.h"
#include "services/dynamodb/control/shards_endpoint.h"
#include "services/dynamodb/control/transaction_endpoint.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/service.h"
#include "services/sts/service.h"

namespace weir::cli {
namespace {

constexpr std::string_view kResetPath = "/_weir/reset";

dynamodb::TransitionTimes TimesOf(const ServiceOptions& options) {
  if (options.transient_status_delay.has_value()) {
    return dynamodb::TransitionTimes::Each(*options.transient_status_delay);
  }
  return options.delay_transient_statuses ? dynamodb::TransitionTimes::Real()
                                          : dynamodb::TransitionTimes();
}

dynamodb::DatabaseOptions DatabaseOptionsOf(const ServiceOptions& options) {
  dynamodb::DatabaseOptions database;
  database.stream_shards = options.stream_shards;
  database.shard_policy = options.shard_policy;
  database.enforce_stream_limits = options.enforce_stream_limits;
  database.iterators_expire = options.iterators_expire;
  database.transition_times = TimesOf(options);
  database.stream_max_bytes = options.stream_max_bytes;
  return database;
}

// Everything that a reset brings back to what it was at the start: the data, the clock, and what
// waits for either.
class World final : public protocol::RequestHandler {
 public:
  World(const ServiceOptions& options, std::string_view version, const Clock& clock)
      : database_(clock, DatabaseOptionsOf(options)),
        service_(database_, options.dynamodb_local ? dynamodb::Greeting::kDynamoDbLocal
                                                   : dynamodb::Greeting::kHealthText),
        services_({&service_, &sts_}, server::LogUnserved),
        transactions_(database_, service_),
        shards_(database_),
        records_(database_),
        endpoints_(version, database_.timeline(), services_) {
    endpoints_.Add({.path = dynamodb::ShardsEndpoint::kPath,
                    .methods = "GET, HEAD, POST",
                    .purpose = "the shards of a stream, which may be split, rotated and closed",
                    .handler = &shards_});
    endpoints_.Add({.path = dynamodb::RecordsEndpoint::kPath,
                    .methods = "POST",
                    .purpose = "the records of a stream, of all its shards in order",
                    .handler = &records_});
    endpoints_.Add({.path = dynamodb::TransactionEndpoint::kPath,
                    .methods = "GET, HEAD, POST, DELETE",
                    .purpose = "transactions that are held open between their checks and writes",
                    .handler = &transactions_,
                    .has_paths_below = true});
    endpoints_.Add({.path = kResetPath,
                    .methods = "POST",
                    .purpose = "the state of a fresh start, the clock's too"});
  }
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    endpoints_.Handle(request, response);
  }
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    services_.WriteError(error, response);
  }
  void Drain() override {
    records_.Drain();
    services_.Drain();
  }
  // Ends what its clock is about to do; nothing is due any more afterwards.
  void Stop() { database_.timeline().Stop(); }

 private:
  dynamodb::Database database_;
  dynamodb::DynamoDbService service_;
  sts::StsService sts_;
  protocol::ServiceRegistry services_;
  dynamodb::TransactionEndpoint transactions_;
  dynamodb::ShardsEndpoint shards_;
  dynamodb::RecordsEndpoint records_;
  control::ControlEndpoints endpoints_;
};

// Hands requests to the present world, and replaces that by a new one on POST /_weir/reset.
// Requests that are under way then end in the old one, which goes once nobody is in it.
class Worlds final : public protocol::RequestHandler {
 public:
  Worlds(const ServiceOptions& options, std::string_view version)
      : options_(options), version_(version), world_(NewWorld()) {}
  ~Worlds() override {
    ending_ = true;
    (void)Exchange(nullptr);
  }
  Worlds(const Worlds&) = delete;
  Worlds& operator=(const Worlds&) = delete;

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    if (request.path() == kResetPath) {
      Reset(request, response);
      return;
    }
    const WorldPtr world = Present();
    world->Handle(request, response);
    if (response.later) {
      // It stays while somebody waits for it, and while who leaves calls it off.
      response.later = [world, later = std::move(response.later)](HttpResponse::Done done) {
        HttpResponse::Cancel cancel = later(
            [world, done = std::move(done)](HttpResponse answer) { done(std::move(answer)); });
        return [world, cancel = std::move(cancel)] {
          if (cancel) {
            cancel();
          }
        };
      };
    }
  }
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    Present()->WriteError(error, response);
  }
  void Drain() override { Present()->Drain(); }

 private:
  using HttpResponse = protocol::HttpResponse;
  using WorldPtr = std::shared_ptr<World>;

  // Not an atomic shared pointer: libstdc++ 12 unlocks that without releasing what it read.
  WorldPtr Present() {
    const MutexLock lock(mutex_);
    return world_;
  }
  WorldPtr Exchange(WorldPtr next) {
    const MutexLock lock(mutex_);
    return std::exchange(world_, std::move(next));
  }

  WorldPtr NewWorld() {
    auto world = std::make_unique<World>(options_, version_, clock_);
    ++alive_;
    return {world.release(), [this](World* gone) { Discard(gone); }};
  }

  // Freeing its items may take a while, and it may be its own thread that drops it.
  void Discard(World* world) {
    const MemoryReserve::MustNotFail all;  // nobody else would free it
    const auto end = [this, world] {
      const MemoryReserve::MustNotFail rest;
      delete world;  // NOLINT: that of a shared pointer
      --alive_;
      ReturnFreeMemory();
    };
    if (ending_) {
      end();
    } else {
      reaper_.Post(end);
    }
  }

  void Reset(const protocol::HttpRequest& request, HttpResponse& response) {
    if (request.method() != "POST") {
      response.headers.emplace_back("Allow", "POST");
      control::AnswerFault(405, "This control endpoint answers POST only.", response);
      return;
    }
    if (alive_ <= kMostWorlds) {
      response = Replace();
      return;
    }
    // Those before have to go first.
    response.later = [this](HttpResponse::Done done) -> HttpResponse::Cancel {
      reaper_.Post([this, done = std::move(done)] {
        const MemoryReserve::MustNotFail all;  // somebody waits for the answer
        done(Replace());
      });
      return nullptr;
    };
  }

  HttpResponse Replace() {
    HttpResponse response;
    response.content_type = control::kControlContentType;
    try {
      // A world that is replaced in part would stay for ever.
      const MemoryReserve::Scope whole;
      const WorldPtr old = Exchange(NewWorldOnFullServer());
      old->Drain();
      reaper_.Post([old] { old->Stop(); });
      response.body = "{}";
    } catch (const std::exception&) {
      const MemoryReserve::MustNotFail answer;
      control::AnswerFault(500, "There is no memory for a fresh start.", response);
    }
    return response;
  }

  // Of a server that is full, too: its threads then have the stacks that were put by.
  WorldPtr NewWorldOnFullServer() {
    try {
      return NewWorld();
    } catch (const std::system_error&) {  // no thread
      MemoryReserve::ReleaseStacks();
      return NewWorld();
    }
  }

  // Beyond so many, those that are still being freed among them, a reset waits.
  static constexpr int kMostWorlds = 4;

  const ServiceOptions options_;
  const std::string version_;
  SystemClock clock_;
  std::atomic<bool> ending_{false};
  std::atomic<int> alive_{0};
  Mutex mutex_;
  WorldPtr world_ WEIR_GUARDED_BY(mutex_);
  BackgroundExecutor reaper_;  // last, because its tasks use the rest
};

class GatedWorlds final : public protocol::RequestHandler {
 public:
  GatedWorlds(const ServiceOptions& options, std::string_view version)
      : worlds_(options, version), gate_(options.browser_rules, worlds_) {}
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    gate_.Handle(request, response);
  }
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    gate_.WriteError(error, response);
  }
  void Drain() override { gate_.Drain(); }

 private:
  Worlds worlds_;
  server::BrowserGate gate_;
};

}  // namespace

std::unique_ptr<protocol::RequestHandler> MakeHandler(const ServiceOptions& options,
                                                      std::string_view version) {
  return std::make_unique<GatedWorlds>(options, version);
}

}  // namespace weir::cli
