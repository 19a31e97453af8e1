// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/fingerprint.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::dynamodb {

Fingerprint FingerprintWriter::Finish() const {
  const XXH128_hash_t hash = XXH3_128bits(bytes_.data(), bytes_.size());
  return {hash.low64, hash.high64};
}

}  // namespace weir::dynamodb
