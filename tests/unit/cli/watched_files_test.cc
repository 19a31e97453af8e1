// SPDX-License-Identifier: Apache-2.0
#include "cli/watched_files.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

class Fixture {
 public:
  Fixture() {
    std::string path = fs::temp_directory_path() / "weir-watch-XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
    folder_ = path;
  }
  ~Fixture() { fs::remove_all(folder_); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  [[nodiscard]] std::string PathOf(const std::string& name) const { return folder_ / name; }
  void Write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }

 private:
  fs::path folder_;
};

TEST_CASE_METHOD(Fixture, "A change is told once nothing more changes", "[cli][watch]") {
  Write("src/app.py", "1");
  WatchedFiles files({PathOf("src")});
  CHECK(files.Begin().empty());
  CHECK_FALSE(files.TakeChange().has_value());
  Write("src/app.py", "12");
  CHECK_FALSE(files.TakeChange().has_value());
  Write("src/app.py", "123");
  CHECK_FALSE(files.TakeChange().has_value());
  CHECK(files.TakeChange() == PathOf("src/app.py"));
  CHECK_FALSE(files.TakeChange().has_value());
}

TEST_CASE_METHOD(Fixture, "Files that change, come and go are told", "[cli][watch]") {
  Write("src/lib/a.py", "1");
  Write("one.py", "1");
  Write("other.py", "1");
  WatchedFiles files({PathOf("src"), PathOf("one.py")});
  CHECK(files.Begin().empty());
  const auto change = [&files] {
    CHECK_FALSE(files.TakeChange().has_value());
    return files.TakeChange().value_or("");
  };
  Write("src/lib/new/b.py", "1");
  CHECK(change() == PathOf("src/lib/new/b.py"));
  fs::remove(PathOf("src/lib/a.py"));
  CHECK(change() == PathOf("src/lib/a.py"));
  Write("one.py", "12");
  CHECK(change() == PathOf("one.py"));
  // Of the same size, with another time.
  fs::last_write_time(PathOf("one.py"), fs::file_time_type::clock::now() + std::chrono::hours(1));
  CHECK(change() == PathOf("one.py"));
  fs::remove(PathOf("one.py"));
  CHECK(change() == PathOf("one.py"));
  Write("other.py", "12");
  CHECK(change().empty());
}

TEST_CASE_METHOD(Fixture, "What programs write themselves is left out", "[cli][watch]") {
  Write("src/app.py", "1");
  WatchedFiles files({PathOf("src")});
  CHECK(files.Begin().empty());
  for (const char* name : {"src/__pycache__/app.pyc", "src/.git/index", "src/.app.py.swp",
                           "src/node_modules/a/b.js"}) {
    Write(name, "1");
  }
  fs::create_symlink("/", PathOf("src/link"));
  CHECK_FALSE(files.TakeChange().has_value());
  CHECK_FALSE(files.TakeChange().has_value());
}

TEST_CASE_METHOD(Fixture, "What cannot be watched is refused", "[cli][watch]") {
  CHECK(WatchedFiles({PathOf("none")}).Begin() == "there is no " + PathOf("none"));
  for (std::size_t i = 0; i < WatchedFiles::kMost; ++i) {
    Write("many/" + std::to_string(i), "");
  }
  CHECK(WatchedFiles({PathOf("many")}).Begin().empty());
  Write("many/more", "");
  CHECK(WatchedFiles({PathOf("many")}).Begin() ==
        "there are more than 20000 files to watch; name fewer folders");
}

}  // namespace
}  // namespace weir::cli
