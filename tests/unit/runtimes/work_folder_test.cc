// SPDX-License-Identifier: Apache-2.0
#include "runtimes/work_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

namespace weir::runtimes {
namespace {

namespace fs = std::filesystem;

TEST_CASE("A work folder is its owner's alone, and goes with its object",
          "[runtimes][WorkFolder]") {
  fs::path path;
  {
    const auto folder = WorkFolder::Create(fs::temp_directory_path());
    REQUIRE(folder.ok());
    path = folder.value()->path();
    CHECK(fs::status(path).permissions() == fs::perms::owner_all);
    fs::create_directories(path / "a" / "c");
    std::ofstream(path / "a" / "b") << "text";
    for (const fs::path& read_only : {path / "a" / "c", path / "a"}) {
      fs::permissions(read_only, fs::perms::owner_read);
    }
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("A new work folder leaves those that are in use", "[runtimes][WorkFolder]") {
  const auto parent = WorkFolder::Create(fs::temp_directory_path());
  REQUIRE(parent.ok());
  const fs::path& folder = parent.value()->path();
  const auto first = WorkFolder::Create(folder);
  fs::create_directory(folder / "weir-functions-unknown");  // without a lock: not ours to judge
  fs::create_directory(folder / "weir-functions-left");
  std::ofstream(folder / "weir-functions-left" / "lock") << "";
  const auto second = WorkFolder::Create(folder);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK(fs::exists(first.value()->path() / "lock"));
  CHECK(fs::exists(folder / "weir-functions-unknown"));
  CHECK_FALSE(fs::exists(folder / "weir-functions-left"));
}

TEST_CASE("Without its parent a work folder cannot be made", "[runtimes][WorkFolder]") {
  const auto folder = WorkFolder::Create("/nowhere");
  REQUIRE_FALSE(folder.ok());
  CHECK(folder.error().find("No such file or directory") != std::string::npos);
}

}  // namespace
}  // namespace weir::runtimes
