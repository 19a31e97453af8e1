// SPDX-License-Identifier: Apache-2.0
// Unpacks the zips that functions are deployed as.
//
// A zip comes from whoever may call the Lambda API, so nothing in it is believed: not the sizes in
// its headers, and not the names of its entries. Nothing is written outside the new folder,
// whatever the zip says, and nothing in it can make Weir follow a symbolic link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "runtimes/function_spec.h"

namespace weir::runtimes {

// What one zip may become.
struct ZipLimits {
  // Unpacked, with all layers.
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  std::uint64_t bytes = 262'144'000;
  // Entries, and the folders that they are in. AWS documents no limit; this one is for the disk's
  // sake.
  std::size_t files = 100'000;
};

// The most names in the path of an entry. More would harm what walks through the result.
inline constexpr std::size_t kMaxZipDepth = 100;

struct ZipFault {
  enum class Kind : std::uint8_t {
    kNotAZip,       // not a zip, or one that is damaged, encrypted or compressed in another way
    kEmpty,         // no entry
    kTooLarge,      // more than ZipLimits::bytes, counted while they are unpacked
    kTooManyFiles,  // more than ZipLimits::files
    kBadName,       // the name of an entry, or where a link leads: `text` says which
    kDisk,          // the system could not write it: `text` has its reason
  };
  Kind kind = Kind::kNotAZip;
  std::string text;  // for people; a sentence without its full stop
};

// Unpacks a zip into a new folder beneath `parent`, which must be there. The folder is for this
// user alone (0500), nobody may write to it or to what is in it, and it goes with the last owner of
// the result. Nothing is left of it on failure.
//
// Entries are stored or deflated. Their sizes may come after their data, or in zip64's way.
// The mode of a file is 0555 if anybody may execute it, else 0444; zips that were made on Windows
// do not tell. Of two files of one name the later one stays; any other two of one name are a fault.
// A symbolic link is made if it cannot lead out of the folder: its target is relative, and has `..`
// only at its front, no more often than there are folders above the link.
//
// Threads may unpack at the same time.
[[nodiscard]] Result<std::shared_ptr<const CodeFolder>, ZipFault> Unpack(
    std::string_view zip, const std::filesystem::path& parent, const ZipLimits& limits = {});

}  // namespace weir::runtimes
