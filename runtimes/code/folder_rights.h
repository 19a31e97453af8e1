// SPDX-License-Identifier: Apache-2.0
// Folders that nobody may write to, as a function's code on AWS, and their removal.
#pragma once

#include <filesystem>

namespace weir::runtimes {

// Takes the right to write away from a folder and all that is in it; links are left alone. Returns
// 0, or the errno that says why it failed. The superuser may write all the same.
int MakeReadOnly(const std::filesystem::path& folder);

// Removes a folder with all that is in it, also if folders in it are read-only, as far as that is
// possible.
void RemoveFolder(const std::filesystem::path& folder);

}  // namespace weir::runtimes
