// SPDX-License-Identifier: Apache-2.0
// CodeStore: the zips of all functions, each once, as files of one folder.
//
//   <folder>/<sha256, 64 hex digits>.zip   a zip, on disk before anything names it
//   <folder>/<number>.tmp                  one that is being written
//   <folder>/unpacked/                     what functions run from
//
// A zip stays as long as there is a StoredZip of it; who has a version of a function has that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtimes/function_spec.h"
#include "services/lambda/errors.h"

namespace weir::lambda {

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::size_t kZippedSize = 52'428'800;
inline constexpr std::size_t kUnzippedSize = 262'144'000;
// Of all zips together. Lambda's is 75 GB; this one is for the sake of a developer's disk.
inline constexpr std::uint64_t kCodeStorage = std::uint64_t{4} << 30U;

class CodeStore;

// A zip of the store. Thread-safe. It may outlive the store; then it can no longer be opened or
// read.
class StoredZip final : public runtimes::CodeSource {
  struct Unpacked;
  struct OnlyTheStore {};
  struct State;

 public:
  StoredZip(OnlyTheStore, std::shared_ptr<State> store, std::string sha256, std::uint64_t size);
  // The folder that the zip is unpacked into, by the first call and again when it has not been used
  // for long. Of several threads at a time one unpacks, the others wait for it.
  [[nodiscard]] Result<runtimes::CodeFolderPtr, std::string> Open() const override;
  // The zip itself; nullopt if it can't be read.
  [[nodiscard]] std::optional<std::string> Read() const;

  [[nodiscard]] const std::string& sha256() const { return sha256_; }  // hex digits
  [[nodiscard]] std::uint64_t size() const { return size_; }

  ~StoredZip() override;
  StoredZip(const StoredZip&) = delete;
  StoredZip& operator=(const StoredZip&) = delete;

 private:
  friend class CodeStore;
  // Reads the zip and unpacks it.
  [[nodiscard]] Result<runtimes::CodeFolderPtr, std::string> Unpack() const;

  const std::shared_ptr<State> store_;
  const std::string sha256_;
  const std::uint64_t size_;
  const std::unique_ptr<Unpacked> unpacked_;
};
using StoredZipPtr = std::shared_ptr<const StoredZip>;

// Thread-safe. No lock is held while a zip is unpacked, written or read.
class CodeStore {
 public:
  // Keeps the zips in `folder`, which is made when it is needed. With an empty one they are in a
  // temporary folder (runtimes/work_folder.h), which the destructor removes.
  explicit CodeStore(std::filesystem::path folder);
  ~CodeStore();
  CodeStore(const CodeStore&) = delete;
  CodeStore& operator=(const CodeStore&) = delete;

  // Stores a zip, after it was unpacked. Fails with Lambda's errors for one that is too large or
  // none, with CodeStorageExceededException, and with ServiceException if the disk fails.
  LambdaResult<StoredZipPtr> Put(std::string_view zip);
  // A zip that an earlier process stored; nullptr if it is not there.
  StoredZipPtr Adopt(std::string_view sha256);
  // Removes all files of zips but those that were put or adopted.
  void RemoveOthers();
  // From here on, zips that are let go stay on disk, for the next process.
  void KeepAll();
  // The bytes of all zips.
  [[nodiscard]] std::uint64_t size() const;

 private:
  using State = StoredZip::State;
  // Names a zip that was written as `temporary`; its folder is unpacked already.
  LambdaResult<StoredZipPtr> Register(const std::string& temporary, const std::string& sha256,
                                      std::uint64_t size);

  const std::shared_ptr<State> state_;
};

// The Base64 text of a hash that is given as hex digits.
std::string Base64OfHex(std::string_view hex);

}  // namespace weir::lambda
