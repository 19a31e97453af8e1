// SPDX-License-Identifier: Apache-2.0
// /_weir/triggers and /_weir/dlq: how the triggers are doing, and what they gave up.
//
//   GET    /_weir/triggers              → {"triggers": [trigger…]}
//   GET    /_weir/triggers/<name>       → the same, of that function's mappings, or of that UUID
//   GET    /_weir/dlq                   → {"deadLetters": [letter…], "dropped": count}
//   GET    /_weir/dlq/<id>              → letter, with "payload", the event as text
//   POST   /_weir/dlq/<id>/redrive      → {"functionError": …, "payload": …}; a success removes it
//   DELETE /_weir/dlq/<id>, /_weir/dlq  → {}
//
//   trigger := {"uuid", "function", "stream", "table", "state", "lastResult", "lastError",
//               "iteratorAgeMs": of the oldest record that is in flight or waits, else 0,
//               "lastIteratorAgeMs", "inFlight", "waiting", "invocations", "retries", "notRun", "batches",
//               "records", "lastBatch", "largestBatch", "filtered", "deadLetters", "lost"}
//   letter  := the members of AWS's on-failure document, flat, with "id", "mapping" and "error"
//
// Errors are {"message": text}. No page may use any of it, not even one of this machine: its
// requests get 403 (protocol/web_page.h).
#pragma once

#include <string>
#include <string_view>

#include "protocol/http.h"
#include "services/lambda/mappings/mappings.h"

namespace weir::lambda {

// Thread-safe. `mappings` must outlive it.
class TriggersEndpoint final : public protocol::RequestHandler {
 public:
  explicit TriggersEndpoint(const Mappings& mappings, const Clock& clock)
      : mappings_(mappings), clock_(clock) {}
  static constexpr std::string_view kPath = "/_weir/triggers";
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  const Mappings& mappings_;
  const Clock& clock_;
};

// Thread-safe. `parts` must outlive it.
class DeadLettersEndpoint final : public protocol::RequestHandler {
 public:
  explicit DeadLettersEndpoint(const TriggerParts& parts) : parts_(parts) {}
  static constexpr std::string_view kPath = "/_weir/dlq";
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  // Has the function that a letter was for called with it once more.
  void Redrive(const std::string& id, protocol::HttpResponse& response);

  const TriggerParts& parts_;
};

}  // namespace weir::lambda
