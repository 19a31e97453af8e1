// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/code_store.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/lambda/lambda_fixture.h"
#include "tests/unit/support/no_more_memory.h"

namespace weir::lambda {
namespace {

namespace fs = std::filesystem;

// The names of what is in a folder.
std::set<std::string> Names(const fs::path& folder) {
  std::set<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

TEST_CASE("A zip is stored once, and goes with its last owner", "[lambda][code]") {
  const TestFolder folder;
  CodeStore store(folder.path());
  const std::string zip = ZipOf("a", "1");
  StoredZipPtr first = store.Put(zip).value();
  StoredZipPtr second = store.Put(zip).value();
  CHECK(first == second);
  CHECK(store.size() == zip.size());
  CHECK(Names(folder.path()) == std::set<std::string>{first->sha256() + ".zip", "unpacked"});
  CHECK(first->Read() == zip);
  first.reset();
  CHECK(store.size() == zip.size());
  second.reset();
  CHECK(store.size() == 0);
  CHECK(Names(folder.path()) == std::set<std::string>{"unpacked"});
}

TEST_CASE("Versions with the same code share one folder", "[lambda][code]") {
  CodeStore store({});
  const StoredZipPtr zip = store.Put(ZipOf("a", "1")).value();
  const auto folder = zip->Open().value();
  CHECK(folder == zip->Open().value());
  CHECK(Names(folder->path) == std::set<std::string>{"a"});
}

TEST_CASE("A zip of an earlier process is unpacked when it is used", "[lambda][code]") {
  const TestFolder folder;
  const std::string zip = ZipOf("a", "1");
  std::string sha256;
  {
    CodeStore store(folder.path());
    const StoredZipPtr stored = store.Put(zip).value();
    sha256 = stored->sha256();
    store.KeepAll();
  }
  CodeStore store(folder.path());
  const StoredZipPtr stored = store.Adopt(sha256);
  REQUIRE(stored != nullptr);
  CHECK(stored->size() == zip.size());
  CHECK(Names(folder.path() / "unpacked").empty());
  std::vector<std::thread> threads;
  threads.reserve(4);
  std::vector<std::shared_ptr<const runtimes::CodeFolder>> folders(4);
  for (auto& opened : folders) {
    threads.emplace_back([&stored, &opened] { opened = stored->Open().value(); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(std::set(folders.begin(), folders.end()).size() == 1);
  CHECK(store.Adopt(std::string(64, '0')) == nullptr);
}

TEST_CASE("A zip that could not be unpacked for want of memory is unpacked by the next caller",
          "[lambda][code]") {
  if (!testing::OperatorNewIsOurs()) {
    return;
  }
  // More than the process has free.
  constexpr std::size_t kSize = std::size_t{40} << 20U;
  const TestFolder folder;
  std::string sha256;
  {
    CodeStore store(folder.path());
    const StoredZipPtr stored = store.Put(ZipOf("a", std::string(kSize, 'x'))).value();
    sha256 = stored->sha256();
    store.KeepAll();
  }
  CodeStore store(folder.path());
  const StoredZipPtr stored = store.Adopt(sha256);
  REQUIRE(stored != nullptr);
  {
    const testing::NoMoreMemory none;
    CHECK_THROWS_AS(stored->Open(), std::bad_alloc);
  }
  CHECK(stored->Open().ok());
}

TEST_CASE("A zip outlives its store, but can no longer be opened", "[lambda][code]") {
  StoredZipPtr stored;
  {
    CodeStore store({});
    stored = store.Put(ZipOf("a", "1")).value();
  }
  CHECK(stored->Open().error() == "The function's code can no longer be read");
}

TEST_CASE("Files that nothing names are removed", "[lambda][code]") {
  const TestFolder folder;
  CodeStore store(folder.path());
  const StoredZipPtr stored = store.Put(ZipOf("a", "1")).value();
  std::ofstream(folder.path() / "0123.zip") << "x";
  std::ofstream(folder.path() / "7.tmp") << "x";
  std::ofstream(folder.path() / "notes.txt") << "x";
  store.RemoveOthers();
  CHECK(Names(folder.path()) ==
        std::set<std::string>{stored->sha256() + ".zip", "notes.txt", "unpacked"});
}

TEST_CASE("A temporary folder goes with the store", "[lambda][code]") {
  fs::path folder;
  {
    CodeStore store({});
    const StoredZipPtr stored = store.Put(ZipOf("a", "1")).value();
    folder = stored->Open().value()->path.parent_path().parent_path();
    CHECK(fs::exists(folder / (stored->sha256() + ".zip")));
    CHECK(fs::status(folder).permissions() == fs::perms::owner_all);
  }
  CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("What a killed server's store has left in the folder for temporary files is removed",
          "[lambda][code]") {
  const TestFolder temporary;
  const fs::path left = temporary.path() / "weir-functions-left";
  fs::create_directories(left / "unpacked");
  std::ofstream(left / "lock") << "";
  const char* const before = std::getenv("TMPDIR");
  const std::optional<std::string> kept =
      before == nullptr ? std::nullopt : std::optional<std::string>(before);
  setenv("TMPDIR", temporary.path().c_str(), 1);
  CodeStore store({});
  const bool stored = store.Put(ZipOf("a", "1")).ok();
  if (kept.has_value()) {
    setenv("TMPDIR", kept->c_str(), 1);
  } else {
    unsetenv("TMPDIR");
  }
  REQUIRE(stored);
  CHECK_FALSE(fs::exists(left));
  // And this store's folder is known as one in use.
  const std::set<std::string> names = Names(temporary.path());
  REQUIRE(names.size() == 1);
  CHECK(fs::exists(temporary.path() / *names.begin() / "lock"));
}

TEST_CASE("A store whose folder can't be made says so", "[lambda][code]") {
  const TestFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  CodeStore store(folder.path() / "file" / "functions");
  const LambdaResult<StoredZipPtr> stored = store.Put(ZipOf("a", "1"));
  REQUIRE_FALSE(stored.ok());
  CHECK(stored.error().code == LambdaErrorCode::kService);
  store.RemoveOthers();
}

TEST_CASE("Hashes are shown as Base64", "[lambda][code]") {
  CHECK(Base64OfHex("") == "");
  CHECK(Base64OfHex("00ff10") == "AP8Q");
}

}  // namespace
}  // namespace weir::lambda
