// SPDX-License-Identifier: Apache-2.0
#include "tests/triggers/trigger_fixture.h"

#include <atomic>
#include <future>
#include <sstream>
#include <thread>
#include <utility>

#include "services/dynamodb/triggers/event_record.h"

namespace weir::testing {
namespace {

using runtimes::InvokeOutcome;
using Kind = InvokeOutcome::Kind;

InvokeOutcome OutcomeOf(const std::string& answer) {
  if (answer == "ok") {
    return {.kind = Kind::kReturned, .payload = "null", .log_tail = {}};
  }
  if (answer == "error") {
    return {.kind = Kind::kFunctionError,
            .payload = R"({"errorMessage":"no","errorType":"Error"})",
            .log_tail = {}};
  }
  if (answer == "throttle") {
    return {.kind = Kind::kThrottled, .payload = {}, .log_tail = {}};
  }
  if (answer == "down") {
    return {.kind = Kind::kUnavailable, .payload = "no process is attached", .log_tail = {}};
  }
  return {.kind = Kind::kReturned, .payload = answer, .log_tail = {}};
}

// "1.5" for 1,500,000 microseconds.
std::string SecondsText(Micros span) {
  std::ostringstream text;
  text << static_cast<double>(span.count()) / 1e6;
  return text.str();
}

std::string KeysIn(const std::string& payload) {
  std::string keys;
  const Json event = Json::parse(payload);
  for (const Json& record : event["Records"]) {
    keys += (keys.empty() ? "" : ",") + record["dynamodb"]["Keys"]["pk"]["S"].get<std::string>();
  }
  return keys;
}

}  // namespace

void FakeFunctions::Answer(const std::string& answer) {
  const MutexLock lock(mutex_);
  answers_.push_back(answer);
}

void FakeFunctions::Release(const std::string& answer) {
  runtimes::FunctionHost::Done done;
  {
    const MutexLock lock(mutex_);
    REQUIRE_FALSE(held_.empty());
    done = std::move(held_.front());
    held_.pop_front();
  }
  done(OutcomeOf(answer));
}

void FakeFunctions::Remove(const std::string& name) {
  const MutexLock lock(mutex_);
  names_.erase(name);
}

std::size_t FakeFunctions::held() const {
  const MutexLock lock(mutex_);
  return held_.size();
}

std::string FakeFunctions::log() const {
  const MutexLock lock(mutex_);
  return log_;
}

std::vector<std::string> FakeFunctions::request_ids() const {
  const MutexLock lock(mutex_);
  return request_ids_;
}

Json FakeFunctions::event() const {
  const MutexLock lock(mutex_);
  return Json::parse(payload_);
}

lambda::LambdaResult<lambda::FunctionRef> FakeFunctions::Resolve(std::string_view function,
                                                                 std::string_view /*qualifier*/,
                                                                 std::string_view region) const {
  constexpr std::string_view kPart = ":function:";
  const std::size_t at = function.find(kPart);
  const std::string_view name =
      at == std::string_view::npos ? function : function.substr(at + kPart.size());
  constexpr std::string_view kPrefix = "arn:aws:lambda:";
  if (function.starts_with(kPrefix)) {
    region = function.substr(kPrefix.size(), function.find(':', kPrefix.size()) - kPrefix.size());
  }
  auto spec = std::make_shared<runtimes::FunctionSpec>();
  spec->name = name.substr(0, name.find(':'));
  spec->region = region;
  spec->account = "000000000000";
  const std::string arn = "arn:aws:lambda:" + spec->region + ":000000000000:function:";
  const MutexLock lock(mutex_);
  if (!names_.contains(spec->name)) {
    return lambda::MakeLambdaError(lambda::LambdaErrorCode::kResourceNotFound,
                                   "Function not found: " + arn + std::string(name));
  }
  return lambda::FunctionRef{.spec = spec,
                             .arn = arn + std::string(name),
                             .qualifier = {},
                             .reserved_concurrency = std::nullopt};
}

void FakeFunctions::Invoke(const lambda::FunctionRef& /*function*/, runtimes::InvokeRequest request,
                           runtimes::FunctionHost::Done done) {
  std::string answer = "ok";
  {
    const MutexLock lock(mutex_);
    log_ += (log_.empty() ? "" : " ") + SecondsText(clock_.Now() - start_) + ":" +
            KeysIn(request.payload);
    request_ids_.push_back(request.request_id);
    payload_ = std::move(request.payload);
    if (!answers_.empty()) {
      answer = std::move(answers_.front());
      answers_.pop_front();
    }
    if (answer == "hold") {
      held_.push_back(std::move(done));
      return;
    }
  }
  done(OutcomeOf(answer));
}

TriggerFixture::TriggerFixture(int shards, const std::string& view)
    : DatabaseFixture([&] {
        dynamodb::DatabaseOptions options;
        options.stream_shards = shards;
        return options;
      }()) {
  CreateTable("orders", view);
  arn_ = StreamArn("orders");
  parts_ = std::make_unique<lambda::TriggerParts>(lambda::TriggerParts{
      .pool = pool_,
      .find_stream = [this](std::string_view arn) { return database().streams().Find(arn); },
      .format = dynamodb::AppendEventRecord,
      .functions = functions_,
      .target = target_,
      .records = database().records(),
      .dead_letters = dead_letters_,
      .report =
          [this](std::string_view line) {
            const MutexLock lock(mutex_);
            reports_.emplace_back(line);
          },
      .backoff = {.jitter = 0}});
  MakeMappings();
}

TriggerFixture::~TriggerFixture() {
  database().timeline().Stop();
}

void TriggerFixture::MakeMappings() {
  mappings_ = std::make_unique<lambda::Mappings>(*parts_);
  mappings_->Start();
  routes_ = std::make_unique<protocol::RestRoutes>();
  lambda::AddMappingRoutes(*routes_, *mappings_, functions_);
}

void TriggerFixture::AdvanceWithHeld(Micros by) {
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  std::promise<void> over;
  std::future<void> is_over = over.get_future();
  Timeline& timeline = database().timeline();
  timeline.Change(
      {.set = std::nullopt, .advance = by},
      [&](const Result<ClockReading>& /*reading*/) { over.set_value(); }, cancelled);
  // All work holds the timeline; once nothing but the held invocations does, all has come to rest.
  const auto at_rest = [&] {
    const std::size_t held = functions_.held();
    return held > 0 && timeline.holders() == held;
  };
  while (is_over.wait_for(std::chrono::seconds(0)) != std::future_status::ready && !at_rest()) {
    std::this_thread::yield();
  }
  *cancelled = true;
  is_over.wait();
}

void TriggerFixture::Restart() {
  mappings_ = nullptr;
  MakeMappings();
}

void TriggerFixture::Put(const std::string& keys) {
  std::istringstream words(keys);
  for (std::string key; words >> key;) {
    const Json request = {{"TableName", "orders"}, {"Item", {{"pk", {{"S", key}}}}}};
    Must("PutItem", request.dump());
  }
}

std::string TriggerFixture::Map(const std::string& settings) {
  Json request = {
      {"EventSourceArn", arn_}, {"FunctionName", "fn"}, {"StartingPosition", "TRIM_HORIZON"}};
  request.update(Json::parse(settings));
  const struct Answer answer = Call("POST", "/2015-03-31/event-source-mappings", request.dump());
  INFO(answer.body.dump());
  REQUIRE(answer.status == 202);
  return answer.body["UUID"];
}

void TriggerFixture::Update(const std::string& uuid, const std::string& settings) {
  const struct Answer answer = Call("PUT", "/2015-03-31/event-source-mappings/" + uuid, settings);
  INFO(answer.body.dump());
  REQUIRE(answer.status == 202);
}

Json TriggerFixture::Describe(const std::string& uuid) {
  return Call("GET", "/2015-03-31/event-source-mappings/" + uuid).body;
}

lambda::TriggerStatus TriggerFixture::Status(const std::string& uuid) {
  return mappings_->Get(uuid).value().status;
}

std::vector<std::string> TriggerFixture::reports() const {
  const MutexLock lock(mutex_);
  return reports_;
}

Answer TriggerFixture::Call(const std::string& method, const std::string& target,
                            const std::string& body) {
  Request request;
  request.method_text = method;
  request.target_text = target;
  request.body_text = body;
  protocol::RestCall call{.request = request, .context = {}, .labels = {}, .query = {}};
  call.context.region = "eu-west-1";
  call.query = protocol::ReadQuery(request.query());
  const auto* const route = routes_->Find(method, request.path(), call.labels);
  REQUIRE(route != nullptr);
  protocol::HttpResponse response;
  route->handler(call, response);
  return {response.status, Json::parse(response.body, nullptr, false)};
}

}  // namespace weir::testing
