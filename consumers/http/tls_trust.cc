// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/tls_trust.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace weir::consumers {
namespace {

namespace ssl = boost::asio::ssl;

// Debian and Alpine; RHEL and Fedora; SUSE; Alpine and macOS.
constexpr std::array<const char*, 4> kCaFiles = {"/etc/ssl/certs/ca-certificates.crt",
                                                 "/etc/pki/tls/certs/ca-bundle.crt",
                                                 "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

bool IsAddress(const std::string& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

std::string FindCaFile() {
  if (const char* const named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0') {
    return named;
  }
  for (const char* const path : kCaFiles) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) {
      return path;
    }
  }
  return {};
}

Result<ssl::context*, TlsFault> TlsTrust::Context() {
  if (context_.has_value()) {
    return &*context_;
  }
  if (ca_file_.empty()) {
    return TlsFault{"there is no file of trusted certificates; SSL_CERT_FILE can name one"};
  }
  ssl::context context(ssl::context::tls_client);
  boost::system::error_code error;
  context.load_verify_file(ca_file_, error);
  if (error) {
    return TlsFault{"cannot read the trusted certificates in " + ca_file_ + ": " + error.message()};
  }
  context.set_verify_mode(ssl::verify_peer, error);
  if (error || SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION) != 1) {
    return TlsFault{"cannot set up TLS"};
  }
  return &context_.emplace(std::move(context));
}

bool ExpectHost(TlsStream& stream, const std::string& host) {
  SSL* const session = stream.native_handle();
  X509_VERIFY_PARAM* const expected = SSL_get0_param(session);
  if (IsAddress(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  }
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

std::string ExplainHandshake(TlsStream& stream, const boost::system::error_code& error) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict != X509_V_OK) {
    return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verdict);
  }
  return error.message();
}

}  // namespace weir::consumers
