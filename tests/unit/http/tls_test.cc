// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/ssl/stream.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "consumers/http/http_client.h"
#include "consumers/http/tls_trust.h"
#include "tests/unit/http/scripted_server.h"

namespace weir::consumers {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Kind = HttpFault::Kind;

std::string PemOf(const std::function<void(BIO*)>& write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
  write(bio.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

// A certificate that vouches for itself.
struct Certificate {
  // `names` as "DNS:localhost, IP:127.0.0.1".
  explicit Certificate(const char* names) {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> own_key(EVP_EC_gen("P-256"),
                                                                 EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> own(X509_new(), X509_free);
    X509* const x509 = own.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, own_key.get());
    X509_NAME* const subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("weir test"), -1, -1, 0);
    X509_set_issuer_name(x509, subject);
    X509_EXTENSION* const extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    REQUIRE(extension != nullptr);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
    REQUIRE(X509_sign(x509, own_key.get(), EVP_sha256()) > 0);
    certificate = PemOf([x509](BIO* bio) { PEM_write_bio_X509(bio, x509); });
    key = PemOf([&own_key](BIO* bio) {
      PEM_write_bio_PrivateKey(bio, own_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  std::string certificate;
  std::string key;
};

// A file that is removed with it.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "weir-test-XXXXXX").string();
    const int file = mkstemp(name.data());
    REQUIRE(file >= 0);
    path = name;
    std::ofstream(path) << text;
    close(file);
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path;
};

// Speaks TLS with that certificate, and answers each request with its number on the connection.
testing::ScriptedServer::Script Secure(const Certificate& certificate) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->use_certificate(asio::buffer(certificate.certificate), asio::ssl::context::pem);
  context->use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
  return [context](testing::ScriptedServer::Socket& socket, int /*number*/) {
    asio::ssl::stream<testing::ScriptedServer::Socket&> stream(socket, *context);
    boost::system::error_code error;
    stream.handshake(asio::ssl::stream_base::server, error);
    boost::beast::flat_buffer buffer;
    for (int number = 0; !error; ++number) {
      http::request<http::string_body> request;
      http::read(stream, buffer, request, error);
      if (!error) {
        const std::string answer = testing::Answer(std::to_string(number));
        asio::write(stream, asio::buffer(answer), error);
      }
    }
  };
}

HttpResult Get(HttpClient& client, const std::string& url) {
  std::promise<HttpResult> result;
  HttpCall call;
  call.url = url;
  client.Send(call, [&result](HttpResult one) { result.set_value(std::move(one)); });
  return result.get_future().get();
}

std::string HttpsUrl(const testing::ScriptedServer& server, const std::string& host) {
  return "https://" + host + ':' + std::to_string(server.port()) + '/';
}

TEST_CASE("https with a certificate that the given file vouches for", "[http][tls]") {
  const Certificate certificate("DNS:localhost, IP:127.0.0.1");
  const TemporaryFile trusted(certificate.certificate);
  testing::ScriptedServer server(Secure(certificate));
  HttpClient client({.ca_file = trusted.path});
  const HttpResult by_address = Get(client, HttpsUrl(server, "127.0.0.1"));
  REQUIRE(by_address.ok());
  CHECK(by_address.value().body == "0");
  CHECK(Get(client, HttpsUrl(server, "127.0.0.1")).value().body == "1");  // the same connection
  const HttpResult by_name = Get(client, HttpsUrl(server, "localhost"));
  REQUIRE(by_name.ok());
  CHECK(by_name.value().body == "0");
}

TEST_CASE("https without trust is refused before anything is sent", "[http][tls]") {
  const Certificate certificate("DNS:localhost, IP:127.0.0.1");
  const Certificate other("DNS:localhost, IP:127.0.0.1");
  const Certificate of_another_host("DNS:example.com, IP:127.0.0.2");
  const TemporaryFile trusts_it(of_another_host.certificate);
  const TemporaryFile trusts_other(other.certificate);
  std::string host = "127.0.0.1";
  std::string ca_file = trusts_other.path;
  std::string text;
  const Certificate* shown = &certificate;
  SECTION("a certificate that nobody vouches for") {
    text = "its certificate is not trusted: self-signed certificate";
  }
  SECTION("the certificate of another address") {
    ca_file = trusts_it.path;
    shown = &of_another_host;
    text = "its certificate is not trusted: IP address mismatch";
  }
  SECTION("the certificate of another host") {
    ca_file = trusts_it.path;
    shown = &of_another_host;
    host = "localhost";
    text = "its certificate is not trusted: hostname mismatch";
  }
  testing::ScriptedServer server(Secure(*shown));
  HttpClient client({.ca_file = ca_file});
  const HttpResult result = Get(client, HttpsUrl(server, host));
  REQUIRE(!result.ok());
  CHECK(result.error().kind == Kind::kTlsRefused);
  CHECK(!result.error().sent);
  CHECK(result.error().text ==
        "no TLS with https://" + host + ':' + std::to_string(server.port()) + ": " + text);
}

TEST_CASE("https needs a file of certificates", "[http][tls]") {
  testing::ScriptedServer server([](testing::ScriptedServer::Socket&, int) {});
  for (const std::string file : {"", "/nonexistent/ca.pem"}) {
    HttpClient client({.ca_file = file});
    const HttpResult result = Get(client, HttpsUrl(server, "127.0.0.1"));
    REQUIRE(!result.ok());
    CHECK(result.error().kind == Kind::kTlsRefused);
    CHECK(result.error().text.find(file.empty() ? "SSL_CERT_FILE" : file) != std::string::npos);
  }
}

TEST_CASE("A server that does not speak TLS is refused", "[http][tls]") {
  const TemporaryFile trusted(Certificate("DNS:localhost").certificate);
  testing::ScriptedServer server([](testing::ScriptedServer::Socket& socket, int /*number*/) {
    testing::ScriptedServer::Write(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
    testing::ScriptedServer::AwaitClose(socket);
  });
  HttpClient client({.ca_file = trusted.path});
  const HttpResult result = Get(client, HttpsUrl(server, "127.0.0.1"));
  REQUIRE(!result.ok());
  CHECK(result.error().kind == Kind::kTlsRefused);
}

TEST_CASE("SSL_CERT_FILE names the trusted certificates", "[http][tls]") {
  const char* const before = std::getenv("SSL_CERT_FILE");
  const std::string kept = before == nullptr ? "" : before;
  setenv("SSL_CERT_FILE", "/some/ca.pem", 1);
  CHECK(FindCaFile() == "/some/ca.pem");
  setenv("SSL_CERT_FILE", kept.c_str(), 1);
}

}  // namespace
}  // namespace weir::consumers
