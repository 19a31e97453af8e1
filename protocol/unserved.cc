// SPDX-License-Identifier: Apache-2.0
#include "protocol/unserved.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/text.h"
#include "protocol/authorization.h"
#include "protocol/json_text.h"
#include "protocol/query_request.h"

namespace weir::protocol {
namespace {

constexpr unsigned kBadRequest = 400;
constexpr unsigned kNotFound = 404;
constexpr unsigned kNotImplemented = 501;
constexpr std::string_view kCode = "UnknownOperationException";
// At most this many bytes of a name are shown.
constexpr std::size_t kMostShown = 200;

std::string Shown(std::string_view text) {
  return Excerpt(text, kMostShown);
}

// Appends a text as CBOR (RFC 8949, major type 3).
void AppendCborText(std::string_view text, std::string& out) {
  constexpr unsigned kText = 3U << 5U;
  constexpr unsigned kSizeInByte = 24;
  constexpr unsigned kSizeInTwoBytes = 25;
  const auto append = [&out](std::size_t byte) { out.push_back(static_cast<char>(byte & 0xFFU)); };
  if (text.size() < kSizeInByte) {
    append(kText | text.size());
  } else if (text.size() <= UINT8_MAX) {
    append(kText | kSizeInByte);
    append(text.size());
  } else {
    append(kText | kSizeInTwoBytes);
    append(text.size() >> 8U);
    append(text.size());
  }
  out.append(text);
}

std::string CborError(std::string_view message) {
  constexpr char kMapOfTwo = static_cast<char>(0xA2);
  std::string body(1, kMapOfTwo);
  AppendCborText("__type", body);
  AppendCborText(kCode, body);
  AppendCborText("message", body);
  AppendCborText(message, body);
  return body;
}

std::string JsonError(std::string_view type_member, std::string_view message) {
  std::string body = "{";
  if (!type_member.empty()) {
    body.append("\"").append(type_member).append("\":\"").append(kCode).append("\",");
  }
  body += "\"message\":";
  AppendJsonString(message, body);
  return body + "}";
}

std::string XmlError(std::string_view open, std::string_view code, std::string_view message,
                     std::string_view close) {
  std::string body(open);
  body.append("<Code>").append(code).append("</Code><Message>");
  AppendXmlText(message, body);
  return body.append("</Message>").append(close);
}

// The form of errors of a service whose requests name operations by their paths.
UnservedCall::Form FormOfPaths(std::string_view service) {
  if (service == "s3") {
    return UnservedCall::Form::kRestXml;
  }
  // These two speak XML as well, but with the errors of the query protocol.
  return service == "route53" || service == "cloudfront" ? UnservedCall::Form::kQuery
                                                         : UnservedCall::Form::kRestJson;
}

}  // namespace

UnservedCall UnservedCall::Of(const HttpRequest& request) {
  UnservedCall call;
  call.service = Shown(SigningName(request));
  const std::string_view target = request.header("X-Amz-Target");
  const std::string_view path = request.path();
  if (!target.empty()) {
    call.form = Form::kJson;
    call.operation = Shown(target.substr(target.find('.') + 1));
  } else if (request.header("Smithy-Protocol") == "rpc-v2-cbor") {
    call.form = Form::kCbor;
    call.operation = Shown(path.substr(path.rfind('/') + 1));
  } else if (const std::optional<QueryRequest> query = QueryRequest::Of(request)) {
    call.form = call.service == "ec2" ? Form::kEc2Query : Form::kQuery;
    call.operation = Shown(query->action());
  } else {
    call.form = FormOfPaths(call.service);
    call.operation = Shown(request.method()) + " " + Shown(path);
  }
  return call;
}

void UnservedCall::Refuse(std::string_view message, HttpResponse& response) const {
  response.status = kBadRequest;
  switch (form) {
    case Form::kJson:
      response.content_type = "application/x-amz-json-1.1";
      response.body = JsonError("__type", message);
      return;
    case Form::kCbor:
      response.content_type = "application/cbor";
      response.headers.emplace_back("Smithy-Protocol", "rpc-v2-cbor");
      response.body = CborError(message);
      return;
    case Form::kQuery:
      WriteQueryError(kBadRequest, "InvalidAction", message, {}, response);
      return;
    case Form::kEc2Query:
      response.content_type = "text/xml";
      response.body = XmlError(
          "<Response><Errors><Error>", "InvalidAction", message,
          "</Error></Errors><RequestID>" + response.request_id + "</RequestID></Response>\n");
      return;
    case Form::kRestXml:
      response.status = kNotImplemented;
      response.content_type = "application/xml";
      response.body = XmlError("<Error>", "NotImplemented", message,
                               "<RequestId>" + response.request_id + "</RequestId></Error>\n");
      return;
    case Form::kRestJson:
      response.status = kNotFound;
      response.content_type = "application/json";
      response.headers.emplace_back("x-amzn-ErrorType", std::string(kCode));
      response.body = JsonError({}, message);
      return;
  }
}

}  // namespace weir::protocol
