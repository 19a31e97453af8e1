// SPDX-License-Identifier: Apache-2.0
// AwsJsonService: the base of services that speak AWS JSON, with the steps of a request:
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

// A request that is decoded and authenticated, and has passed the checks of its operation's shape.
struct JsonCall {
  const RequestContext& context;
  const OperationShape& shape;
  const JsonNode& root;
  ValueTexts texts;  // the layer that words the faults of values (protocol/request_check.h)
};

class AwsJsonService : public Service {
 public:
  // Carries out a call and appends the answer's body.
  using Runner = std::function<Status(const JsonCall& call, std::string& body)>;

  // Takes POST requests. The checks come in AWS's order: content type, JSON, target, credentials,
  // then those of the operation.
  void Handle(const HttpRequest& request, HttpResponse& response) override;

 protected:
  // `media_type` is the Content-Type of the service's requests and answers, in static storage.
  AwsJsonService(const Clock& clock, std::string_view media_type)
      : clock_(clock), media_type_(media_type) {}

  // Adds an operation, or replaces it. To be called before the first request. Requests for an
  // operation without `runner` are checked against its shape and then refused.
  void Add(const OperationShape& shape, Runner runner = nullptr);

 private:
  struct Operation {
    const OperationShape* shape = nullptr;
    Runner run;
  };
  class LargeBodyTurn;

  // Takes all steps from `sent`, the decoded body of the request, to the body of the answer.
  Status Call(const HttpRequest& request, std::string_view sent, HttpResponse& response) const;

  const Clock& clock_;
  const std::string_view media_type_;
  Mutex mutex_;
  ConditionVariable body_done_;
  std::size_t large_bodies_ WEIR_GUARDED_BY(mutex_) = 0;   // how many are being worked on
  std::unordered_map<std::string, Operation> operations_;  // by X-Amz-Target
};

// Answers a request that fits no service's protocol, as AWS's front end does.
void AnswerNotFound(HttpResponse& response);

}  // namespace weir::protocol
