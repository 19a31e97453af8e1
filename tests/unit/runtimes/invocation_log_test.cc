// SPDX-License-Identifier: Apache-2.0
#include "runtimes/invocation_log.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/runtimes/host_fixture.h"

namespace weir::runtimes {
namespace {

using Source = InvocationLog::Source;
using Lines = std::vector<std::string>;

struct Fixture {
  ManualClock clock{Micros(0)};
  testing::Log sink;
  InvocationLog log{sink, clock, "group", "stream"};
};

TEST_CASE("Output is logged line by line, each source for itself", "[runtimes][InvocationLog]") {
  Fixture fixture;
  fixture.log.Output(Source::kOutput, "one\ntw");
  fixture.log.Output(Source::kErrors, "error\n\n");
  fixture.log.Output(Source::kOutput, "o\nthree");
  CHECK(fixture.sink.Lines() == Lines{"one", "error", "", "two"});
  fixture.log.Flush();
  CHECK(fixture.sink.Lines().back() == "three");
  fixture.log.Flush();
  CHECK(fixture.sink.Lines().size() == 5);
}

TEST_CASE("Carriage returns divide the lines of one event", "[runtimes][InvocationLog]") {
  Fixture fixture;
  fixture.log.Output(Source::kOutput, "error\r  at one\r  at two\nnext\n");
  CHECK(fixture.sink.Lines() == Lines{"error\n  at one\n  at two", "next"});
}

TEST_CASE("A line that is too long becomes several, between characters",
          "[runtimes][InvocationLog]") {
  Fixture fixture;
  const std::string almost(InvocationLog::kLongestLine - 1, 'x');
  SECTION("UTF-8") {
    fixture.log.Output(Source::kOutput, almost + "ä\n");
    CHECK(fixture.sink.Lines() == Lines{almost, "ä"});
  }
  SECTION("exactly as long as it may be") {
    fixture.log.Output(Source::kOutput, almost + "x\ny\n");
    CHECK(fixture.sink.Lines() == Lines{almost + "x", "y"});
  }
  SECTION("what is no UTF-8") {
    fixture.log.Output(Source::kOutput,
                       std::string(InvocationLog::kLongestLine + 1, '\x80') + "\n");
    CHECK(fixture.sink.Lines() == Lines{std::string(InvocationLog::kLongestLine, '\x80'), "\x80"});
  }
}

TEST_CASE("A flood is cut off, which the log says, until the next invocation",
          "[runtimes][InvocationLog]") {
  Fixture fixture;
  const std::string line(InvocationLog::kLongestLine - 1, 'x');
  for (int i = 0; i < 70; ++i) {
    fixture.log.Output(Source::kOutput, line + "\n");
  }
  CHECK(fixture.sink.Lines().size() == 65);
  CHECK(fixture.sink.Lines().back() ==
        "Weir drops what else this invocation prints: it is more than 16 MB.");
  fixture.log.Begin(false);
  fixture.log.Output(Source::kOutput, "next\n");
  CHECK(fixture.sink.Lines().back() == "next");
}

TEST_CASE("The tail has the last 4 KB", "[runtimes][InvocationLog]") {
  Fixture fixture;
  fixture.log.Line("before");
  fixture.log.Begin(true);
  CHECK(fixture.log.tail() == "before\n");
  fixture.log.Begin(false);
  fixture.log.Line("short");
  CHECK(fixture.log.tail() == "short\n");
  const std::string line(InvocationLog::kTail - 2, 'x');
  fixture.log.Line(line);
  CHECK(fixture.log.tail() == "\n" + line + "\n");
}

TEST_CASE("A log stream is named as on AWS", "[runtimes][InvocationLog]") {
  const Micros time = std::chrono::seconds(1'796'126'400);
  const std::string stream = NewLogStream(time, "7");
  CHECK(stream.substr(0, 14) == "2026/12/01/[7]");
  CHECK(stream.size() == 14 + 32);
  CHECK(stream.find_first_not_of("0123456789abcdef", 14) == std::string::npos);
  CHECK(NewLogStream(time, "7") != stream);
}

}  // namespace
}  // namespace weir::runtimes
