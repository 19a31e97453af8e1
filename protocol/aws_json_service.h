// SPDX-License-Identifier: Apache-2.0
// AwsJsonService: what services have in common that speak AWS JSON, and the way of a request:
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/clock.h"
#include "core/mutex.h"
#include "core/result.h"
#include "protocol/http.h"
#include "protocol/json_tree.h"
#include "protocol/request_context.h"
#include "protocol/service.h"
#include "protocol/shape.h"

namespace weir::protocol {

// A request that is decoded and authenticated, and right by its operation's shape.
struct JsonCall {
  const RequestContext& context;
  const OperationShape& shape;
  const JsonNode& root;
  ValueTexts texts;  // in which the faults of values are to be answered (protocol/request_check.h)
};

class AwsJsonService : public Service {
 public:
  // Carries out a call and appends the answer's body.
  using Runner = std::function<Status(const JsonCall& call, std::string& body)>;

  // Takes POST requests; the checks of one, in AWS's order: content type, JSON, target,
  // credentials, then those of the operation.
  void Handle(const HttpRequest& request, HttpResponse& response) override;

 protected:
  // `media_type` is that of its requests and answers, in static storage.
  AwsJsonService(const Clock& clock, std::string_view media_type)
      : clock_(clock), media_type_(media_type) {}

  // Takes an operation up, before the first request. One without `runner` is checked by its shape
  // and refused.
  void Add(const OperationShape& shape, Runner runner = nullptr);

 private:
  struct Operation {
    const OperationShape* shape = nullptr;
    Runner run;
  };
  class LargeBodyTurn;

  // The steps from a body, decoded, to that of the answer.
  Status Call(const HttpRequest& request, std::string_view sent, HttpResponse& response) const;

  const Clock& clock_;
  const std::string_view media_type_;
  Mutex mutex_;
  ConditionVariable body_done_;
  std::size_t large_bodies_ WEIR_GUARDED_BY(mutex_) = 0;   // that are decoded and carried out now
  std::unordered_map<std::string, Operation> operations_;  // by X-Amz-Target
};

// Answers a request that no service's protocol knows, as AWS's front end does.
void AnswerNotFound(HttpResponse& response);

}  // namespace weir::protocol
