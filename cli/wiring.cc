// SPDX-License-Identifier: Apache-2.0
#include "cli/wiring.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "cli/function_parts.h"
#include "cli/health_report.h"
#include "control/control.h"
#include "control/localstack_endpoints.h"
#include "core/background.h"
#include "core/clock.h"
#include "core/memory_reserve.h"
#include "core/mutex.h"
#include "core/system.h"
#include "protocol/service_registry.h"
#include "server/access_log.h"
#include "server/browser_gate.h"
#include "services/dynamodb/control/records_endpoint.h"
#include "services/dynamodb/control/shards_endpoint.h"
#include "services/dynamodb/control/transaction_endpoint.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/kept_state.h"
#include "services/dynamodb/service.h"
#include "services/sts/service.h"
#include "storage/disk/data_store.h"

namespace weir::cli {
namespace {

// Where DynamoDB Local keeps its data with -sharedDb, in the folder of -dbPath.
constexpr std::string_view kLocalDatabase = "shared-local-instance.db";
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

// A data folder as it was loaded: the store, and what it keeps.
struct OpenedFolder {
  std::unique_ptr<storage::DataStore> store;
  std::unique_ptr<dynamodb::KeptState> kept;
};

struct FolderError : std::runtime_error {
  explicit FolderError(const std::string& text)
      : std::runtime_error("the data folder cannot be used: " + text) {}
};

// Reads and starts the folder. `emptied_after`: instead of reading it, empties it of what was there
// up to this row. Without a folder, the result is empty. Throws if that fails.
OpenedFolder OpenFolder(const ServiceOptions& options, std::optional<std::uint64_t> emptied_after) {
  OpenedFolder folder;
  if (options.data_dir.empty()) {
    return folder;
  }
  // Writing beyond the limit of `ulimit -f` then fails like any other write.
  std::signal(SIGXFSZ, SIG_IGN);  // NOLINT(cert-err33-c): the previous handler is of no interest
  folder.store = std::make_unique<storage::DataStore>(storage::NewFolderFiles(options.data_dir),
                                                      options.journal);
  folder.kept = std::make_unique<dynamodb::KeptState>(folder.store->engine());
  if (emptied_after.has_value()) {
    if (const storage::Io<void> emptied = folder.store->Reset(*emptied_after); !emptied.ok()) {
      throw FolderError(emptied.error().ToString());
    }
  } else if (const storage::Loaded<void> loaded = folder.store->Load(*folder.kept); !loaded.ok()) {
    throw FolderError(loaded.error().text);
  }
  if (folder.store->has_file(kLocalDatabase)) {
    spdlog::warn("{}/{} is DynamoDB Local's; it is left alone, and its tables are not here",
                 options.data_dir, kLocalDatabase);
  }
  if (const std::string& cut = folder.store->state().cut_off; !cut.empty()) {
    spdlog::warn("the journal was cut off by a crash: {}; all that was promised is there", cut);
  }
  if (const storage::Io<void> started = folder.store->Start(folder.kept->latest_table());
      !started.ok()) {
    throw FolderError(started.error().ToString());
  }
  return folder;
}

// Everything that a reset replaces: the data, the clock, and what waits for either.
class World final : public protocol::RequestHandler {
 public:
  World(const ServiceOptions& options, std::string_view version, const Clock& clock,
        OpenedFolder folder)
      : store_(std::move(folder.store)),
        database_(clock, DatabaseOptionsOf(options), store_.get(), folder.kept.get()),
        service_(database_, options.dynamodb_local ? dynamodb::Greeting::kDynamoDbLocal
                                                   : dynamodb::Greeting::kHealthText),
        functions_(options, database_),
        services_({&service_, &sts_, &functions_.lambda(), &functions_.logs()},
                  server::LogUnserved),
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
    functions_.AddTo(endpoints_);
    endpoints_.DescribeBy([this, path = options.data_dir](std::string& members) {
      AppendHealthReport(database_, store_.get(), path, members);
    });
    endpoints_.Add({.path = kResetPath,
                    .methods = "POST",
                    .purpose = "the state of a fresh start, the clock's too"});
  }
  ~World() override { database_.WriteLastCheckpoint(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    endpoints_.Handle(request, response);
    if (store_ != nullptr) {
      AwaitCommit(request.path() == dynamodb::RecordsEndpoint::kPath, response);
    }
  }
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    services_.WriteError(error, response);
  }
  void Drain() override {
    records_.Drain();
    functions_.Drain();
    services_.Drain();
  }
  // Stops the timeline: waits for the timer that runs, if any, after which no other runs.
  void Stop() { database_.timeline().Stop(); }
  // Lets go of the data folder, so that another world can have it. Returns the number of the last
  // row; nullopt if there is no folder. Writes are refused from then on.
  std::optional<std::uint64_t> CloseStore() {
    if (store_ == nullptr) {
      return std::nullopt;
    }
    store_->Close();
    return store_->journal().last();
  }

 private:
  using HttpResponse = protocol::HttpResponse;

  // Has an answer wait until what its request has changed is durable, if that was asked for.
  // `reads`: a deferred answer is about nothing that it has changed.
  void AwaitCommit(bool reads, HttpResponse& response) {
    const std::uint64_t commit = storage::DurableEngine::TakeCommit();
    if (store_->journal().durability() != storage::Durability::kAlways ||
        (response.later && reads)) {
      return;
    }
    if (response.later) {
      response.later = [this, later = std::move(response.later)](HttpResponse::Done done) {
        return later([this, done = std::move(done)](HttpResponse answer) {
          const std::uint64_t last = store_->journal().last();
          AwaitRow(last, std::make_shared<HttpResponse>(std::move(answer)), done);
        });
      };
    } else if (!store_->journal().IsDurable(commit)) {
      const auto answer = std::make_shared<HttpResponse>(std::move(response));
      response = HttpResponse();
      response.later = [this, commit, answer](HttpResponse::Done done) -> HttpResponse::Cancel {
        AwaitRow(commit, answer, std::move(done));
        return nullptr;
      };
    }
  }
  void AwaitRow(std::uint64_t row, std::shared_ptr<HttpResponse> answer, HttpResponse::Done done) {
    store_->journal().Await(
        row, [this, answer = std::move(answer), done = std::move(done)](bool durable) {
          if (!durable) {
            WriteError(MakeError(ErrorCode::kInternalServerError,
                                 "The change may be lost: the data folder cannot be written"),
                       *answer);
          }
          done(std::move(*answer));
        });
  }

  const std::unique_ptr<storage::DataStore> store_;  // null without a data folder
  dynamodb::Database database_;
  dynamodb::DynamoDbService service_;
  sts::StsService sts_;
  FunctionParts functions_;
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
      : options_(options),
        version_(version),
        lock_(TakeLock(options)),
        world_(NewWorld(OpenFolder(options, std::nullopt))) {}
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
    if (request.path() == kResetPath ||
        (options_.localstack && request.path() == control::kLocalStackResetPath)) {
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

  using LockPtr = std::unique_ptr<storage::FolderLock>;
  static LockPtr TakeLock(const ServiceOptions& options) {
    if (options.data_dir.empty()) {
      return nullptr;
    }
    storage::Loaded<LockPtr> lock = storage::FolderLock::Take(options.data_dir);
    if (!lock.ok()) {
      throw FolderError(lock.error().text);
    }
    return std::move(lock).value();
  }

  WorldPtr NewWorld(OpenedFolder folder) {
    auto world = std::make_unique<World>(options_, version_, clock_, std::move(folder));
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
      system::ReturnFreeMemory();
      --alive_;
      alive_.notify_all();
    });
  }

  void Reset(const protocol::HttpRequest& request, HttpResponse& response) {
    if (request.method() != "POST") {
      control::AnswerMethodNotAllowed("POST", response);
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
    const MutexLock one_at_a_time(reset_mutex_);
    HttpResponse response;
    response.content_type = control::kControlContentType;
    try {
      // All or nothing: an old world that is replaced and not stopped would stay for ever.
      const MemoryReserve::Scope whole;
      const WorldPtr old = Exchange(NewWorldOnFullServer());
      old->Drain();
      reaper_.Post([old] { old->Stop(); });
      response.body = "{}";
    } catch (const FolderError& error) {
      const MemoryReserve::MustNotFail answer;
      control::AnswerFault(500, std::string("There is no fresh start: ") + error.what() + ".",
                           response);
    } catch (const std::exception&) {
      const MemoryReserve::MustNotFail answer;
      control::AnswerFault(500, "There is no memory for a fresh start.", response);
    }
    return response;
  }

  // Makes a world with nothing in it, also if the system has no memory for the stacks of its
  // threads, which then take those that were put by.
  WorldPtr NewWorldOnFullServer() {
    const std::optional<std::uint64_t> last = Present()->CloseStore();
    try {
      return NewWorld(OpenFolder(options_, last));
    } catch (const std::system_error&) {  // no thread
      MemoryReserve::ReleaseStacks();
      return NewWorld(OpenFolder(options_, last));
    }
  }

  // A reset waits while there are more worlds than this, including those that are being freed.
  static constexpr int kMostWorlds = 4;

  const ServiceOptions options_;
  const std::string version_;
  const LockPtr lock_;  // null without a data folder
  SystemClock clock_;
  std::atomic<int> alive_{0};
  Mutex reset_mutex_;  // taken before mutex_
  Mutex mutex_;
  WorldPtr world_ WEIR_GUARDED_BY(mutex_);
  BackgroundExecutor reaper_;  // last, because its tasks use the members above
};

class GatedWorlds final : public protocol::RequestHandler {
 public:
  GatedWorlds(const ServiceOptions& options, std::string_view version)
      : worlds_(options, version),
        localstack_(version, {"dynamodb", "dynamodbstreams", "lambda", "logs", "sts"}, worlds_),
        gate_(options.browser_rules, Gated(options)) {}
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override {
    gate_.Handle(request, response);
  }
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    gate_.WriteError(error, response);
  }
  void Drain() override { gate_.Drain(); }

 private:
  protocol::RequestHandler& Gated(const ServiceOptions& options) {
    return options.localstack ? static_cast<protocol::RequestHandler&>(localstack_) : worlds_;
  }

  Worlds worlds_;
  control::LocalStackEndpoints localstack_;  // used if the options ask for it
  server::BrowserGate gate_;
};

}  // namespace

std::unique_ptr<protocol::RequestHandler> MakeHandler(const ServiceOptions& options,
                                                      std::string_view version) {
  return std::make_unique<GatedWorlds>(options, version);
}

}  // namespace weir::cli
