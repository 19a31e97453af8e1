// SPDX-License-Identifier: Apache-2.0
#include "runtimes/code/zip.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/code/zip_builder.h"

namespace weir::runtimes {
namespace {

namespace fs = std::filesystem;
using Kind = ZipFault::Kind;

// A folder that zips are unpacked in. It has a second one beside it, to look for what got out.
class Fixture {
 public:
  Fixture() {
    std::string path = fs::temp_directory_path() / "weir-zip-XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
    top_ = path;
    fs::create_directory(parent());
  }
  ~Fixture() { fs::remove_all(top_); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  [[nodiscard]] fs::path parent() const { return top_ / "parent"; }

  [[nodiscard]] std::shared_ptr<const CodeFolder> Good(const ZipBuilder& zip,
                                                       const ZipLimits& limits = {}) const {
    auto folder = Unpack(zip.Zip(), parent(), limits);
    if (!folder.ok()) {
      FAIL(folder.error().text);
    }
    return std::move(folder).value();
  }

  // The fault of a zip of which nothing is left.
  [[nodiscard]] ZipFault Bad(const std::string& zip, const ZipLimits& limits = {}) const {
    const auto folder = Unpack(zip, parent(), limits);
    REQUIRE_FALSE(folder.ok());
    CHECK(fs::is_empty(parent()));
    CHECK(std::distance(fs::directory_iterator(top_), fs::directory_iterator()) == 1);
    return folder.error();
  }
  [[nodiscard]] ZipFault BadEntry(const TestEntry& entry) const {
    return Bad(ZipBuilder().Add(entry).Zip());
  }

 private:
  fs::path top_;
};

std::string ContentOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

unsigned ModeOf(const fs::path& path) {
  struct stat info {};
  REQUIRE(lstat(path.c_str(), &info) == 0);
  return info.st_mode & 07777U;
}

std::string Long(std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += "line " + std::to_string(text.size()) + "\n";
  }
  return text;
}

TEST_CASE_METHOD(Fixture, "A zip becomes a folder that goes with its owner", "[runtimes][zip]") {
  auto folder =
      Good(ZipBuilder()
               .Add({.name = "app.py", .content = "stored"})
               .Add({.name = "lib/", .mode = 040755})
               .Add({.name = "lib/a/deep.txt", .content = Long(200'000), .deflated = true})
               .Add({.name = "empty"}));
  const fs::path path = folder->path;
  CHECK(path.parent_path() == parent());
  CHECK(ModeOf(path) == 0500);
  CHECK(ModeOf(path / "lib/a") == 0555);
  CHECK(ContentOf(path / "app.py") == "stored");
  CHECK(ContentOf(path / "lib/a/deep.txt") == Long(200'000));
  CHECK(fs::file_size(path / "empty") == 0);
  folder.reset();
  CHECK(fs::is_empty(parent()));
}

TEST_CASE_METHOD(Fixture, "Sizes may come after the data, and be those of zip64",
                 "[runtimes][zip]") {
  for (const bool after : {false, true}) {
    for (const bool zip64 : {false, true}) {
      for (const bool deflated : {false, true}) {
        CAPTURE(after, zip64, deflated);
        const auto folder = Good(ZipBuilder()
                                     .Add({.name = "one",
                                           .content = Long(70'000),
                                           .deflated = deflated,
                                           .sizes_after = after,
                                           .zip64 = zip64})
                                     .Add({.name = "two", .content = "2"}));
        CHECK(ContentOf(folder->path / "one") == Long(70'000));
        CHECK(ContentOf(folder->path / "two") == "2");
      }
    }
  }
}

TEST_CASE_METHOD(Fixture, "Of a file's mode it stays whether it may be executed",
                 "[runtimes][zip]") {
  const auto folder =
      Good(ZipBuilder()
               .Add({.name = "bootstrap", .content = "#!", .mode = 0100700})
               .Add({.name = "all", .content = "x", .mode = 0104777})
               .Add({.name = "private", .content = "x", .mode = 0100600})
               .Add({.name = "read-only", .content = "x", .mode = 0100444})
               .Add({.name = "no type", .content = "x", .mode = 0755})
               .Add({.name = "of Windows", .content = "x", .mode = 0100755, .system = 0})
               .Add({.name = "folder/", .mode = 040500})
               .Add({.name = "folder/file", .content = "x"}));
  CHECK(ModeOf(folder->path / "bootstrap") == 0555);
  CHECK(ModeOf(folder->path / "all") == 0555);
  CHECK(ModeOf(folder->path / "private") == 0444);
  CHECK(ModeOf(folder->path / "read-only") == 0444);
  CHECK(ModeOf(folder->path / "no type") == 0555);
  CHECK(ModeOf(folder->path / "of Windows") == 0444);
  CHECK(ContentOf(folder->path / "folder/file") == "x");
}

TEST_CASE_METHOD(Fixture, "Names that lead outside, or nowhere, are refused", "[runtimes][zip]") {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"/etc/passwd", "has an absolute name"},
      {"../outside", "has '..' in its name"},
      {"a/../../outside", "has '..' in its name"},
      {"a/..", "has '..' in its name"},
      {"..", "has '..' in its name"},
      {"a\\..\\b", "has a backslash in its name; in zips names have slashes"},
      {"..\\outside", "has a backslash in its name; in zips names have slashes"},
      {std::string("a\0b", 3), "has a NUL in its name"},
      {".", "has no name"},
      {"", "has no name"},
      {std::string(256, 'n'), "has a name that is too long"},
  };
  for (const auto& [name, why] : names) {
    CAPTURE(name);
    const ZipFault fault = BadEntry({.name = name, .content = "x"});
    CHECK(fault.kind == Kind::kBadName);
    CHECK_THAT(fault.text, Catch::EndsWith(why));
  }
  CHECK(BadEntry({.name = "../outside", .content = "x"}).text ==
        "the entry '../outside' has '..' in its name");
}

TEST_CASE_METHOD(Fixture, "Names with dots that lead nowhere else are fine", "[runtimes][zip]") {
  const auto folder = Good(ZipBuilder()
                               .Add({.name = "./", .mode = 040755})
                               .Add({.name = "./a//b/./c", .content = "1"})
                               .Add({.name = "...", .content = "2"})
                               .Add({.name = "..x/y..", .content = "3"}));
  CHECK(ContentOf(folder->path / "a/b/c") == "1");
  CHECK(ContentOf(folder->path / "...") == "2");
  CHECK(ContentOf(folder->path / "..x/y..") == "3");
}

TEST_CASE_METHOD(Fixture, "A path has a hundred names at most", "[runtimes][zip]") {
  std::string name = "n";
  for (std::size_t depth = 1; depth < kMaxZipDepth; ++depth) {
    name += "/n";
  }
  CHECK(ContentOf(Good(ZipBuilder().Add({.name = name, .content = "x"}))->path / name) == "x");
  CHECK_THAT(BadEntry({.name = name + "/n", .content = "x"}).text,
             Catch::EndsWith("is in too many folders"));
}

TEST_CASE_METHOD(Fixture, "Devices, pipes and sockets are refused", "[runtimes][zip]") {
  for (const unsigned mode : {010644U, 020666U, 060666U, 0140666U}) {
    const ZipFault fault = BadEntry({.name = "special", .mode = mode});
    CHECK(fault.kind == Kind::kBadName);
    CHECK(fault.text == "the entry 'special' is neither a file nor a folder nor a link");
  }
}

constexpr unsigned kLink = 0120777;

TEST_CASE_METHOD(Fixture, "Links to what is inside are made", "[runtimes][zip]") {
  const auto folder = Good(
      ZipBuilder()
          .Add({.name = "lib/libx.so.1", .content = "library"})
          .Add({.name = "lib/libx.so", .content = "libx.so.1", .mode = kLink})
          .Add({.name = "bin/x", .content = "../lib/./libx.so", .mode = kLink, .deflated = true})
          .Add({.name = "all", .content = ".", .mode = kLink})
          .Add({.name = "loop", .content = "loop", .mode = kLink}));
  CHECK(fs::read_symlink(folder->path / "bin/x") == "../lib/./libx.so");
  CHECK(ContentOf(folder->path / "bin/x") == "library");
  CHECK(ContentOf(folder->path / "all/all/bin/x") == "library");
}

TEST_CASE_METHOD(Fixture, "Links that may lead outside are refused", "[runtimes][zip]") {
  const std::vector<std::pair<std::string, std::string>> links = {
      {"link", "/etc/passwd"},
      {"link", ".."},
      {"link", "../parent"},
      {"a/link", "../.."},
      {"a/link", "../../x"},
      {"link", "a/../../x"},
      {"link", "a/.."},  // `a` may be a link to a folder within others
      {"link", ""},
      {"link", std::string("a\0b", 3)},
      {"link", std::string(4'096, 'x')},
  };
  for (const auto& [name, target] : links) {
    CAPTURE(name, target);
    CHECK(BadEntry({.name = name, .content = target, .mode = kLink}).kind == Kind::kBadName);
  }
  CHECK(BadEntry({.name = "link", .content = "../x", .mode = kLink}).text ==
        "the entry 'link' is a link to '../x', which may be outside");
}

TEST_CASE_METHOD(Fixture, "Nothing is written through a link", "[runtimes][zip]") {
  const TestEntry folder{.name = "d/e", .content = "x"};
  const TestEntry to_folder{.name = "link", .content = "d", .mode = kLink};
  for (const TestEntry& through :
       {TestEntry{.name = "link/f", .content = "x"}, TestEntry{.name = "link/", .mode = 040755},
        TestEntry{.name = "link", .content = "x"},
        TestEntry{.name = "link", .content = "d", .mode = kLink}}) {
    CAPTURE(through.name, through.mode);
    const ZipFault fault = Bad(ZipBuilder().Add(folder).Add(to_folder).Add(through).Zip());
    CHECK(fault.kind == Kind::kBadName);
    CHECK(fault.text ==
          "the entry '" + through.name + "' is in the way of another one, or that of it");
  }
}

TEST_CASE_METHOD(Fixture, "The later one of two files of one name stays", "[runtimes][zip]") {
  const auto folder =
      Good(ZipBuilder()
               .Add({.name = "file", .content = "the first, and longer", .mode = 0100755})
               .Add({.name = "file", .content = "the second"}));
  CHECK(ContentOf(folder->path / "file") == "the second");
  CHECK(ModeOf(folder->path / "file") == 0444);
}

TEST_CASE_METHOD(Fixture, "A name is that of a file or of a folder", "[runtimes][zip]") {
  const TestEntry file{.name = "name", .content = "x"};
  const TestEntry within{.name = "name/within", .content = "x"};
  CHECK(Bad(ZipBuilder().Add(file).Add(within).Zip()).kind == Kind::kBadName);
  CHECK(Bad(ZipBuilder().Add(within).Add(file).Zip()).kind == Kind::kBadName);
}

TEST_CASE_METHOD(Fixture, "What is no zip is refused", "[runtimes][zip]") {
  const std::string zip = ZipBuilder().Add({.name = "file", .content = "content"}).Zip();
  for (const std::string& bytes :
       {std::string(), std::string("PK"), Long(100'000), zip.substr(0, zip.size() - 22)}) {
    CAPTURE(bytes.size());
    const ZipFault fault = Bad(bytes);
    CHECK(fault.kind == Kind::kNotAZip);
    CHECK(fault.text == "it is not a zip");
  }
  CHECK(Bad(ZipBuilder().Zip()).kind == Kind::kEmpty);
}

TEST_CASE_METHOD(Fixture, "Damaged zips are refused", "[runtimes][zip]") {
  const std::string damaged = "the entry 'file' is damaged";
  const TestEntry good{.name = "file", .content = Long(100'000)};
  for (const bool deflated : {false, true}) {
    CAPTURE(deflated);
    TestEntry entry = good;
    entry.deflated = deflated;
    TestEntry wrong = entry;
    wrong.crc_error = 1;
    CHECK(BadEntry(wrong).text == damaged);
    for (const std::int64_t error : {-1, -50'000, 1, 50'000}) {
      CAPTURE(error);
      wrong = entry;
      wrong.size_error = error;
      CHECK(BadEntry(wrong).text == damaged);
    }
    std::string zip = ZipBuilder().Add(entry).Zip();
    zip[100] = static_cast<char>(zip[100] ^ 0x55);
    CHECK(Bad(zip).kind == Kind::kNotAZip);
  }
  CHECK(Bad(ZipBuilder().Add(good).Zip(1)).text == "the directory of the zip is damaged");
}

TEST_CASE_METHOD(Fixture, "A zip that is cut or changed anywhere does no harm", "[runtimes][zip]") {
  const std::string zip = ZipBuilder()
                              .Add({.name = "d/file", .content = "content", .deflated = true})
                              .Add({.name = "link", .content = "d", .mode = kLink})
                              .Add({.name = "z", .content = "z", .zip64 = true})
                              .Zip();
  for (std::size_t at = 0; at < zip.size(); ++at) {
    for (const char changed : {'\0', '\x7F', '\xFF'}) {
      std::string bytes = zip;
      bytes[at] = changed;
      { const auto ignored = Unpack(bytes, parent()); }
      CHECK(fs::is_empty(parent()));
    }
    const auto cut = Unpack(std::string_view(zip).substr(0, at), parent());
    CHECK_FALSE(cut.ok());
  }
}

TEST_CASE_METHOD(Fixture, "Entries that are encrypted or packed in another way are refused",
                 "[runtimes][zip]") {
  const ZipFault encrypted = BadEntry({.name = "file", .content = "x", .flags = 1});
  CHECK(encrypted.kind == Kind::kNotAZip);
  CHECK(encrypted.text == "the entry 'file' is encrypted");
  for (const int method : {1, 9, 12, 14, 93}) {
    const ZipFault fault = BadEntry({.name = "file", .content = "x", .method = method});
    CHECK(fault.kind == Kind::kNotAZip);
    CHECK(fault.text == "the entry 'file' is neither stored nor deflated");
  }
}

TEST_CASE_METHOD(Fixture, "An entry that is written as if it were beyond 4 GB is too large",
                 "[runtimes][zip]") {
  const ZipFault fault = BadEntry({.name = "file", .content = "x", .zip64_in_directory = true});
  CHECK(fault.kind == Kind::kTooLarge);
  CHECK(fault.text == "the entry 'file' is beyond 4 GB, or written as if it were");
}

TEST_CASE_METHOD(Fixture, "A zip may have as much in it as the limits say", "[runtimes][zip]") {
  const ZipBuilder zip = ZipBuilder()
                             .Add({.name = "a", .content = std::string(60, 'a')})
                             .Add({.name = "d/b", .content = std::string(40, 'b')});
  CHECK(ContentOf(Good(zip, {.bytes = 100, .files = 3})->path / "d/b") == std::string(40, 'b'));
  const ZipFault large = Bad(zip.Zip(), {.bytes = 99, .files = 3});
  CHECK(large.kind == Kind::kTooLarge);
  CHECK(large.text == "unpacked there are more than 99 bytes");
  const ZipFault many = Bad(zip.Zip(), {.bytes = 100, .files = 2});
  CHECK(many.kind == Kind::kTooManyFiles);
  CHECK(many.text == "there are more than 2 files and folders");
}

TEST_CASE_METHOD(Fixture, "A zip bomb ends at the limit", "[runtimes][zip]") {
  // Each entry is far below the limit; together they are far beyond it.
  const std::string content(std::size_t{1} << 20U, '\0');
  ZipBuilder zip;
  for (int i = 0; i < 100; ++i) {
    zip.Add({.name = std::to_string(i), .content = content, .deflated = true});
  }
  constexpr ZipLimits kLimits{.bytes = 10'000'000, .files = 1'000};
  CHECK(Bad(zip.Zip(), kLimits).kind == Kind::kTooLarge);
  CHECK(ZipLimits().bytes == 262'144'000);
}

TEST_CASE_METHOD(Fixture, "A disk that cannot be written is a fault", "[runtimes][zip]") {
  const auto folder = Unpack(ZipBuilder().Add({.name = "a"}).Zip(), parent() / "missing");
  REQUIRE_FALSE(folder.ok());
  CHECK(folder.error().kind == Kind::kDisk);
  CHECK(folder.error().text == "cannot make a folder in " + (parent() / "missing").string() +
                                   ": No such file or directory");
}

}  // namespace
}  // namespace weir::runtimes
