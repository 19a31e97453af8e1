// SPDX-License-Identifier: Apache-2.0
#include "operations/fingerprint.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::operations {

Fingerprint FingerprintWriter::Finish() const {
  const XXH128_hash_t hash = XXH3_128bits(bytes_.data(), bytes_.size());
  return {hash.low64, hash.high64};
}

}  // namespace weir::operations
