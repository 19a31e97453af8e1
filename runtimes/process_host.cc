// SPDX-License-Identifier: Apache-2.0
#include "runtimes/process_host.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <iterator>
#include <thread>
#include <utility>

#include "core/memory_reserve.h"
#include "core/mutex.h"
#include "runtimes/function_process.h"
#include "runtimes/interpreters.h"
#include "runtimes/process_start.h"
#include "runtimes/process_watch.h"
#include "runtimes/random_hex.h"
#include "runtimes/runtime_api_server.h"

namespace weir::runtimes {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kServerEnds = "The server ends";

InvokeOutcome Unavailable(std::string text) {
  return {.kind = InvokeOutcome::Kind::kUnavailable, .payload = std::move(text), .log_tail = {}};
}

InvokeOutcome NotAttached(const std::string& name) {
  return Unavailable("No process runs the function " + name + ". Start one by: weir lambda run " +
                     name + " -- command");
}

// The function with the state of its code as a part of its revision. Blocks; fails with a text for
// people.
Result<FunctionSpecPtr, std::string> AsItIsNow(const FunctionSpec& function) {
  WEIR_ASSIGN_OR_RETURN(const CodeFolderPtr code, OpenCode(function));
  FunctionSpec now = function;
  now.revision.append("-").append(code->state);
  return FunctionSpecPtr(std::make_shared<const FunctionSpec>(std::move(now)));
}

}  // namespace

// All that is not guarded by the mutex belongs to the thread.
class ProcessHost::Impl final : private ProcessOwner {
 public:
  explicit Impl(ProcessHostOptions options)
      : options_(std::move(options)),
        interpreters_(options_.keeper, options_.search_path),
        shared_{.options = options_,
                .context = context_,
                .starter = starter_,
                .interpreters = interpreters_,
                .watch = watch_},
        work_(context_.get_executor()),
        thread_([this] {
          const MemoryReserve::MustNotFail loop;
          context_.run();
        }) {}

  void Invoke(FunctionSpecPtr function, InvokeRequest request, const Done& done);
  void Retire(std::string name);
  void Stop();
  Result<Attachment, std::string> Attach(const FunctionSpecPtr& function);
  bool Detach(std::string_view id);
  std::map<std::string, ProcessCount, std::less<>> Counts() const {
    const MutexLock lock(mutex_);
    return counts_;
  }

 private:
  using ProcessPtr = std::shared_ptr<FunctionProcess>;
  struct Waiting {
    FunctionSpecPtr function;
    InvokeRequest request;
    Done done;
  };

  // Has the thread run the task; false after Stop.
  template <class Task>
  bool Post(Task task);
  // Places an invocation of code that may change, with the revision that it then has.
  void LookAndPlace(const FunctionSpecPtr& function, InvokeRequest request, Done done);
  void Place(const FunctionSpecPtr& function, InvokeRequest request, Done done);
  void PlaceAttached(const FunctionSpecPtr& function, InvokeRequest request, Done done);
  // Where an attached function may run next: best in a process that waits for an invocation.
  struct AttachedPlace {
    ProcessPtr process;    // nullptr: nowhere
    bool is_busy = false;  // there is another place, which has an invocation
  };
  [[nodiscard]] AttachedPlace FindPlace(std::string_view name) const;
  // Gives the function's places that are free to those that wait, in their order. Without a place,
  // ends them.
  void PlaceWaiting(const std::string& name);
  // The same, once no function of a process's object runs.
  void PlaceWaitingSoon(const FunctionProcess& process);
  // The idle process of that version and revision that has been used last; nullptr if there is
  // none. Retires those of other revisions.
  ProcessPtr FindIdle(const FunctionSpec& function);
  // Whether one more process may be started. Ends an idle one if it must.
  bool MakeRoom();
  // Starts a process for the function; nullptr, and why not, if there is no port for it.
  ProcessPtr StartProcess(const FunctionSpecPtr& function, std::string& why);
  void Run(const ProcessPtr& process, const FunctionSpecPtr& function, InvokeRequest request,
           Done done);
  void Add(const ProcessPtr& process);
  void Count(const std::string& name, int all, int busy);
  void StopAll();
  // Lets Stop end if nothing is left that it waits for.
  void NoteIfAllGone();

  void OnInvocationOver(FunctionProcess& process) override {
    Count(process.function().name, 0, -1);
    PlaceWaitingSoon(process);
  }
  void OnGone(FunctionProcess& process) override;

  const ProcessHostOptions options_;
  asio::io_context context_{1};
  asio::thread_pool starter_{1};
  Interpreters interpreters_;
  ProcessWatch watch_;
  ProcessContext shared_;
  std::vector<ProcessPtr> processes_;
  std::map<std::string, std::deque<Waiting>, std::less<>> waiting_;  // by function; none is empty
  std::size_t looks_ = 0;  // invocations that LookAndPlace has yet to place
  bool stopping_ = false;

  mutable Mutex mutex_;
  ConditionVariable gone_;
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;
  bool all_gone_ WEIR_GUARDED_BY(mutex_) = false;
  std::map<std::string, ProcessCount, std::less<>> counts_ WEIR_GUARDED_BY(mutex_);
  std::map<std::string, ProcessPtr, std::less<>> attached_ WEIR_GUARDED_BY(mutex_);  // by id

  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;  // last: it uses all members above
};

template <class Task>
bool ProcessHost::Impl::Post(Task task) {
  const MemoryReserve::MustNotFail post;  // Asio's own allocations
  const MutexLock lock(mutex_);
  if (stopped_) {
    return false;
  }
  asio::post(context_, std::move(task));
  return true;
}

void ProcessHost::Impl::Invoke(FunctionSpecPtr function, InvokeRequest request, const Done& done) {
  const bool posted = Post([this, function = std::move(function), request = std::move(request),
                            done = Done(done)]() mutable {
    if (function->placement == Placement::kAttached) {
      PlaceAttached(function, std::move(request), std::move(done));
    } else if (function->code->may_change()) {
      LookAndPlace(function, std::move(request), std::move(done));
    } else {
      Place(function, std::move(request), std::move(done));
    }
  });
  if (!posted) {
    done(Unavailable(std::string(kServerEnds)));
  }
}

void ProcessHost::Impl::LookAndPlace(const FunctionSpecPtr& function, InvokeRequest request,
                                     Done done) {
  ++looks_;
  asio::post(
      starter_, [this, function, request = std::move(request), done = std::move(done)]() mutable {
        const MemoryReserve::MustNotFail task;
        auto looked = std::make_shared<Result<FunctionSpecPtr, std::string>>(AsItIsNow(*function));
        asio::post(context_, [this, looked = std::move(looked), request = std::move(request),
                              done = std::move(done)]() mutable {
          --looks_;
          if (stopping_) {
            done(Unavailable(std::string(kServerEnds)));
            NoteIfAllGone();
          } else if (!looked->ok()) {
            done(Unavailable(looked->error()));
          } else {
            Place(looked->value(), std::move(request), std::move(done));
          }
        });
      });
}

void ProcessHost::Impl::Place(const FunctionSpecPtr& function, InvokeRequest request, Done done) {
  ProcessPtr process = FindIdle(*function);
  if (process == nullptr) {
    if (!MakeRoom()) {
      done({.kind = InvokeOutcome::Kind::kThrottled, .payload = {}, .log_tail = {}});
      return;
    }
    std::string why;
    process = StartProcess(function, why);
    if (process == nullptr) {
      done(Unavailable("There is no port for a process: " + why));
      return;
    }
  }
  Run(process, function, std::move(request), std::move(done));
}

void ProcessHost::Impl::PlaceAttached(const FunctionSpecPtr& function, InvokeRequest request,
                                      Done done) {
  const std::string name = function->name;
  waiting_[name].push_back({function, std::move(request), std::move(done)});
  PlaceWaiting(name);
  const auto still = waiting_.find(name);
  if (still != waiting_.end() && still->second.size() > kMostWaiting) {
    const Done refused = std::move(still->second.back().done);
    still->second.pop_back();
    refused({.kind = InvokeOutcome::Kind::kThrottled, .payload = {}, .log_tail = {}});
  }
}

void ProcessHost::Impl::PlaceWaiting(const std::string& name) {
  for (auto queue = waiting_.find(name); queue != waiting_.end(); queue = waiting_.find(name)) {
    const AttachedPlace found = FindPlace(name);
    if (found.process == nullptr && found.is_busy) {
      return;
    }
    Waiting next = std::move(queue->second.front());
    queue->second.pop_front();
    if (queue->second.empty()) {
      waiting_.erase(queue);
    }
    if (found.process != nullptr) {
      Run(found.process, next.function, std::move(next.request), std::move(next.done));
    } else {
      next.done(NotAttached(name));
    }
  }
}

void ProcessHost::Impl::PlaceWaitingSoon(const FunctionProcess& process) {
  if (process.is_attached()) {
    asio::post(context_, [this, name = process.function().name] { PlaceWaiting(name); });
  }
}

ProcessHost::Impl::AttachedPlace ProcessHost::Impl::FindPlace(std::string_view name) const {
  AttachedPlace found;
  for (const ProcessPtr& process : processes_) {
    if (!process->is_attached() || process->ending() || process->function().name != name) {
      continue;
    }
    if (process->busy()) {
      found.is_busy = true;
    } else if (found.process == nullptr || (process->idle() && !found.process->idle())) {
      found.process = process;
    }
  }
  return found;
}

ProcessHost::Impl::ProcessPtr ProcessHost::Impl::FindIdle(const FunctionSpec& function) {
  ProcessPtr found;
  for (const ProcessPtr& process : processes_) {
    const FunctionSpec& other = process->function();
    if (process->is_attached() || process->ending() || process->retiring() ||
        other.name != function.name || other.version != function.version) {
      continue;
    }
    if (other.revision != function.revision) {
      process->Retire();
    } else if (process->idle() &&
               (found == nullptr || found->idle_since() < process->idle_since())) {
      found = process;
    }
  }
  return found;
}

bool ProcessHost::Impl::MakeRoom() {
  std::size_t count = 0;
  ProcessPtr oldest;
  for (const ProcessPtr& process : processes_) {
    if (process->is_attached() || process->ending()) {
      continue;
    }
    ++count;
    if (process->idle() && (oldest == nullptr || process->idle_since() < oldest->idle_since())) {
      oldest = process;
    }
  }
  if (count < options_.max_processes) {
    return true;
  }
  if (oldest != nullptr) {
    oldest->Stop({});
  }
  return oldest != nullptr;
}

ProcessHost::Impl::ProcessPtr ProcessHost::Impl::StartProcess(const FunctionSpecPtr& function,
                                                              std::string& why) {
  Result<std::shared_ptr<RuntimeApiServer>, std::string> server = RuntimeApiServer::Open(context_);
  if (!server.ok()) {
    why = server.error();
    return nullptr;
  }
  auto process = std::make_shared<FunctionProcess>(
      shared_, static_cast<ProcessOwner&>(*this), function, std::move(server).value(), RandomHex());
  Add(process);
  return process;
}

void ProcessHost::Impl::Run(const ProcessPtr& process, const FunctionSpecPtr& function,
                            InvokeRequest request, Done done) {
  Count(function->name, 0, 1);
  process->Invoke(function, std::move(request), std::move(done));
}

void ProcessHost::Impl::Add(const ProcessPtr& process) {
  processes_.push_back(process);
  Count(process->function().name, 1, 0);
  process->Start();
  PlaceWaitingSoon(*process);
}

void ProcessHost::Impl::Count(const std::string& name, int all, int busy) {
  const MutexLock lock(mutex_);
  ProcessCount& count = counts_[name];
  count.all += all;
  count.busy += busy;
  if (count.all == 0) {
    counts_.erase(name);
  }
}

void ProcessHost::Impl::OnGone(FunctionProcess& process) {
  Count(process.function().name, -1, 0);
  PlaceWaitingSoon(process);
  processes_.erase(
      std::remove_if(processes_.begin(), processes_.end(),
                     [&process](const auto& other) { return other.get() == &process; }),
      processes_.end());
  NoteIfAllGone();
}

void ProcessHost::Impl::Retire(std::string name) {
  (void)Post([this, name = std::move(name)] {
    for (const ProcessPtr& process : processes_) {
      if (!process->is_attached() && process->function().name == name) {
        process->Retire();
      }
    }
  });
}

void ProcessHost::Impl::StopAll() {
  stopping_ = true;
  for (auto& [name, queue] : std::exchange(waiting_, {})) {
    for (const Waiting& waiting : queue) {
      waiting.done(Unavailable(std::string(kServerEnds)));
    }
  }
  for (const ProcessPtr& process : std::vector(processes_)) {
    process->Stop(kServerEnds);
  }
  NoteIfAllGone();
}

void ProcessHost::Impl::NoteIfAllGone() {
  if (stopping_ && processes_.empty() && looks_ == 0) {
    const MutexLock lock(mutex_);
    all_gone_ = true;
    gone_.NotifyAll();
  }
}

void ProcessHost::Impl::Stop() {
  const MemoryReserve::MustNotFail all;  // a destructor calls it
  std::thread thread;
  {
    const MutexLock lock(mutex_);
    if (!std::exchange(stopped_, true)) {
      attached_.clear();
      asio::post(context_, [this] { StopAll(); });
      thread = std::move(thread_);
    }
    while (!all_gone_) {
      gone_.Wait(mutex_);
    }
  }
  if (thread.joinable()) {
    work_.reset();
    thread.join();
    starter_.join();
  }
}

Result<Attachment, std::string> ProcessHost::Impl::Attach(const FunctionSpecPtr& function) {
  WEIR_ASSIGN_OR_RETURN(std::shared_ptr<RuntimeApiServer> server, RuntimeApiServer::Open(context_));
  std::string address = server->address();
  auto process = std::make_shared<FunctionProcess>(shared_, static_cast<ProcessOwner&>(*this),
                                                   function, std::move(server), RandomHex());
  Attachment attachment{.id = process->id(),
                        .runtime_api = std::move(address),
                        .environment = process->Environment()};
  if (!Post([this, process] { Add(process); })) {
    return std::string(kServerEnds);
  }
  const MutexLock lock(mutex_);
  attached_[process->id()] = process;
  return attachment;
}

bool ProcessHost::Impl::Detach(std::string_view id) {
  ProcessPtr process;
  {
    const MutexLock lock(mutex_);
    const auto found = attached_.find(id);
    if (found == attached_.end()) {
      return false;
    }
    process = std::move(attached_.extract(found).mapped());
  }
  return Post([process] { process->Detach(); });
}

ProcessHost::ProcessHost(ProcessHostOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

// NOLINTNEXTLINE(bugprone-exception-escape): std::bad_alloc alone, which Stop guards against
ProcessHost::~ProcessHost() {
  Stop();
}

void ProcessHost::Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) {
  impl_->Invoke(std::move(function), std::move(request), done);
}

void ProcessHost::Retire(std::string_view name) {
  impl_->Retire(std::string(name));
}

void ProcessHost::Stop() {
  impl_->Stop();
}

Result<Attachment, std::string> ProcessHost::Attach(const FunctionSpecPtr& function) {
  return impl_->Attach(function);
}

bool ProcessHost::Detach(std::string_view id) {
  return impl_->Detach(id);
}

std::map<std::string, ProcessCount, std::less<>> ProcessHost::Counts() const {
  return impl_->Counts();
}

}  // namespace weir::runtimes
