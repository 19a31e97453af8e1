// SPDX-License-Identifier: Apache-2.0
#include "control/clock_endpoint.h"

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "control/control.h"
#include "control/members.h"
#include "core/time_text.h"
#include "protocol/json_text.h"
#include "protocol/json_tree.h"

namespace weir::control {
namespace {

using protocol::HttpResponse;
using protocol::JsonKind;
using protocol::JsonNode;

constexpr double kMicrosPerSecond = 1e6;
constexpr double kMostSeconds = 3e11;  // almost 10,000 years: further than any time or span
constexpr double kFirstSecondOf10000 = 253'402'300'800;

std::optional<Micros> Seconds(JsonNode node) {
  const double seconds = node.decimal();
  if (std::abs(seconds) > kMostSeconds) {
    return std::nullopt;
  }
  return Micros(std::llround(seconds * kMicrosPerSecond));
}

bool IsNumber(JsonNode node) {
  return node.kind() == JsonKind::kInteger || node.kind() == JsonKind::kDecimal;
}

template <bool ClockChange::*kMember>
Status ReadTrue(const JsonNode& node, ClockChange& change) {
  if (node.kind() != JsonKind::kTrue) {
    return ValidationError(std::string("'").append(node.key()).append("' takes true only"));
  }
  change.*kMember = true;
  return {};
}

Status ReadTime(const JsonNode& node, ClockChange& change) {
  std::optional<Micros>& out = change.set;
  if (node.kind() == JsonKind::kString) {
    out = ParseTime(node.text());
  } else if (IsNumber(node) && node.decimal() >= 0 && node.decimal() < kFirstSecondOf10000) {
    out = Seconds(node);
  }
  if (!out.has_value()) {
    return ValidationError(
        "'set' takes a time from 1970 to 9999, such as \"2030-01-31T12:00:00Z\", or seconds since "
        "1970");
  }
  return {};
}

Status ReadSpan(const JsonNode& node, ClockChange& change) {
  std::optional<Micros>& out = change.advance;
  if (node.kind() == JsonKind::kString) {
    out = ParseSpan(node.text());
  } else if (IsNumber(node)) {
    out = Seconds(node);
  }
  if (!out.has_value()) {
    return ValidationError("'advance' takes a span, such as \"1d2h30m\" or \"500ms\", or seconds");
  }
  return {};
}

constexpr Member<ClockChange> kMembers[] = {
    {"freeze", ReadTrue<&ClockChange::freeze>},
    {"resume", ReadTrue<&ClockChange::resume>},
    {"set", ReadTime},
    {"advance", ReadSpan},
};
constexpr RequestForm<ClockChange> kForm{
    .example = R"({"advance": "24h"})",
    .known = "Only 'freeze', 'set', 'advance' and 'resume' are known",
    .members = kMembers,
};

HttpResponse Answer(const Result<ClockReading>& result) {
  HttpResponse response;
  response.content_type = kControlContentType;
  if (!result.ok()) {
    AnswerFault(result.error().code == ErrorCode::kValidation ? 400 : 503, result.error().message,
                response);
    return response;
  }
  const ClockReading& reading = result.value();
  std::array<char, 48> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%lld.%06d",
                static_cast<long long>(reading.now.count() / 1'000'000),
                static_cast<int>(reading.now.count() % 1'000'000));
  response.body = R"({"now":")" + UtcMicros(reading.now) + R"(","epochSeconds":)" + seconds.data() +
                  R"(,"frozen":)" + (reading.frozen ? "true}" : "false}");
  return response;
}

}  // namespace

Result<ClockChange> ParseClockChange(std::string_view body) {
  WEIR_ASSIGN_OR_RETURN(const ClockChange change, ReadRequest(body, kForm));
  if (!change.freeze && !change.resume && !change.set.has_value() && !change.advance.has_value()) {
    return ValidationError("One of 'freeze', 'set', 'advance' and 'resume' is required");
  }
  if (change.set.has_value() && change.advance.has_value()) {
    return ValidationError("'set' and 'advance' exclude each other");
  }
  if (change.freeze && change.resume) {
    return ValidationError("'freeze' and 'resume' exclude each other");
  }
  return change;
}

void ClockEndpoint::Handle(const protocol::HttpRequest& request, HttpResponse& response) {
  if (request.method() != "POST") {
    response = Answer(timeline_.Read());
    return;
  }
  const Result<ClockChange> change = ParseClockChange(request.body());
  if (!change.ok()) {
    response = Answer(change.error());
    return;
  }
  response.later = [&timeline = timeline_, change = change.value()](HttpResponse::Done done) {
    const auto cancelled = std::make_shared<std::atomic<bool>>(false);
    timeline.Change(
        change,
        [done = std::move(done)](const Result<ClockReading>& reading) {
          HttpResponse answer;
          if (!reading.ok() && reading.error().message.empty()) {
            answer.status = 500;  // no memory, for a text neither: see Timeline::Change
          } else {
            answer = Answer(reading);
          }
          done(std::move(answer));
        },
        cancelled);
    return [cancelled] { *cancelled = true; };
  };
}

}  // namespace weir::control
