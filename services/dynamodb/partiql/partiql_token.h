// SPDX-License-Identifier: Apache-2.0
// NextToken: where a SELECT goes on. It holds all there is to know, so nothing is kept for it:
//
//   token := base64(version fingerprint read key check)
//   version, read: 2 bytes; fingerprint, check: 8 bytes; all big-endian
//   key := the encoded key of the last item that was read; empty at the start of a read
//
// The fingerprint is that of the statement and its parameters with their scales, the check one of
// all before it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "services/dynamodb/partiql/partiql_members.h"

namespace weir::dynamodb {

struct StatementPosition {
  std::size_t read = 0;  // in SelectPlan::reads
  std::string key;
};

std::string EncodeNextToken(const StatementPosition& position, const StatementText& text);

// ValidationException for a text that EncodeNextToken did not give, or gave for another statement
// or other parameters. Lists and maps among the parameters never are the same (observed on AWS).
Result<StatementPosition> DecodeNextToken(std::string_view token, const StatementText& text);

}  // namespace weir::dynamodb
