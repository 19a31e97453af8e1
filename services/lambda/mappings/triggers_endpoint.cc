// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/triggers_endpoint.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "control/control.h"
#include "core/uuid.h"
#include "protocol/web_page.h"

namespace weir::lambda {
namespace {

using Json = nlohmann::ordered_json;
using consumers::TargetReply;
using protocol::HttpRequest;
using protocol::HttpResponse;

constexpr std::string_view kRedrive = "/redrive";

// "t" of arn:aws:dynamodb:…:table/t/stream/….
std::string TableOf(const std::string& arn) {
  const std::size_t begin = arn.find('/') + 1;
  return arn.substr(begin, arn.find('/', begin) - begin);
}

std::int64_t Milliseconds(Micros span) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

Json Describe(const Mappings::Shown& shown, Micros now) {
  const Mapping& mapping = *shown.mapping;
  const TriggerStatus& status = shown.status;
  return {{"uuid", mapping.uuid},
          {"function", FunctionOf(mapping.function_arn)},
          {"stream", mapping.stream_arn},
          {"table", TableOf(mapping.stream_arn)},
          {"state", mapping.enabled ? "Enabled" : "Disabled"},
          {"lastResult", status.last_result},
          {"lastError", status.last_error},
          {"iteratorAgeMs", Milliseconds(now - status.oldest_waiting.value_or(now))},
          {"lastIteratorAgeMs", Milliseconds(status.last_iterator_age.value_or(Micros(0)))},
          {"inFlight", status.in_flight},
          {"waiting", status.waiting},
          {"invocations", status.invocations},
          {"retries", status.retries},
          {"notRun", status.not_run},
          {"batches", status.batches},
          {"records", status.records},
          {"lastBatch", status.last_batch},
          {"largestBatch", status.largest_batch},
          {"filtered", status.filtered},
          {"deadLetters", status.dead_letters},
          {"lost", status.lost}};
}

// What a function or an error answered is any bytes.
std::string Text(const Json& body) {
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What follows "<path>/" in the path of a request; empty if nothing does.
std::string Below(const HttpRequest& request, std::string_view path) {
  const std::string_view whole = request.path();
  return std::string(whole.size() <= path.size() + 1 ? "" : whole.substr(path.size() + 1));
}

void Refuse(unsigned status, std::string_view text, HttpResponse& response) {
  control::AnswerFault(status, text, response);
}

// Refuses a request of a page; false if it is none.
bool RefusePage(const HttpRequest& request, HttpResponse& response) {
  constexpr unsigned kForbidden = 403;
  const bool from_page = protocol::IsFromPage(request);
  if (from_page) {
    Refuse(kForbidden, "Web pages may not use triggers, nor read what they gave up.", response);
  }
  return from_page;
}

// The answer to a redrive. `is_done` is called if the function has taken all records.
HttpResponse AnswerOf(const TargetReply& reply, bool reports_failures,
                      const std::function<void()>& is_done) {
  HttpResponse answer;
  answer.content_type = control::kControlContentType;
  if (reply.kind != TargetReply::Kind::kDone && reply.kind != TargetReply::Kind::kFailed) {
    Refuse(503, "The function did not run: " + reply.payload, answer);
    return answer;
  }
  const bool failed = reply.kind == TargetReply::Kind::kFailed ||
                      (reports_failures && ReportsFailures(reply.payload));
  if (!failed) {
    is_done();
  }
  answer.body = Text({{"functionError", failed}, {"payload", reply.payload}});
  return answer;
}

}  // namespace

void TriggersEndpoint::Handle(const HttpRequest& request, HttpResponse& response) {
  if (RefusePage(request, response)) {
    return;
  }
  if (request.method() != "GET" && request.method() != "HEAD") {
    control::AnswerMethodNotAllowed("GET, HEAD", response);
    return;
  }
  const std::string wanted = Below(request, kPath);
  const Micros now = clock_.Now();
  Json list = Json::array();
  for (const Mappings::Shown& shown : mappings_.All()) {
    const std::string function = FunctionOf(shown.mapping->function_arn);
    if (wanted.empty() || wanted == shown.mapping->uuid || wanted == function ||
        wanted == function.substr(0, function.find(':'))) {
      list.push_back(Describe(shown, now));
    }
  }
  response.content_type = control::kControlContentType;
  response.body = Text({{"triggers", std::move(list)}});
}

void DeadLettersEndpoint::Handle(const HttpRequest& request, HttpResponse& response) {
  if (RefusePage(request, response)) {
    return;
  }
  const bool reads = request.method() == "GET" || request.method() == "HEAD";
  response.content_type = control::kControlContentType;
  std::string id = Below(request, kPath);
  if (request.method() == "POST" && id.ends_with(kRedrive)) {
    id.resize(id.size() - kRedrive.size());
    Redrive(id, response);
  } else if (request.method() == "DELETE") {
    const bool all = id.empty();
    for (const std::string& one : all ? parts_.dead_letters.Ids() : std::vector{id}) {
      if (!parts_.dead_letters.Remove(one) && !all) {
        Refuse(404, "There is no dead letter " + one + ".", response);
        return;
      }
    }
    response.body = "{}";
  } else if (!reads) {
    control::AnswerMethodNotAllowed("GET, HEAD, POST, DELETE", response);
  } else if (id.empty()) {
    response.body = Text(
        {{"deadLetters", parts_.dead_letters.List()}, {"dropped", parts_.dead_letters.dropped()}});
  } else if (const std::optional<Json> letter = parts_.dead_letters.Find(id)) {
    response.body = Text(*letter);
  } else {
    Refuse(404, "There is no dead letter " + id + ".", response);
  }
}

void DeadLettersEndpoint::Redrive(const std::string& id, HttpResponse& response) {
  const std::optional<Json> letter = parts_.dead_letters.Find(id);
  if (!letter.has_value()) {
    Refuse(404, "There is no dead letter " + id + ".", response);
    return;
  }
  const std::string arn = letter->value("functionArn", "");
  if (const LambdaResult<FunctionRef> function = parts_.functions.Resolve(arn, {}, {});
      !function.ok()) {
    Refuse(404, function.error().message, response);
    return;
  }
  consumers::TargetCall call{
      .arn = arn, .request_id = NewUuid(), .payload = letter->value("payload", "")};
  const bool reports_failures = letter->value("reportsFailures", false);
  response.later = [this, id, call = std::move(call),
                    reports_failures](HttpResponse::Done done) -> HttpResponse::Cancel {
    parts_.target.Call(call, [&letters = parts_.dead_letters, id, reports_failures,
                              done = std::move(done)](const TargetReply& reply) {
      done(AnswerOf(reply, reports_failures, [&] { letters.Remove(id); }));
    });
    return nullptr;
  };
}

}  // namespace weir::lambda
