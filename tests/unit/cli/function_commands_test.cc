// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/dlq_command.h"
#include "cli/logs_command.h"
#include "cli/text_table.h"
#include "cli/triggers_command.h"

namespace weir::cli {
namespace {

TEST_CASE("A table has its columns below each other", "[cli]") {
  CHECK(FormatTable({{"A", "LONG", "C"}, {"größer", "x", "1"}, {"b", "", "22"}}) ==
        "A       LONG  C\n"
        "größer  x     1\n"
        "b             22\n");
  CHECK(FormatTable({}).empty());
}

TEST_CASE("Triggers are a table", "[cli][triggers]") {
  const Json triggers = Json::parse(R"([
      {"uuid": "u1", "function": "orders:live", "table": "Orders", "state": "Enabled",
       "lastResult": "OK", "iteratorAgeMs": null, "inFlight": 1, "batches": 20, "records": 300,
       "filtered": 4, "retries": 5, "deadLetters": 6, "lost": 7},
      {"function": "b\u001b"}])");
  CHECK(TriggerTable(triggers) ==
        "FUNCTION     TABLE   STATE    AGE MS  IN FLIGHT  RECORDS  FILTERED  RETRIES  DEAD  LOST  "
        "LAST RESULT\n"
        "orders:live  Orders  Enabled  -       1          300      4         5        6     7     "
        "OK\n"
        "b\\u001b      -       -        -       -          -        -         -        -     -     "
        "-\n");
  CHECK(TriggerDetails(triggers[0])
            .starts_with("uuid           u1\n"
                         "function       orders:live\n"));
  for (const char* name : {"orders", "orders:live", "Orders", "u1"}) {
    CHECK(IsTriggerOf(triggers[0], name));
  }
  CHECK_FALSE(IsTriggerOf(triggers[0], "Enabled"));
}

TEST_CASE("Batches that were given up are a table, and one of them is JSON", "[cli][dlq]") {
  const Json letter = Json::parse(R"({
      "id": "7", "functionArn": "arn:aws:lambda:eu-central-1:000000000000:function:orders",
      "condition": "RetryAttemptsExhausted", "error": "no", "batchSize": 3,
      "timestamp": "2026-12-01T00:00:00.000000Z", "payload": "{\"Records\":[\"ü\"]}"})");
  CHECK(DeadLetterTable(Json::array({letter})) ==
        "ID  TIME                         FUNCTION  RECORDS  CONDITION               ERROR\n"
        "7   2026-12-01T00:00:00.000000Z  orders    3        RetryAttemptsExhausted  no\n");
  CHECK(DeadLetterDetails(Json{{"id", "7"}, {"payload", letter["payload"]}}) ==
        "{\n"
        "  \"id\": \"7\",\n"
        "  \"payload\": {\n"
        "    \"Records\": [\n"
        "      \"\\u00fc\"\n"
        "    ]\n"
        "  }\n"
        "}\n");
  CHECK(DeadLetterDetails(Json{{"payload", "{"}}) == "{\n  \"payload\": \"{\"\n}\n");
}

TEST_CASE("A log event has its time, and its lines below each other", "[cli][logs]") {
  CHECK(LogEventText(Json::parse(R"({"timestamp": 1764547200123, "message": "[INFO]\tone ü"})")) ==
        "2025-12-01T00:00:00.123Z [INFO]\tone ü\n");
  CHECK(LogEventText(Json{{"timestamp", 0}, {"message", "[ERROR] no\rTraceback\n  \x1b[2J"}}) ==
        "1970-01-01T00:00:00.000Z [ERROR] no\n"
        "Traceback\n"
        "  \\u001b[2J\n");
  CHECK(LogEventText(Json("text")).empty());
  CHECK(LogEventText(Json::parse("{", nullptr, false)).empty());
}

}  // namespace
}  // namespace weir::cli
