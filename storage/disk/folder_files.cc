// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "core/digits.h"
#include "core/system.h"
#include "storage/disk/files.h"

namespace weir::storage {
namespace {

constexpr mode_t kPrivate = 0600;

IoError Failed(std::string_view call, const std::string& path) {
  const int code = errno;
  return {.code = code, .what = std::string(call) + " " + path};
}

// Closes a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  const int number_;
};

class FolderFile final : public File {
 public:
  FolderFile(int number, std::string path) : descriptor_(number), path_(std::move(path)) {}

  Io<void> WriteAt(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          ::pwrite(descriptor_.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) {
        continue;
      }
      if (written < 0) {
        return Failed("write", path_);
      }
      offset += static_cast<std::uint64_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Io<void> ReadAt(std::uint64_t offset, std::size_t size, std::string& bytes) const override {
    bytes.resize(size);
    std::size_t done = 0;
    while (done < size) {
      const ssize_t read = ::pread(descriptor_.number(), bytes.data() + done, size - done,
                                   static_cast<off_t>(offset + done));
      if (read < 0 && errno == EINTR) {
        continue;
      }
      if (read < 0) {
        return Failed("read", path_);
      }
      if (read == 0) {
        break;
      }
      done += static_cast<std::size_t>(read);
    }
    bytes.resize(done);
    return {};
  }

  Io<void> Sync() override {
    if (!system::SyncData(descriptor_.number())) {
      return Failed("sync", path_);
    }
    return {};
  }

  [[nodiscard]] Io<std::uint64_t> Size() const override {
    struct stat status {};
    if (::fstat(descriptor_.number(), &status) != 0) {
      return Failed("stat", path_);
    }
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  const Descriptor descriptor_;
  const std::string path_;
};

class FolderFiles final : public Files {
 public:
  explicit FolderFiles(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] Io<std::unique_ptr<File>> Open(std::string_view name) const override {
    return OpenWith(name, O_RDONLY | O_CLOEXEC);
  }

  [[nodiscard]] Io<std::unique_ptr<File>> OpenToWrite(std::string_view name) override {
    return OpenWith(name, O_RDWR | O_CLOEXEC);
  }

  Io<std::unique_ptr<File>> Create(std::string_view name) override {
    return OpenWith(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC);
  }

  [[nodiscard]] Io<std::vector<std::string>> List() const override {
    DIR* const folder = ::opendir(path_.c_str());
    if (folder == nullptr) {
      return Failed("list", path_);
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(folder)) {  // NOLINT(concurrency-mt-unsafe): own stream
      names.emplace_back(entry->d_name);
    }
    ::closedir(folder);
    std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
    std::sort(names.begin(), names.end());
    return names;
  }

  Io<void> Rename(std::string_view from, std::string_view to) override {
    if (::rename(PathOf(from).c_str(), PathOf(to).c_str()) != 0) {
      return Failed("rename", PathOf(from));
    }
    return {};
  }

  Io<void> Remove(std::string_view name) override {
    if (::unlink(PathOf(name).c_str()) != 0 && errno != ENOENT) {
      return Failed("remove", PathOf(name));
    }
    return {};
  }

  Io<void> SyncNames() override {
    const Descriptor folder(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0) {
      return Failed("open", path_);
    }
    if (::fsync(folder.number()) != 0) {
      return Failed("sync", path_);
    }
    return {};
  }

  [[nodiscard]] std::string PathOf(std::string_view name) const override {
    return std::string(path_).append("/").append(name);
  }

 private:
  [[nodiscard]] Io<std::unique_ptr<File>> OpenWith(std::string_view name, int flags) const {
    std::string path = PathOf(name);
    const int number = ::open(path.c_str(), flags, kPrivate);
    if (number < 0) {
      return Failed("open", path);
    }
    return std::unique_ptr<File>(std::make_unique<FolderFile>(number, std::move(path)));
  }

  const std::string path_;
};

}  // namespace

std::string IoError::ToString() const {
  return what + ": " + std::generic_category().message(code);
}

std::string NumberedName(std::string_view prefix, std::uint64_t number) {
  constexpr std::size_t kDigits = 20;
  std::string digits(kDigits, '0');
  WriteDecimal(number, digits);
  return std::string(prefix) + digits;
}

std::unique_ptr<Files> NewFolderFiles(std::string path) {
  return std::make_unique<FolderFiles>(std::move(path));
}

}  // namespace weir::storage
