// SPDX-License-Identifier: Apache-2.0
// Who sends a request, as its Signature Version 4 says:
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

// Reads the Authorization header, or the query of a presigned request. Takes any key and any
// region, and checks neither the signature nor the date. A region becomes part of ARNs, so one that
// is not 1 to 32 letters, digits, `-` and `_` is replaced by us-east-1. Fails as AWS does:
// MissingAuthenticationTokenException without a signature, IncompleteSignatureException if a part
// is missing, InvalidSignatureException for a signature in both places.
Result<Credentials> ReadCredentials(const HttpRequest& request);

// The service in the signature's scope, such as "sts"; empty if the request does not say.
std::string SigningName(const HttpRequest& request);

// The error for a request that names no credentials at all.
ApiError MissingAuthenticationToken();

}  // namespace weir::protocol
