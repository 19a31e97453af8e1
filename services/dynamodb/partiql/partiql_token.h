// SPDX-License-Identifier: Apache-2.0
// NextToken: where a SELECT goes on. The token itself holds all that is needed, so the server keeps
// nothing for it:
//
//   token := base64(version fingerprint read key check)
//   version, read: 2 bytes; fingerprint, check: 8 bytes; all big-endian
//   key := the encoded key of the last item that was read; empty at the start of a read
//
// The fingerprint is a hash of the statement and its parameters with their scales; the check is a
// hash of all bytes before it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "services/dynamodb/partiql/partiql_members.h"

namespace weir::dynamodb {

struct StatementPosition {
  std::size_t read = 0;  // index in SelectPlan::reads
  std::string key;       // the encoded key to go on after; empty to start with the read
};

std::string EncodeNextToken(const StatementPosition& position, const StatementText& text);

// ValidationException for a token that EncodeNextToken did not make, or made for another statement
// or other parameters. Parameters with a list or map among them never match (observed on AWS).
Result<StatementPosition> DecodeNextToken(std::string_view token, const StatementText& text);

}  // namespace weir::dynamodb
