// SPDX-License-Identifier: Apache-2.0
#include "server/log_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <string>
#include <utility>

namespace weir::server {
namespace {

struct Pipe {
  Pipe() { REQUIRE(pipe(ends.data()) == 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  // Reads the pipe up to a line that starts with `last`.
  [[nodiscard]] std::string ReadTo(const std::string& last) const {
    std::string text;
    std::array<char, 65536> buffer{};
    while (text.find("\n" + last) == std::string::npos && !text.starts_with(last)) {
      const ssize_t size = read(ends[0], buffer.data(), buffer.size());
      REQUIRE(size > 0);
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

  std::array<int, 2> ends{};
};

TEST_CASE("Lines are written in order", "[server][log]") {
  const Pipe pipe;
  LogWriter writer(pipe.ends[1]);
  writer.Write("first\n");
  writer.Write("second\n");
  CHECK(pipe.ReadTo("second\n") == "first\nsecond\n");
}

TEST_CASE("A file that takes nothing holds nobody up, and what is dropped is told",
          "[server][log]") {
  const Pipe pipe;
  const std::string line = std::string(1023, 'x') + "\n";
  const std::size_t lines = 3 * LogWriter::kMostWaiting / line.size();
  std::string text;
  {
    LogWriter writer(pipe.ends[1]);
    for (std::size_t i = 0; i < lines; ++i) {
      writer.Write(line);  // would block forever if it wrote to the pipe itself
    }
    // Now the lines are read. The last one says how many lines were dropped.
    while (text.find("dropped") == std::string::npos) {
      std::array<char, 65536> buffer{};
      const ssize_t size = read(pipe.ends[0], buffer.data(), buffer.size());
      REQUIRE(size > 0);
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    const std::size_t written = text.find_last_of('x') / line.size() + 1;
    CHECK(text.ends_with(std::to_string(lines - written) +
                         " lines of the log were dropped: nobody read them\n"));
    CHECK(written * line.size() >= LogWriter::kMostWaiting);
    writer.Write("after\n");
    CHECK(pipe.ReadTo("after\n") == "after\n");
  }
}

TEST_CASE("A writer ends though its file is full", "[server][log]") {
  std::signal(SIGPIPE, SIG_IGN);  // as the server sets it
  Pipe pipe;
  // The writer's thread may still write to the file later, so it stays open.
  const int file = std::exchange(pipe.ends[1], -1);
  {
    LogWriter writer(file);
    for (int i = 0; i < 1000; ++i) {
      writer.Write(std::string(1023, 'x') + "\n");
    }
  }
  SUCCEED("it ended");
}

TEST_CASE("A line longer than the bound is written if nothing waits", "[server][log]") {
  const Pipe pipe;
  LogWriter writer(pipe.ends[1]);
  writer.Write(std::string(LogWriter::kMostWaiting + 1, 'y') + "\n");
  char first = 0;
  REQUIRE(read(pipe.ends[0], &first, 1) == 1);  // the line is being written
  CHECK(first == 'y');
  writer.Write("after\n");
  CHECK(pipe.ReadTo("after\n").size() == LogWriter::kMostWaiting + 1 + 6);
}

}  // namespace
}  // namespace weir::server
