// SPDX-License-Identifier: Apache-2.0
#include "runtimes/code/zip_reader.h"

#include <minizip/unzip.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::runtimes {
namespace {

// APPNOTE.TXT of PKWARE, 4.4.2 to 4.4.5
constexpr unsigned kMadeOnUnix = 3;
constexpr unsigned kMadeOnMac = 19;
constexpr unsigned kEncrypted = 1U;
constexpr unsigned kStored = 0;
constexpr ZPOS64_T kInZip64 = 0xFFFFFFFF;

constexpr std::size_t kLongestName = 65'535;

// What minizip calls in place of the functions of a file. `opaque` is this.
struct MemoryFile {
  std::string_view bytes;
  std::uint64_t position = 0;
  bool ended_early = false;  // there was less to read than was asked for
};

MemoryFile& FileOf(voidpf opaque) {
  return *static_cast<MemoryFile*>(opaque);
}

voidpf Open(voidpf opaque, const void* /*name*/, int /*mode*/) {
  return opaque;
}

uLong ReadBytes(voidpf opaque, voidpf /*stream*/, void* buffer, uLong size) {
  MemoryFile& file = FileOf(opaque);
  const std::size_t count = std::min<std::size_t>(size, file.bytes.size() - file.position);
  std::memcpy(buffer, file.bytes.data() + file.position, count);
  file.position += count;
  file.ended_early = file.ended_early || count < size;
  return count;
}

ZPOS64_T Tell(voidpf opaque, voidpf /*stream*/) {
  return FileOf(opaque).position;
}

// 0, or -1 if there is no such place.
long Seek(voidpf opaque, voidpf /*stream*/, ZPOS64_T offset, int origin) {
  MemoryFile& file = FileOf(opaque);
  const std::uint64_t start = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                              : origin == ZLIB_FILEFUNC_SEEK_CUR ? file.position
                                                                 : file.bytes.size();
  if (offset > file.bytes.size() - start) {
    return -1;
  }
  file.position = start + offset;
  return 0;
}

int Close(voidpf /*opaque*/, voidpf /*stream*/) {
  return 0;
}

// minizip takes the end of a file for a byte of 0, unless this is not 0.
int ErrorOf(voidpf opaque, voidpf /*stream*/) {
  return FileOf(opaque).ended_early ? 1 : 0;
}

}  // namespace

struct ZipReader::State {
  MemoryFile file;
  unzFile zip = nullptr;
  std::uint64_t size = 0;
  std::string name = std::string(kLongestName, '\0');  // as long as one can be
  bool at_first = true;
  bool entry_open = false;
  std::uint64_t rest = 0;  // of the entry, as its header says
};

ZipReader::ZipReader(std::string_view zip) : state_(std::make_unique<State>()) {
  state_->file.bytes = zip;
  zlib_filefunc64_def functions{};
  functions.zopen64_file = Open;
  functions.zread_file = ReadBytes;
  functions.ztell64_file = Tell;
  functions.zseek64_file = Seek;
  functions.zclose_file = Close;
  functions.zerror_file = ErrorOf;
  functions.opaque = &state_->file;
  state_->zip = unzOpen2_64("", &functions);
  unz_global_info64 info{};
  if (state_->zip != nullptr && unzGetGlobalInfo64(state_->zip, &info) == UNZ_OK) {
    state_->size = info.number_entry;
  }
}

ZipReader::~ZipReader() {
  if (state_->zip != nullptr) {
    unzClose(state_->zip);  // with its entry, if one is open
  }
}

bool ZipReader::ok() const {
  return state_->zip != nullptr;
}

std::uint64_t ZipReader::size() const {
  return state_->size;
}

std::optional<ZipEntry> ZipReader::Next() {
  State& state = *state_;
  if (state.entry_open) {
    unzCloseCurrentFile(state.zip);  // Read has looked at the end of the data
    state.entry_open = false;
  }
  const int moved = state.at_first ? unzGoToFirstFile(state.zip) : unzGoToNextFile(state.zip);
  state.at_first = false;
  unz_file_info64 info{};
  if (moved != UNZ_OK ||
      unzGetCurrentFileInfo64(state.zip, &info, state.name.data(), state.name.size(), nullptr, 0,
                              nullptr, 0) != UNZ_OK) {
    return std::nullopt;
  }
  const auto system = static_cast<unsigned>(info.version >> 8U);
  const bool has_mode = system == kMadeOnUnix || system == kMadeOnMac;
  state.rest = info.uncompressed_size;
  return ZipEntry{
      .name = state.name.substr(0, info.size_filename),
      .mode = has_mode ? static_cast<unsigned>(info.external_fa >> 16U) : 0,
      .encrypted = (info.flag & kEncrypted) != 0,
      .beyond_4_gb = std::max(info.compressed_size, info.uncompressed_size) >= kInZip64,
      .known_method = info.compression_method == kStored || info.compression_method == Z_DEFLATED};
}

std::optional<std::size_t> ZipReader::Read(std::span<char> buffer) {
  State& state = *state_;
  if (!state.entry_open) {
    if (unzOpenCurrentFile(state.zip) != UNZ_OK) {
      return std::nullopt;
    }
    state.entry_open = true;
  }
  const int count =
      unzReadCurrentFile(state.zip, buffer.data(), static_cast<unsigned>(buffer.size()));
  if (count < 0) {
    return std::nullopt;
  }
  state.rest -= static_cast<std::uint64_t>(count);
  if (count == 0) {
    // minizip compares the CRC only if the data is as long as the header says.
    state.entry_open = false;
    if (unzCloseCurrentFile(state.zip) != UNZ_OK || state.rest != 0) {
      return std::nullopt;
    }
  }
  return static_cast<std::size_t>(count);
}

}  // namespace weir::runtimes
