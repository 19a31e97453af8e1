// SPDX-License-Identifier: Apache-2.0
#include "cli/logs_command.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/text.h"
#include "core/time_text.h"

namespace weir::cli {
namespace {

// The longest that the server lets a request wait for a line.
constexpr std::string_view kFollowSeconds = "20";
constexpr std::chrono::seconds kTimeout{30};
// The pause between two requests while there is no server.
constexpr std::chrono::milliseconds kPause{500};

class Logs {
 public:
  explicit Logs(const LogsCommand& command) : command_(command) {}

  int Run() {
    if (!command_.since.empty() && !FindSince()) {
      return 1;
    }
    std::optional<int> code;
    while (!code.has_value()) {
      code = ReadOnce();
    }
    return *code;
  }

 private:
  // False, with the reason on stderr, if the server does not tell its time.
  bool FindSince() {
    std::optional<Micros> time = ParseTime(command_.since);
    if (!time.has_value()) {
      const ControlReply reply = CallControl(command_.target, {.path = "/_weir/clock"});
      const std::optional<Micros> now = ParseTime(TextOf(ObjectIn(reply), "now"));
      const std::optional<Micros> span = ParseSpan(command_.since);
      if (!now.has_value() || !span.has_value()) {
        FailCommand("no answer: " + (reply.error.empty() ? "no time in it" : reply.error));
        return false;
      }
      time = *now - *span;
    }
    const auto since = std::chrono::floor<std::chrono::milliseconds>(*time).count();
    since_ = "&since=" + std::to_string(std::max<std::int64_t>(since, 0));
    return true;
  }

  // Prints an answer's events. Returns the exit code if there is nothing more to do.
  std::optional<int> ReadOnce() {
    std::string path = "/_weir/functions/" + command_.function +
                       "/logs?cursor=" + (cursor_.empty() ? "0" : cursor_) + since_;
    if (command_.follow) {
      path.append("&follow=").append(kFollowSeconds);
    }
    const ControlReply reply = CallControl(
        command_.target, {.path = path, .timeout = kTimeout, .wanted_header = "x-weir-log-cursor"});
    if (!reply.error.empty()) {
      return Wait("no answer: " + reply.error);
    }
    if (reply.status != 200 || reply.header.empty()) {
      return FailCommand(RefusalIn(reply, ObjectIn(reply)));
    }
    waits_ = false;
    cursor_ = reply.header;
    return Print(reply.body);
  }

  std::optional<int> Print(std::string_view lines) const {
    if (lines.empty()) {
      return command_.follow ? std::nullopt : std::optional(0);
    }
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      std::fputs(LogEventText(Json::parse(lines.substr(0, end), nullptr, false)).c_str(), stdout);
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    // Nobody may read the lines any more.
    return std::fflush(stdout) == 0 ? std::nullopt : std::optional(1);
  }

  std::optional<int> Wait(const std::string& reason) {
    if (!command_.follow) {
      return FailCommand(reason);
    }
    if (!std::exchange(waits_, true)) {
      std::fprintf(stderr, "weir: %s; waiting\n", Printable(reason).c_str());
    }
    cursor_.clear();  // another server counts anew
    std::this_thread::sleep_for(kPause);
    return std::nullopt;
  }

  const LogsCommand& command_;
  std::string since_;   // as a member of the query
  std::string cursor_;  // of the last answer; empty: from the first line on
  bool waits_ = false;
};

}  // namespace

std::string LogEventText(const Json& event) {
  const auto time = event.find("timestamp");
  if (!event.is_object() || time == event.end() || !time->is_number_integer()) {
    return "";
  }
  const std::chrono::milliseconds since_1970(time->get<std::int64_t>());
  // Milliseconds: without the last three digits, and the Z.
  std::string text = UtcMicros(since_1970);
  text.resize(text.size() - 4);
  text += "Z ";
  // In one event, runtimes print carriage returns for line breaks.
  std::string part;
  for (const char c : TextOf(event, "message")) {
    if (c == '\r' || c == '\n' || c == '\t') {
      text.append(Printable(part)).append(c == '\t' ? "\t" : "\n");
      part.clear();
    } else {
      part += c;
    }
  }
  return text + Printable(part) + "\n";
}

int RunLogsCommand(const LogsCommand& command) {
  return Logs(command).Run();
}

}  // namespace weir::cli
