// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/triggers_endpoint.h"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "control/control.h"

namespace weir::lambda {
namespace {

using Json = nlohmann::ordered_json;
using protocol::HttpRequest;
using protocol::HttpResponse;
using runtimes::InvokeOutcome;

constexpr std::string_view kRedrive = "/redrive";

// "orders" of arn:aws:lambda:…:function:orders, with its qualifier.
std::string FunctionOf(const std::string& arn) {
  constexpr std::string_view kPart = ":function:";
  const std::size_t at = arn.find(kPart);
  return at == std::string::npos ? arn : arn.substr(at + kPart.size());
}

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

void RefuseMethod(std::string_view allowed, HttpResponse& response) {
  response.headers.emplace_back("Allow", std::string(allowed));
  Refuse(405, "This control endpoint answers " + std::string(allowed) + " only.", response);
}

}  // namespace

void TriggersEndpoint::Handle(const HttpRequest& request, HttpResponse& response) {
  if (request.method() != "GET" && request.method() != "HEAD") {
    RefuseMethod("GET, HEAD", response);
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
  const bool reads = request.method() == "GET" || request.method() == "HEAD";
  if (!reads && !request.header("Origin").empty()) {
    Refuse(403, "A web page changes no dead letters.", response);
    return;
  }
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
    RefuseMethod("GET, HEAD, POST, DELETE", response);
  } else if (id.empty()) {
    response.body = Text({{"deadLetters", parts_.dead_letters.List()},
                          {"dropped", parts_.dead_letters.dropped()}});
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
  const LambdaResult<FunctionRef> function = parts_.functions.Resolve(arn, {}, {});
  if (!function.ok()) {
    Refuse(404, function.error().message, response);
    return;
  }
  runtimes::InvokeRequest invocation{
      .request_id = boost::uuids::to_string(boost::uuids::random_generator_pure()()),
      .payload = letter->value("payload", ""),
      .client_context = {},
      .invoked_arn = arn};
  response.later = [this, id, function = function.value(),
                    invocation](HttpResponse::Done done) -> HttpResponse::Cancel {
    parts_.invoker.Invoke(
        function, invocation,
        [&letters = parts_.dead_letters, id, done = std::move(done)](const InvokeOutcome& outcome) {
          HttpResponse answer;
          answer.content_type = control::kControlContentType;
          const bool ran = outcome.kind == InvokeOutcome::Kind::kReturned ||
                           outcome.kind == InvokeOutcome::Kind::kFunctionError;
          if (outcome.kind == InvokeOutcome::Kind::kReturned) {
            letters.Remove(id);
          }
          if (ran) {
            answer.body = Text(
                {{"functionError", outcome.kind == InvokeOutcome::Kind::kFunctionError},
                 {"payload", outcome.payload}});
          } else {
            Refuse(503, "The function did not run: " + outcome.payload, answer);
          }
          done(std::move(answer));
        });
    return nullptr;
  };
}

}  // namespace weir::lambda
