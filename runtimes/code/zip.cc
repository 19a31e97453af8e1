// SPDX-License-Identifier: Apache-2.0
#include "runtimes/code/zip.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <variant>

#include "core/text.h"
#include "runtimes/code/folder_rights.h"
#include "runtimes/code/folder_writer.h"
#include "runtimes/code/zip_reader.h"

namespace weir::runtimes {
namespace {

using Unpacked = Result<void, ZipFault>;

// The longest name of a file, and the longest target of a link, that Linux takes.
constexpr std::size_t kLongestPart = 255;
constexpr std::size_t kLongestTarget = 4'095;
constexpr std::size_t kBufferSize = std::size_t{64} * 1024;
// What a zip without entries begins with. minizip finds no zip in one.
constexpr std::string_view kEndOfDirectory = "PK\5\6";
constexpr unsigned kAnyMayExecute = 0111;

// A folder that goes with the object.
struct TemporaryFolder final : CodeFolder {
  ~TemporaryFolder() override { RemoveFolder(path); }
};

std::string Named(const std::string& name) {
  constexpr std::size_t kShown = 200;
  return "'" + Printable(name.substr(0, kShown)) + "'";
}

ZipFault BadName(const std::string& name, const std::string& why) {
  return {.kind = ZipFault::Kind::kBadName, .text = "the entry " + Named(name) + " " + why};
}

ZipFault Damaged(const std::string& text) {
  return {.kind = ZipFault::Kind::kNotAZip, .text = text};
}

std::string TextOfError(int error) {
  return std::generic_category().message(error);
}

// What an errno of FolderWriter means for an entry.
ZipFault FaultOf(int error, const std::string& name) {
  switch (error) {
    case EEXIST:
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
    case EMLINK:  // ELOOP, on FreeBSD
      return BadName(name, "is in the way of another one, or that of it");
    case ENAMETOOLONG:
    case EILSEQ:  // not UTF-8, on macOS
      return BadName(name, "has a name that this system does not take");
    default:
      return {.kind = ZipFault::Kind::kDisk,
              .text = "cannot write " + Named(name) + ": " + TextOfError(error)};
  }
}

// The names between the slashes of a path, without `.` and empty ones.
PathParts PartsOf(std::string_view path) {
  PathParts parts;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (!part.empty() && part != ".") {
      parts.emplace_back(part);
    }
    start = end + 1;
  }
  return parts;
}

Result<PathParts, ZipFault> PathOf(const std::string& name) {
  if (name.find('\0') != std::string::npos) {
    return BadName(name, "has a NUL in its name");
  }
  if (name.find('\\') != std::string::npos) {
    return BadName(name, "has a backslash in its name; in zips names have slashes");
  }
  if (name.starts_with('/')) {
    return BadName(name, "has an absolute name");
  }
  PathParts parts = PartsOf(name);
  for (const std::string& part : parts) {
    if (part == "..") {
      return BadName(name, "has '..' in its name");
    }
    if (part.size() > kLongestPart) {
      return BadName(name, "has a name that is too long");
    }
  }
  if (parts.size() > kMaxZipDepth) {
    return BadName(name, "is in too many folders");
  }
  return parts;
}

// Whether a link in a folder `depth` folders deep leads to something in the outermost one. `..` is
// only for the front: there it goes up from a real folder, but after a name that may be a link,
// too, it would go up from wherever that leads.
bool StaysWithin(const std::string& target, std::size_t depth) {
  if (target.empty() || target.starts_with('/') || target.find('\0') != std::string::npos) {
    return false;
  }
  std::size_t up = 0;
  bool at_front = true;
  for (const std::string& part : PartsOf(target)) {
    if (part != "..") {
      at_front = false;
    } else if (!at_front || ++up > depth) {
      return false;
    }
  }
  return true;
}

class Unpacker {
 public:
  Unpacker(std::string_view zip, FileDescriptor folder, const ZipLimits& limits)
      : is_empty_(zip.starts_with(kEndOfDirectory)),
        reader_(zip),
        writer_(std::move(folder)),
        limits_(limits) {}

  Unpacked Run() {
    if (!reader_.ok() && !is_empty_) {
      return Damaged("it is not a zip");
    }
    if (reader_.size() == 0) {
      return ZipFault{.kind = ZipFault::Kind::kEmpty, .text = "the zip is empty"};
    }
    for (std::uint64_t done = 0; done < reader_.size(); ++done) {
      const std::optional<ZipEntry> entry = reader_.Next();
      if (!entry.has_value()) {
        return Damaged("the directory of the zip is damaged");
      }
      WEIR_RETURN_IF_ERROR(UnpackEntry(*entry));
      if (done + 1 + writer_.folders() > limits_.files) {
        return ZipFault{
            .kind = ZipFault::Kind::kTooManyFiles,
            .text = "there are more than " + std::to_string(limits_.files) + " files and folders"};
      }
    }
    return {};
  }

 private:
  Unpacked UnpackEntry(const ZipEntry& entry) {
    WEIR_ASSIGN_OR_RETURN(const PathParts path, PathOf(entry.name));
    const unsigned type = entry.mode & S_IFMT;
    if (entry.name.ends_with('/') || S_ISDIR(type)) {
      const int error = writer_.MakeFolder(path);
      return error == 0 ? Unpacked() : FaultOf(error, entry.name);
    }
    if (path.empty()) {
      return BadName(entry.name, "has no name");
    }
    if (entry.encrypted) {
      return Damaged("the entry " + Named(entry.name) + " is encrypted");
    }
    if (!entry.known_method) {
      return Damaged("the entry " + Named(entry.name) + " is neither stored nor deflated");
    }
    if (entry.beyond_4_gb) {
      return ZipFault{
          .kind = ZipFault::Kind::kTooLarge,
          .text = "the entry " + Named(entry.name) + " is beyond 4 GB, or written as if it were"};
    }
    if (S_ISLNK(type)) {
      return UnpackLink(entry, path);
    }
    if (type != 0 && !S_ISREG(type)) {
      return BadName(entry.name, "is neither a file nor a folder nor a link");
    }
    return UnpackFile(entry, path);
  }

  Unpacked UnpackLink(const ZipEntry& entry, const PathParts& path) {
    std::string target;
    for (;;) {
      WEIR_ASSIGN_OR_RETURN(const std::string_view bytes, Read(entry));
      if (bytes.empty()) {
        break;
      }
      target += bytes;
      if (target.size() > kLongestTarget) {
        return BadName(entry.name, "is a link whose target is too long");
      }
    }
    if (!StaysWithin(target, path.size() - 1)) {
      return BadName(entry.name, "is a link to " + Named(target) + ", which may be outside");
    }
    const int error = writer_.MakeLink(path, target);
    return error == 0 ? Unpacked() : FaultOf(error, entry.name);
  }

  Unpacked UnpackFile(const ZipEntry& entry, const PathParts& path) {
    FileDescriptor file;
    if (const int error = writer_.OpenNew(path, file); error != 0) {
      return FaultOf(error, entry.name);
    }
    for (;;) {
      WEIR_ASSIGN_OR_RETURN(std::string_view bytes, Read(entry));
      if (bytes.empty()) {
        break;
      }
      while (!bytes.empty()) {
        const ssize_t count = write(file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
          return FaultOf(errno, entry.name);
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
      }
    }
    const mode_t mode = (entry.mode & kAnyMayExecute) != 0 ? 0755 : 0644;
    return fchmod(file.get(), mode) == 0 ? Unpacked() : FaultOf(errno, entry.name);
  }

  // The next bytes of an entry, which are good until the next call; none at its end.
  Result<std::string_view, ZipFault> Read(const ZipEntry& entry) {
    const std::optional<std::size_t> count = reader_.Read(buffer_);
    if (!count.has_value()) {
      return Damaged("the entry " + Named(entry.name) + " is damaged");
    }
    bytes_ += *count;
    if (bytes_ > limits_.bytes) {
      return ZipFault{
          .kind = ZipFault::Kind::kTooLarge,
          .text = "unpacked there are more than " + std::to_string(limits_.bytes) + " bytes"};
    }
    return std::string_view(buffer_.data(), *count);
  }

  const bool is_empty_;
  ZipReader reader_;
  FolderWriter writer_;
  const ZipLimits limits_;
  std::uint64_t bytes_ = 0;
  std::array<char, kBufferSize> buffer_{};
};

}  // namespace

Result<std::shared_ptr<const CodeFolder>, ZipFault> Unpack(std::string_view zip,
                                                           const std::filesystem::path& parent,
                                                           const ZipLimits& limits) {
  const auto fail = [&parent](int error) {
    return ZipFault{
        .kind = ZipFault::Kind::kDisk,
        .text = "cannot make a folder in " + parent.string() + ": " + TextOfError(error)};
  };
  std::string path = parent / "code-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return fail(errno);
  }
  const auto folder = std::make_shared<TemporaryFolder>();
  folder->path = path;
  FileDescriptor root(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!root.is_open()) {
    return fail(errno);
  }
  const auto unpacker = std::make_unique<Unpacker>(zip, std::move(root), limits);
  WEIR_RETURN_IF_ERROR(unpacker->Run());
  if (const int error = MakeReadOnly(folder->path); error != 0) {
    return ZipFault{.kind = ZipFault::Kind::kDisk,
                    .text = "cannot make " + path + " read-only: " + TextOfError(error)};
  }
  return std::shared_ptr<const CodeFolder>(folder);
}

}  // namespace weir::runtimes
