// SPDX-License-Identifier: Apache-2.0
#include "protocol/aws_json_service.h"

#include <optional>
#include <utility>

#include "core/limits.h"
#include "protocol/authorization.h"
#include "protocol/content_coding.h"
#include "protocol/request_check.h"

namespace weir::protocol {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr unsigned kNotFound = 404;
constexpr unsigned kEntityTooLarge = 413;
constexpr std::size_t kLargeBody = std::size_t{1} << 20U;

// The body before compression; `decoded` holds it if it was compressed. For a broken stream and an
// unknown coding the error is InternalServerError, as on AWS, though the client is at fault.
Result<std::string_view> DecodedBody(const HttpRequest& request, std::string& decoded) {
  const std::string_view header = request.header("Content-Encoding");
  if (header.empty()) {
    return request.body();
  }
  const std::optional<ContentCoding> coding = RequestCoding(header);
  if (coding == ContentCoding::kIdentity) {
    return request.body();
  }
  const DecodeFault fault = coding
                                ? Decode(*coding, request.body(), limits::kRequestBodySize, decoded)
                                : DecodeFault::kBroken;
  if (fault == DecodeFault::kTooLong) {
    return MakeError(ErrorCode::kRequestEntityTooLarge, {});
  }
  if (fault == DecodeFault::kBroken) {
    return MakeError(ErrorCode::kInternalServerError,
                     "The request body is not what its Content-Encoding says");
  }
  return std::string_view(decoded);
}

// Compresses a long answer for a client that asks for it. Errors stay as they are, as on AWS.
void CompressAnswer(const HttpRequest& request, HttpResponse& response) {
  const ContentCoding coding = AnswerCoding(request.header("Accept-Encoding"));
  if (std::optional<std::string> encoded = Encode(coding, response.body)) {
    response.body = *std::move(encoded);
    response.headers.emplace_back("content-encoding", CodingName(coding));
  }
}

}  // namespace

// Holds one of kMostLargeBodies places for requests with a large body, from construction, which
// waits for a place, until destruction. What is made of a body takes many times its size, so only a
// few large ones are worked on at a time.
class AwsJsonService::LargeBodyTurn {
 public:
  // Takes no place if `service` is nullptr.
  explicit LargeBodyTurn(AwsJsonService* service) : service_(service) {
    if (service_ != nullptr) {
      const MutexLock lock(service_->mutex_);
      while (service_->large_bodies_ == kMostLargeBodies) {
        service_->body_done_.Wait(service_->mutex_);
      }
      ++service_->large_bodies_;
    }
  }
  ~LargeBodyTurn() {
    if (service_ != nullptr) {
      const MutexLock lock(service_->mutex_);
      --service_->large_bodies_;
      service_->body_done_.NotifyOne();
    }
  }
  LargeBodyTurn(const LargeBodyTurn&) = delete;
  LargeBodyTurn& operator=(const LargeBodyTurn&) = delete;

 private:
  static constexpr std::size_t kMostLargeBodies = 4;
  AwsJsonService* const service_;
};

void AwsJsonService::Add(const OperationShape& shape, Runner runner) {
  operations_[std::string(shape.target)] = {&shape, std::move(runner)};
}

void AwsJsonService::Handle(const HttpRequest& request, HttpResponse& response) {
  const std::string_view type = MediaType(request.header("Content-Type"));
  const bool has_type = type == kJson || type == media_type_ || request.body().empty();
  if (request.method() != "POST" || !has_type) {
    AnswerNotFound(response);
    return;
  }
  response.content_type = type == kJson ? kJson : media_type_;
  const bool large =
      request.body().size() > kLargeBody || !request.header("Content-Encoding").empty();
  const LargeBodyTurn turn(large ? this : nullptr);
  std::string decoded;
  const Result<std::string_view> sent = DecodedBody(request, decoded);
  if (!sent.ok() && sent.error().code == ErrorCode::kRequestEntityTooLarge) {
    response.status = kEntityTooLarge;  // as the session answers an uncompressed body of that size
    response.content_type = {};
    return;
  }
  const Status status = sent.ok() ? Call(request, sent.value(), response) : Status(sent.error());
  if (!status.ok()) {
    WriteError(status.error(), response);
  } else if (response.body.size() > kLargestPlainAnswer) {
    CompressAnswer(request, response);
  }
}

Status AwsJsonService::Call(const HttpRequest& request, std::string_view sent,
                            HttpResponse& response) const {
  // Decode.
  const std::optional<JsonTree> tree = JsonTree::Parse(sent);
  if (!tree.has_value()) {
    return MakeError(ErrorCode::kSerialization, {});
  }
  const auto found = operations_.find(std::string(request.header("X-Amz-Target")));
  if (found == operations_.end()) {
    return MakeError(ErrorCode::kUnknownOperation, {});
  }
  const auto& [shape, run] = found->second;

  // Authenticate.
  WEIR_ASSIGN_OR_RETURN(const Credentials credentials, ReadCredentials(request));
  const RequestContext context{.service = names().signing_name,
                               .operation = shape->name,
                               .account = kAccount,
                               .region = credentials.region,
                               .access_key = credentials.access_key_id,
                               .host = request.header("Host"),
                               .request_id = response.request_id,
                               .time = clock_.Now()};

  // Here a request's resource will be resolved, and its caller authorized.

  // Validate what the shape says. What a shape cannot say is for the operation to validate first.
  WEIR_ASSIGN_OR_RETURN(const ValueTexts texts, CheckRequest(tree->root(), *shape));
  if (run == nullptr) {
    return MakeError(ErrorCode::kUnknownOperation,
                     std::string(shape->name) + " is not supported by Weir yet");
  }

  // Execute and encode. Rules, such as faults and throttling, will come before this step;
  // observers, such as metrics and trails, after it.
  return run({context, *shape, tree->root(), texts}, response.body);
}

void AnswerNotFound(HttpResponse& response) {
  response.status = kNotFound;
  response.content_type = "application/xml";
  response.body = "<UnknownOperationException/>\n";
}

}  // namespace weir::protocol
