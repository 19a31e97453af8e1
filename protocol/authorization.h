// SPDX-License-Identifier: Apache-2.0
// Who asks, read from Signature Version 4:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <string>

#include "core/result.h"
#include "protocol/http.h"

namespace weir::protocol {

struct Credentials {
  std::string access_key_id;
  std::string region;
};

// Reads the Authorization header, or the query of a presigned request. Any key and region will do
// (a region becomes part of ARNs: one of other than 1 to 32 letters, digits, `-` and `_` is
// us-east-1), and neither the signature nor the date is checked; but the parts must be there, as on
// AWS (MissingAuthenticationToken-, IncompleteSignature-, InvalidSignatureException).
Result<Credentials> ReadCredentials(const HttpRequest& request);

// The service that a signature is for, as far as it can be told: "sts"; else empty.
std::string SigningName(const HttpRequest& request);

// The fault of a request that names no credentials at all.
ApiError MissingAuthenticationToken();

}  // namespace weir::protocol
