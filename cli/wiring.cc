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

// Everything that a reset replaces: the data, the clock, and what waits for either.
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
  // Stops the timeline: waits for the timer that runs, if any, after which no other runs.
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

// Passes requests to the present world, and replaces that by a new one on POST /_weir/reset.
// Requests that are under way then end in the old world, which is deleted after the last of them.
class Worlds final : public protocol::RequestHandler {
 public:
  Worlds(const ServiceOptions& options, std::string_view version)
      : options_(options), version_(version), world_(NewWorld()) {}
  // Waits until all worlds are deleted, which their own threads, when they are the last to drop a
  // world, could not do. So that the wait is short, what the last world waits for is ended first.
  ~Worlds() override {
    if (const WorldPtr last = Exchange(nullptr)) {
      last->Drain();
      last->Stop();
    }
    for (int alive = alive_; alive > 0; alive = alive_) {
      alive_.wait(alive);
    }
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
      // Keeps the world until the answer is made, and while the work is cancelled for a client that
      // has left.
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

  // Not an atomic shared pointer: in libstdc++ 12, a read of one unlocks it without memory order
  // `release`, so a later write is not ordered after the read.
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

  // Deletes a world on another thread, since freeing its items may take long, and since the thread
  // that drops it last may be the world's own.
  void Discard(World* world) {
    const MemoryReserve::MustNotFail all;  // nobody else would free it
    reaper_.Post([this, world] {
      const MemoryReserve::MustNotFail rest;
      delete world;  // NOLINT: this is a shared pointer's deleter
      ReturnFreeMemory();
      --alive_;
      alive_.notify_all();
    });
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
    // Worlds that were replaced before have to be freed first.
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
      // All or nothing: an old world that is replaced and not stopped would stay for ever.
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

  // Makes a world also if the system has no memory for the stacks of its threads, which then take
  // those that were put by.
  WorldPtr NewWorldOnFullServer() {
    try {
      return NewWorld();
    } catch (const std::system_error&) {  // no thread
      MemoryReserve::ReleaseStacks();
      return NewWorld();
    }
  }

  // A reset waits while there are more worlds than this, including those that are being freed.
  static constexpr int kMostWorlds = 4;

  const ServiceOptions options_;
  const std::string version_;
  SystemClock clock_;
  std::atomic<int> alive_{0};
  Mutex mutex_;
  WorldPtr world_ WEIR_GUARDED_BY(mutex_);
  BackgroundExecutor reaper_;  // last, because its tasks use the members above
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
