// SPDX-License-Identifier: Apache-2.0
// TlsTrust: whose certificates a client believes.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>
#include <string>

#include "core/result.h"

namespace weir::consumers {

using TlsStream = boost::asio::ssl::stream<boost::beast::tcp_stream>;

struct TlsFault {
  std::string text;
};

// The file with the certificates of the authorities that the system trusts: the one that the
// environment variable SSL_CERT_FILE names, or where a distribution has it; empty if there is none.
[[nodiscard]] std::string FindCaFile();

// Not thread-safe.
class TlsTrust {
 public:
  // `ca_file` has certificates in PEM form. It is read when it is first needed.
  explicit TlsTrust(std::string ca_file) : ca_file_(std::move(ca_file)) {}

  // TLS 1.2 or later, with servers that the file's authorities vouch for. A fault if the file
  // cannot be read; it is tried again at the next call.
  [[nodiscard]] Result<boost::asio::ssl::context*, TlsFault> Context();

 private:
  const std::string ca_file_;
  std::optional<boost::asio::ssl::context> context_;
};

// Before the handshake: names the server that is asked for, and has its certificate be for that
// name or address. false if there is no memory for it.
[[nodiscard]] bool ExpectHost(TlsStream& stream, const std::string& host);

// After a handshake that failed: what was wrong.
[[nodiscard]] std::string ExplainHandshake(TlsStream& stream,
                                           const boost::system::error_code& error);

}  // namespace weir::consumers
