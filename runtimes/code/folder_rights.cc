// SPDX-License-Identifier: Apache-2.0
#include "runtimes/code/folder_rights.h"

#include <system_error>

namespace weir::runtimes {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kWrite =
    fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;

}  // namespace

int MakeReadOnly(const fs::path& folder) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (!entry->is_symlink(error) && !error) {
      fs::permissions(entry->path(), kWrite, fs::perm_options::remove, error);
    }
    if (error) {
      break;
    }
  }
  if (!error) {
    fs::permissions(folder, kWrite, fs::perm_options::remove, error);
  }
  return error.value();
}

void RemoveFolder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error) {
    return;
  }
  // What is in a folder goes only if the folder can be written to, and is entered only if it can be
  // read.
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, error);
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (std::error_code ignored;
        entry->symlink_status(ignored).type() == fs::file_type::directory) {
      fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  }
  fs::remove_all(folder, error);
}

}  // namespace weir::runtimes
