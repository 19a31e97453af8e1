// SPDX-License-Identifier: Apache-2.0
#include "protocol/service.h"

#include <optional>
#include <utility>

#include "core/limits.h"
#include "operations/held_transactions.h"
#include "operations/operation.h"
#include "operations/registry.h"
#include "operations/shapes/shapes.h"
#include "protocol/attribute_value.h"
#include "protocol/authorization.h"
#include "protocol/content_coding.h"
#include "protocol/error_body.h"
#include "protocol/parameter_mix.h"
#include "protocol/request_binding.h"
#include "protocol/request_check.h"
#include "protocol/response_writer.h"

namespace weir::protocol {
namespace {

constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
constexpr std::string_view kJson = "application/json";
// Weir has no region of its own; this one stands in the health text.
constexpr std::string_view kHealthText = "healthy: dynamodb.us-east-1.amazonaws.com ";
// A control request is not signed, and no operation that one carries out asks for the region.
constexpr std::string_view kNoRegion = {};
constexpr unsigned kNotFound = 404;
constexpr unsigned kEntityTooLarge = 413;

// The first value of the item or keys of a request that has no type or several.
std::optional<ValueFault> FindShapeFault(const JsonNode& root) {
  for (const std::string_view name : {"Item", "Key"}) {
    if (const std::optional<JsonNode> attributes = root.Find(name)) {
      if (std::optional<ValueFault> fault = FindAttributesShapeFault(*attributes)) {
        return fault;
      }
    }
  }
  if (const std::optional<JsonNode> tables = root.Find("RequestItems")) {
    for (const JsonNode table : *tables) {
      if (const std::optional<JsonNode> keys = table.Find("Keys")) {
        for (const JsonNode key : *keys) {
          if (std::optional<ValueFault> fault = FindAttributesShapeFault(key)) {
            return fault;
          }
        }
      }
    }
  }
  return std::nullopt;
}

// What the service refuses before it looks at values, but for their shapes, which it refuses first.
template <class Operation>
Status CheckBeforeValues(const JsonNode& root, const OperationShape& shape) {
  Status status;
  if constexpr (requires { Operation::kParameterMix; }) {
    status = CheckParameterMix(root, Operation::kParameterMix);
    if constexpr (requires { Operation::kEnvelopesFaults; }) {
      if (!status.ok()) {
        status = operations::InEnvelope(std::move(status).error());
      }
    }
  }
  if (status.ok()) {
    status = CheckLateMembers(root, shape);
  }
  if (!status.ok()) {
    if (std::optional<ValueFault> fault = FindShapeFault(root)) {
      return ValidationError(std::move(fault->message));
    }
  }
  return status;
}

template <class Operation>
Status Run(operations::Context& context, const JsonNode& root, const OperationShape& shape,
           ValueTexts texts, std::string& body) {
  BindingOptions options{.value_texts = texts};
  if constexpr (requires { Operation::kNamesFaultyValues; }) {
    options.names_faulty_values = Operation::kNamesFaultyValues;
  }
  if constexpr (requires { Operation::kOlderValueTexts; }) {
    options.value_texts = ValueTexts::kOlder;
  }
  if constexpr (requires { Operation::kDeepExpressionValues; }) {
    options.expression_values = NestingRule::kJson;
  }
  typename Operation::Request request;
  WEIR_RETURN_IF_ERROR(CheckBeforeValues<Operation>(root, shape));
  RequestBinder binder(options);
  WEIR_RETURN_IF_ERROR(binder.Bind(root, *shape.input, request));
  if constexpr (requires { request.value_fault; }) {
    request.value_fault = binder.value_fault();
  } else if (binder.value_fault().has_value()) {
    return *binder.value_fault();
  }
  WEIR_ASSIGN_OR_RETURN(const typename Operation::Plan plan, Operation::Validate(request));
  WEIR_ASSIGN_OR_RETURN(const typename Operation::Response response,
                        Operation::Execute(context, request, plan));
  AppendJson(response, body);
  return {};
}

std::string TargetName(Service service, std::string_view operation) {
  const std::string_view prefix =
      service == Service::kDynamoDb ? "DynamoDB_20120810." : "DynamoDBStreams_20120810.";
  return std::string(prefix) + std::string(operation);
}

constexpr std::size_t kLargeBody = std::size_t{1} << 20U;

// Waits for a place among the large bodies, and has it until it ends.
class LargeBodyTurn {
 public:
  explicit LargeBodyTurn(LargeBodies* bodies) : bodies_(bodies) {
    if (bodies_ != nullptr) {
      bodies_->acquire();
    }
  }
  ~LargeBodyTurn() {
    if (bodies_ != nullptr) {
      bodies_->release();
    }
  }
  LargeBodyTurn(const LargeBodyTurn&) = delete;
  LargeBodyTurn& operator=(const LargeBodyTurn&) = delete;

 private:
  LargeBodies* const bodies_;
};

void AnswerNotFound(HttpResponse& response) {
  response.status = kNotFound;
  response.content_type = "application/xml";
  response.body = "<UnknownOperationException/>\n";
}

// The body as the client wrote it, before it was compressed; kept in `decoded` if it was. Empty
// when it can't be had: `response` then tells the client. AWS has a bad stream and an unknown
// coding down as its own fault (500).
std::optional<std::string_view> DecodedBody(const HttpRequest& request, std::string& decoded,
                                            HttpResponse& response) {
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
  if (fault == DecodeFault::kNone) {
    return decoded;
  }
  if (fault == DecodeFault::kTooLong) {  // as the session answers a plain body of that size
    response.status = kEntityTooLarge;
    response.content_type = {};
  } else {
    WriteError(MakeError(ErrorCode::kInternalServerError,
                         "The request body is not what its Content-Encoding says"),
               response);
  }
  return std::nullopt;
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

DynamoDbService::DynamoDbService(operations::Database& database, Greeting greeting)
    : database_(database), greeting_(greeting) {
  for (const OperationShape& shape : AllOperationShapes()) {
    targets_[TargetName(shape.service, shape.name)].shape = &shape;
  }
  const auto add = [this]<class... Operations>(operations::OperationList<Operations...>) {
    ((targets_[TargetName(Operations::kService, Operations::kName)].run = &Run<Operations>), ...);
  };
  add(operations::AllOperations{});
}

void DynamoDbService::Handle(const HttpRequest& request, HttpResponse& response) {
  const std::string_view method = request.method();
  if (method == "POST") {
    HandlePost(request, response);
  } else if ((method == "GET" || method == "HEAD") && request.path() == "/") {
    Greet(response);
  } else {
    AnswerNotFound(response);
  }
}

void DynamoDbService::Greet(HttpResponse& response) const {
  if (greeting_ == Greeting::kDynamoDbLocal) {
    WriteError(MissingAuthenticationToken(), response);
    // The tools that wait for this do not read it, and would keep the connection.
    response.closes = true;
    return;
  }
  response.content_type = "text/plain";
  response.body = kHealthText;
}

void DynamoDbService::HandlePost(const HttpRequest& request, HttpResponse& response) {
  const std::string_view type = MediaType(request.header("Content-Type"));
  if (type == kJson) {
    response.content_type = kJson;
  } else if (type != kJson10 && !request.body().empty()) {
    AnswerNotFound(response);
    return;
  }
  // What a body becomes takes many times its size, so few large ones are at it at a time.
  const bool large =
      request.body().size() > kLargeBody || !request.header("Content-Encoding").empty();
  const LargeBodyTurn turn(large ? &large_bodies_ : nullptr);
  std::string decoded;
  const std::optional<std::string_view> sent = DecodedBody(request, decoded, response);
  if (!sent.has_value()) {
    return;
  }
  const Status status = Call(request, *sent, response.body);
  if (!status.ok()) {
    WriteError(status.error(), response);
  } else if (response.body.size() > kLargestPlainAnswer) {
    CompressAnswer(request, response);
  }
}

Status DynamoDbService::HoldTransaction(std::string_view request, std::string& body) {
  const std::optional<JsonTree> tree = JsonTree::Parse(request);
  if (!tree.has_value()) {
    return MakeError(ErrorCode::kSerialization, {});
  }
  using operations::TransactWriteItems;
  const OperationShape& shape =
      *targets_.at(TargetName(TransactWriteItems::kService, TransactWriteItems::kName)).shape;
  WEIR_ASSIGN_OR_RETURN(const ValueTexts texts, CheckRequest(tree->root(), shape));
  operations::Context context{database_, kNoRegion};
  return Run<operations::HoldTransaction>(context, tree->root(), shape, texts, body);
}

Status DynamoDbService::Call(const HttpRequest& request, std::string_view sent, std::string& body) {
  const std::optional<JsonTree> tree = JsonTree::Parse(sent);
  if (!tree.has_value()) {
    return MakeError(ErrorCode::kSerialization, {});
  }
  const auto target = targets_.find(std::string(request.header("X-Amz-Target")));
  if (target == targets_.end()) {
    return MakeError(ErrorCode::kUnknownOperation, {});
  }
  WEIR_ASSIGN_OR_RETURN(const Credentials credentials, ReadCredentials(request));
  const auto& [shape, run] = target->second;
  WEIR_ASSIGN_OR_RETURN(const ValueTexts texts, CheckRequest(tree->root(), *shape));
  if (run == nullptr) {
    return MakeError(ErrorCode::kUnknownOperation,
                     std::string(shape->name) + " is not supported by Weir yet");
  }
  operations::Context context{database_, credentials.region};
  return run(context, tree->root(), *shape, texts, body);
}

}  // namespace weir::protocol
