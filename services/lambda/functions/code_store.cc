// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/code_store.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base64.h"
#include "core/mutex.h"
#include "core/result.h"
#include "runtimes/code/folder_rights.h"
#include "runtimes/code/zip.h"
#include "runtimes/work_folder.h"
#include "storage/disk/files.h"

namespace weir::lambda {
namespace {

namespace fs = std::filesystem;
using FolderPtr = runtimes::CodeFolderPtr;
using runtimes::ZipFault;

// Unpacked folders that stay although nothing runs from them, those used last.
constexpr std::size_t kIdleFolders = 64;
constexpr std::string_view kZip = ".zip";
constexpr std::string_view kTemporary = ".tmp";
constexpr std::size_t kHashSize = 32;
constexpr std::string_view kHexDigits = "0123456789abcdef";

LambdaError ServiceFault(std::string text) {
  return MakeLambdaError(LambdaErrorCode::kService, std::move(text));
}

LambdaError Failed(const storage::IoError& error) {
  return ServiceFault("The function's code could not be stored: " + error.ToString());
}

// nullopt if OpenSSL has no memory.
std::optional<std::string> Sha256Hex(std::string_view bytes) {
  std::array<unsigned char, kHashSize> hash{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
    return std::nullopt;
  }
  std::string hex;
  for (const unsigned char byte : hash) {
    hex += kHexDigits[byte >> 4U];
    hex += kHexDigits[byte & 15U];
  }
  return hex;
}

// The texts of Lambda, which were observed for a zip that is none and one that is too large.
LambdaError ErrorOf(const ZipFault& fault) {
  switch (fault.kind) {
    case ZipFault::Kind::kEmpty:
      return InvalidParameterValue("Uploaded file must be a non-empty zip");
    case ZipFault::Kind::kTooLarge:
      return InvalidParameterValue("Unzipped size must be smaller than " +
                                   std::to_string(kUnzippedSize) + " bytes");
    case ZipFault::Kind::kDisk:
      return ServiceFault("The function's code could not be unpacked: " + fault.text);
    case ZipFault::Kind::kTooManyFiles:
    case ZipFault::Kind::kBadName:
      return InvalidParameterValue("Could not unzip uploaded file: " + fault.text + ".");
    case ZipFault::Kind::kNotAZip:
      break;
  }
  return InvalidParameterValue(
      "Could not unzip uploaded file. Please check your file, then try to upload again.");
}

LambdaResult<std::unique_ptr<runtimes::WorkFolder>> NewWorkFolder() {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  Result<std::unique_ptr<runtimes::WorkFolder>, std::string> made =
      error ? error.message() : runtimes::WorkFolder::Create(parent);
  if (!made.ok()) {
    return ServiceFault("No temporary folder for the code of functions could be made: " +
                        made.error());
  }
  return std::move(made).value();
}

// Writes a new file to the disk, or leaves none.
LambdaStatus WriteFile(storage::Files& files, const std::string& name, std::string_view bytes) {
  const storage::Io<std::unique_ptr<storage::File>> file = files.Create(name);
  if (!file.ok()) {
    return Failed(file.error());
  }
  storage::Io<void> written = file.value()->WriteAt(0, bytes);
  written = written.ok() ? file.value()->Sync() : std::move(written);
  if (!written.ok()) {
    (void)files.Remove(name).ok();
    return Failed(written.error());
  }
  return {};
}

}  // namespace

struct StoredZip::State {
  mutable Mutex mutex;
  fs::path folder WEIR_GUARDED_BY(mutex);
  const bool temporary;
  std::unique_ptr<runtimes::WorkFolder> work WEIR_GUARDED_BY(mutex);  // if it is temporary
  // Null until the folder has been made.
  std::unique_ptr<storage::Files> files WEIR_GUARDED_BY(mutex);
  // All zips by their hashes. An expired one is about to remove itself.
  std::map<std::string, std::weak_ptr<const StoredZip>, std::less<>> zips WEIR_GUARDED_BY(mutex);
  std::uint64_t size WEIR_GUARDED_BY(mutex) = 0;
  std::uint64_t next_temporary WEIR_GUARDED_BY(mutex) = 1;
  bool keeps_all WEIR_GUARDED_BY(mutex) = false;
  std::deque<FolderPtr> recent WEIR_GUARDED_BY(mutex);  // the last used one is last

  explicit State(fs::path kept) : folder(std::move(kept)), temporary(folder.empty()) {}

  // The store's files, which live as long as the store.
  LambdaResult<storage::Files*> Files() WEIR_EXCLUDES(mutex) {
    {
      const MutexLock lock(mutex);
      if (files != nullptr) {
        return files.get();
      }
    }
    // Without the lock, for what servers that were killed have left may take long to remove.
    std::unique_ptr<runtimes::WorkFolder> made;
    if (temporary) {
      WEIR_ASSIGN_OR_RETURN(made, NewWorkFolder());
    }
    const MutexLock lock(mutex);
    if (files == nullptr) {
      if (made != nullptr) {
        work = std::move(made);
        folder = work->path();
      }
      WEIR_RETURN_IF_ERROR(MakeFolder());
      files = storage::NewFolderFiles(folder.string());
    }
    return files.get();
  }

  LambdaStatus MakeFolder() WEIR_REQUIRES(mutex) {
    std::error_code error;
    fs::create_directories(folder / "unpacked", error);
    if (!error) {
      fs::permissions(folder, fs::perms::owner_all, error);
    }
    return error ? LambdaStatus(ServiceFault("The folder for the code of functions, " +
                                             folder.string() +
                                             ", could not be made: " + error.message()))
                 : LambdaStatus();
  }

  [[nodiscard]] fs::path UnpackedFolder() const WEIR_EXCLUDES(mutex) {
    const MutexLock lock(mutex);
    return folder / "unpacked";
  }

  // Keeps a folder for a while after its last use.
  void Remember(const FolderPtr& used) WEIR_EXCLUDES(mutex) {
    FolderPtr dropped;  // removed after the lock is gone
    const MutexLock lock(mutex);
    const auto found = std::find(recent.begin(), recent.end(), used);
    if (found != recent.end()) {
      recent.erase(found);
    } else if (recent.size() == kIdleFolders) {
      dropped = std::move(recent.front());
      recent.pop_front();
    }
    recent.push_back(used);
  }
};

// Where a zip is unpacked. One thread unpacks; those that come meanwhile wait for it.
struct StoredZip::Unpacked {
  Mutex mutex;
  ConditionVariable done;
  bool under_way WEIR_GUARDED_BY(mutex) = false;
  std::weak_ptr<const runtimes::CodeFolder> folder WEIR_GUARDED_BY(mutex);

  // The turn of the thread that unpacks, which ends with it, whatever becomes of the unpacking.
  class Turn {
   public:
    explicit Turn(Unpacked& unpacked) WEIR_REQUIRES(unpacked.mutex) : unpacked_(unpacked) {
      unpacked_.under_way = true;
    }
    ~Turn() {
      const MutexLock lock(unpacked_.mutex);
      unpacked_.under_way = false;
      unpacked_.done.NotifyAll();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Unpacked& unpacked_;
  };
};

StoredZip::StoredZip(OnlyTheStore /*key*/, std::shared_ptr<State> store, std::string sha256,
                     std::uint64_t size)
    : store_(std::move(store)),
      sha256_(std::move(sha256)),
      size_(size),
      unpacked_(std::make_unique<Unpacked>()) {}

StoredZip::~StoredZip() {
  State& state = *store_;
  const MutexLock lock(state.mutex);
  state.size -= size_;
  const auto found = state.zips.find(sha256_);
  // The same code may have been stored again meanwhile.
  if (found == state.zips.end() || !found->second.expired()) {
    return;
  }
  state.zips.erase(found);
  if (!state.keeps_all && state.files != nullptr) {
    // A file that can't be removed now is removed when the next process starts.
    (void)state.files->Remove(sha256_ + std::string(kZip)).ok();
  }
}

Result<FolderPtr, std::string> StoredZip::Open() const {
  std::optional<Unpacked::Turn> turn;
  {
    const MutexLock lock(unpacked_->mutex);
    while (unpacked_->under_way) {
      unpacked_->done.Wait(unpacked_->mutex);
    }
    if (FolderPtr folder = unpacked_->folder.lock(); folder != nullptr) {
      store_->Remember(folder);
      return folder;
    }
    turn.emplace(*unpacked_);
  }
  WEIR_ASSIGN_OR_RETURN(FolderPtr folder, Unpack());
  store_->Remember(folder);
  const MutexLock lock(unpacked_->mutex);
  unpacked_->folder = folder;
  return folder;
}

Result<FolderPtr, std::string> StoredZip::Unpack() const {
  const std::optional<std::string> zip = Read();
  if (!zip.has_value()) {
    return std::string("The function's code can no longer be read");
  }
  Result<FolderPtr, ZipFault> folder =
      runtimes::Unpack(*zip, store_->UnpackedFolder(), {.bytes = kUnzippedSize});
  if (!folder.ok()) {
    return ErrorOf(folder.error()).message;
  }
  return std::move(folder).value();
}

std::optional<std::string> StoredZip::Read() const {
  const LambdaResult<storage::Files*> files = store_->Files();
  if (!files.ok()) {
    return std::nullopt;
  }
  const storage::Io<std::unique_ptr<storage::File>> file =
      files.value()->Open(sha256_ + std::string(kZip));
  std::string bytes;
  if (!file.ok() || !file.value()->ReadAt(0, size_, bytes).ok() || bytes.size() != size_) {
    return std::nullopt;
  }
  return bytes;
}

CodeStore::CodeStore(fs::path folder) : state_(std::make_shared<State>(std::move(folder))) {}

CodeStore::~CodeStore() {
  std::unique_ptr<runtimes::WorkFolder> work;
  std::deque<FolderPtr> recent;  // goes first, without the lock
  const MutexLock lock(state_->mutex);
  work.swap(state_->work);
  recent.swap(state_->recent);
}

LambdaResult<StoredZipPtr> CodeStore::Put(std::string_view zip) {
  if (zip.size() > kZippedSize) {
    return MakeLambdaError(
        LambdaErrorCode::kRequestEntityTooLarge,
        "Zipped size must be smaller than " + std::to_string(kZippedSize) + " bytes");
  }
  const std::optional<std::string> sha256 = Sha256Hex(zip);
  if (!sha256.has_value()) {
    return ServiceFault("The function's code could not be hashed");
  }
  WEIR_ASSIGN_OR_RETURN(storage::Files* const files, state_->Files());
  std::string temporary;
  {
    const MutexLock lock(state_->mutex);
    const auto found = state_->zips.find(*sha256);
    if (StoredZipPtr stored = found == state_->zips.end() ? nullptr : found->second.lock();
        stored != nullptr) {
      return stored;
    }
    if (state_->size + zip.size() > kCodeStorage) {
      return MakeLambdaError(LambdaErrorCode::kCodeStorageExceeded, "Code storage limit exceeded.");
    }
    temporary = std::to_string(state_->next_temporary++) + std::string(kTemporary);
  }
  Result<FolderPtr, ZipFault> folder =
      runtimes::Unpack(zip, state_->UnpackedFolder(), {.bytes = kUnzippedSize});
  if (!folder.ok()) {
    return ErrorOf(folder.error());
  }
  WEIR_RETURN_IF_ERROR(WriteFile(*files, temporary, zip));
  WEIR_ASSIGN_OR_RETURN(StoredZipPtr stored, Register(temporary, *sha256, zip.size()));
  {
    const MutexLock lock(stored->unpacked_->mutex);
    stored->unpacked_->folder = folder.value();
  }
  state_->Remember(folder.value());
  if (const storage::Io<void> synced = files->SyncNames(); !synced.ok()) {
    return Failed(synced.error());
  }
  return stored;
}

LambdaResult<StoredZipPtr> CodeStore::Register(const std::string& temporary,
                                               const std::string& sha256, std::uint64_t size) {
  // Renamed under the lock: the last owner of the same code, which goes at this time, must not
  // remove the new file.
  const MutexLock lock(state_->mutex);
  if (const storage::Io<void> named = state_->files->Rename(temporary, sha256 + std::string(kZip));
      !named.ok()) {
    return Failed(named.error());
  }
  std::weak_ptr<const StoredZip>& entry = state_->zips[sha256];
  StoredZipPtr stored = entry.lock();
  if (stored == nullptr) {
    stored = std::make_shared<const StoredZip>(StoredZip::OnlyTheStore(), state_, sha256, size);
    state_->size += size;
    entry = stored;
  }
  return stored;
}

StoredZipPtr CodeStore::Adopt(std::string_view sha256) {
  const LambdaResult<storage::Files*> files = state_->Files();
  if (!files.ok()) {
    return nullptr;
  }
  const MutexLock lock(state_->mutex);
  std::weak_ptr<const StoredZip>& entry = state_->zips[std::string(sha256)];
  if (StoredZipPtr stored = entry.lock(); stored != nullptr) {
    return stored;
  }
  const storage::Io<std::unique_ptr<storage::File>> file =
      files.value()->Open(std::string(sha256) + std::string(kZip));
  const storage::Io<std::uint64_t> size =
      file.ok() ? file.value()->Size() : storage::Io<std::uint64_t>(file.error());
  if (!size.ok()) {
    state_->zips.erase(std::string(sha256));
    return nullptr;
  }
  StoredZipPtr stored = std::make_shared<const StoredZip>(StoredZip::OnlyTheStore(), state_,
                                                          std::string(sha256), size.value());
  state_->size += size.value();
  entry = stored;
  return stored;
}

void CodeStore::RemoveOthers() {
  const MutexLock lock(state_->mutex);
  std::error_code error;
  if (state_->temporary || !fs::exists(state_->folder, error)) {
    return;
  }
  runtimes::RemoveFolder(state_->folder / "unpacked");
  fs::create_directory(state_->folder / "unpacked", error);
  const std::unique_ptr<storage::Files> files = storage::NewFolderFiles(state_->folder.string());
  const storage::Io<std::vector<std::string>> names = files->List();
  if (!names.ok()) {
    return;  // nothing is lost: the next start tries again
  }
  for (const std::string& name : names.value()) {
    const bool is_zip = name.ends_with(kZip);
    const std::string_view hash = std::string_view(name).substr(0, name.size() - kZip.size());
    if (name.ends_with(kTemporary) || (is_zip && !state_->zips.contains(hash))) {
      (void)files->Remove(name).ok();
    }
  }
}

void CodeStore::KeepAll() {
  const MutexLock lock(state_->mutex);
  state_->keeps_all = true;
}

std::uint64_t CodeStore::size() const {
  const MutexLock lock(state_->mutex);
  return state_->size;
}

std::string Base64OfHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(kHexDigits.find(hex[i]) * 16 + kHexDigits.find(hex[i + 1]));
  }
  std::string text;
  EncodeBase64(bytes, text);
  return text;
}

}  // namespace weir::lambda
