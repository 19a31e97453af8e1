// SPDX-License-Identifier: Apache-2.0
// Signature Version 4: proves to an AWS service who sends a request, by headers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <string>
#include <string_view>

#include "consumers/http/http_header.h"
#include "core/clock.h"

namespace weir::consumers {

// Whose signature it is, and for which service.
struct SigningKey {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // empty: the credentials are not temporary
  std::string region;
  std::string service;  // the signing name, as "lambda" or "s3"
};

// A request as it goes over the wire. Borrows its parts.
struct RequestToSign {
  std::string_view method;
  std::string_view path;       // percent-encoded; empty stands for "/"
  std::string_view query;      // percent-encoded, without the question mark
  const HttpHeaders& headers;  // with Host
  std::string_view body;
};

// The headers that sign the request at `time`, for it to be sent with: X-Amz-Date, Authorization,
// X-Amz-Security-Token for temporary credentials, and X-Amz-Content-SHA256 for S3. All of the
// request's headers are signed, except for those that proxies change. Thread-safe.
[[nodiscard]] HttpHeaders SignatureHeaders(const RequestToSign& request, const SigningKey& key,
                                           Micros time);

}  // namespace weir::consumers
