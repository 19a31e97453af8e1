// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/event_stream.h"

#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace weir::lambda {
namespace {

constexpr char kStringType = 7;
constexpr unsigned kByteBits = 8;

void AppendNumber(std::uint32_t number, unsigned bytes, std::string& out) {
  for (unsigned i = bytes; i > 0; --i) {
    out += static_cast<char>(number >> ((i - 1) * kByteBits));
  }
}

void AppendHeader(std::string_view name, std::string_view value, std::string& out) {
  AppendNumber(static_cast<std::uint32_t>(name.size()), 1, out);
  out.append(name);
  out += kStringType;
  AppendNumber(static_cast<std::uint32_t>(value.size()), 2, out);
  out.append(value);
}

std::uint32_t Crc(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

void AppendEvent(std::string_view type, std::string_view content_type, std::string_view payload,
                 std::string& out) {
  std::string headers;
  AppendHeader(":message-type", "event", headers);
  AppendHeader(":event-type", type, headers);
  AppendHeader(":content-type", content_type, headers);
  constexpr std::size_t kFraming = 16;  // two sizes, two CRCs
  const std::size_t start = out.size();
  AppendNumber(static_cast<std::uint32_t>(kFraming + headers.size() + payload.size()), 4, out);
  AppendNumber(static_cast<std::uint32_t>(headers.size()), 4, out);
  AppendNumber(Crc(std::string_view(out).substr(start)), 4, out);
  out.append(headers).append(payload);
  AppendNumber(Crc(std::string_view(out).substr(start)), 4, out);
}

}  // namespace

void AppendPayloadChunk(std::string_view payload, std::string& out) {
  AppendEvent("PayloadChunk", "application/octet-stream", payload, out);
}

void AppendInvokeComplete(std::string_view error, std::string_view log_result, std::string& out) {
  nlohmann::ordered_json members = nlohmann::ordered_json::object();
  if (!error.empty()) {
    const nlohmann::json document = nlohmann::json::parse(error, nullptr, false);
    const auto type = document.is_object() ? document.find("errorType") : document.end();
    members["ErrorCode"] = type != document.end() && type->is_string() ? *type : "Unhandled";
    members["ErrorDetails"] = error;
  }
  if (!log_result.empty()) {
    members["LogResult"] = log_result;
  }
  AppendEvent("InvokeComplete", "application/json",
              members.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), out);
}

}  // namespace weir::lambda
