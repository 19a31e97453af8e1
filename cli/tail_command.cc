// SPDX-License-Identifier: Apache-2.0
#include "cli/tail_command.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/text.h"
#include "core/time_text.h"

namespace weir::cli {
namespace {

constexpr int kWaitSeconds = 10;
// Long enough to wait for a record and to receive the largest page.
constexpr std::chrono::seconds kTimeout{60};
// The pause between two requests while there is no stream or no server.
constexpr std::chrono::milliseconds kPause{500};

constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kFaint = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

// The member if it is an object, else an empty object.
Json ObjectOf(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_object() ? *found : Json::object();
}

// The value as JSON, escaped for a terminal.
std::string Shown(const Json& value) {
  return Printable(value.dump());
}

std::string_view ColorOf(std::string_view event) {
  return event == "INSERT" ? kGreen : event == "MODIFY" ? kYellow : kRed;
}

// The attributes that differ between the images, without the keys: `name: old → new`, with - for a
// missing attribute.
std::string ChangesBetween(const Json& before, const Json& after, const Json& keys) {
  std::string text;
  const auto append = [&](const std::string& name, const std::string& from, const std::string& to) {
    text.append(text.empty() ? "" : ", ").append(Printable(name)).append(": ");
    text.append(from).append(" → ").append(to);
  };
  for (const auto& [name, value] : before.items()) {
    const auto now = after.find(name);
    if (!keys.contains(name) && (now == after.end() || *now != value)) {
      append(name, Shown(value), now == after.end() ? "-" : Shown(*now));
    }
  }
  for (const auto& [name, value] : after.items()) {
    if (!keys.contains(name) && !before.contains(name)) {
      append(name, "-", Shown(value));
    }
  }
  return text;
}

// What changed of the item if the record has both images, else the image that it has, if any.
std::string ContentsOf(const Json& change) {
  const Json before = ObjectOf(change, "OldImage");
  const Json after = ObjectOf(change, "NewImage");
  if (!before.empty() && !after.empty()) {
    return ChangesBetween(before, after, ObjectOf(change, "Keys"));
  }
  const Json& image = after.empty() ? before : after;
  return image.empty() ? "" : Shown(image);
}

std::string LineOf(const Json& record, bool coloured) {
  const Json change = ObjectOf(record, "dynamodb");
  const std::string event = TextOf(record, "eventName");
  if (event.empty() || change.empty()) {
    return "";
  }
  const auto paint = [coloured](std::string_view color, const std::string& text) {
    return coloured ? std::string(color).append(text).append(kPlain) : text;
  };
  const auto time = change.find("ApproximateCreationDateTime");
  std::string line;
  if (time != change.end() && time->is_number_integer()) {
    const Micros micros = std::chrono::seconds(time->get<std::int64_t>());
    line = paint(kFaint, UtcSeconds(micros) + "Z") + " ";
  }
  line += paint(ColorOf(event), Printable(event)) + " " + Shown(ObjectOf(change, "Keys"));
  if (!ObjectOf(record, "userIdentity").empty()) {
    line += paint(kFaint, " by time to live");
  }
  const std::string contents = ContentsOf(change);
  return contents.empty() ? line : line + " " + contents;
}

// The name of the table whose streams are followed: the command's, or that in its stream's ARN.
std::string TableOf(const TailCommand& command) {
  constexpr std::string_view kBefore = ":table/";
  const std::string& text = command.stream_or_table;
  const std::size_t begin = text.find(kBefore);
  if (!text.starts_with("arn:") || begin == std::string::npos) {
    return text;
  }
  const std::string rest = text.substr(begin + kBefore.size());
  return rest.substr(0, rest.find('/'));
}

// Asks for one page after the other, and prints the records.
class Tail {
 public:
  explicit Tail(const TailCommand& command)
      : command_(command),
        terminal_(isatty(STDOUT_FILENO) != 0 && !command.json),
        coloured_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

  int Run() {
    while (true) {
      const std::string body = RequestBody();
      const ControlReply reply = CallControl(
          command_.target,
          {.method = "POST", .path = "/_weir/records", .body = body, .timeout = kTimeout});
      const std::optional<int> code = Take(reply);
      if (code.has_value()) {
        return *code;
      }
    }
  }

 private:
  // The body that asks for the first page, or for the one after the last.
  [[nodiscard]] std::string RequestBody() const {
    Json body{{"WaitSeconds", kWaitSeconds}};
    if (!checkpoint_.empty()) {
      body["Checkpoint"] = checkpoint_;
    } else if (next_stream_) {
      body["TableName"] = TableOf(command_);
      body["Start"] = "TRIM_HORIZON";
    } else {
      body[command_.stream_or_table.starts_with("arn:") ? "StreamArn" : "TableName"] =
          command_.stream_or_table;
      body["Start"] = command_.start;
    }
    return body.dump();
  }

  // Prints the records of a reply. Returns the exit code if this was the end, else nullopt.
  std::optional<int> Take(const ControlReply& reply) {
    if (!reply.error.empty()) {
      return Fail("no answer: " + reply.error, checkpoint_.empty());
    }
    const Json page = ObjectIn(reply);
    const auto records = page.find("Records");
    if (reply.status != 200 || records == page.end() || !records->is_array()) {
      return Fail(RefusalIn(reply, page), true);
    }
    // A stream that has ended stays the table's latest until there is another.
    const std::string arn = TextOf(page, "StreamArn");
    if (next_stream_ && arn == ended_) {
      return Wait("", true);
    }
    waits_ = false;
    if (IsTrue(page, "RecordsLost")) {
      std::fprintf(stderr, "weir: some records were trimmed before they were read\n");
    }
    for (const Json& record : *records) {
      std::puts((terminal_ ? LineOf(record, coloured_) : Printable(record.dump())).c_str());
    }
    if (std::fflush(stdout) != 0) {
      return 1;  // nobody reads the lines any more
    }
    checkpoint_ = TextOf(page, "Checkpoint");
    if (!IsTrue(page, "Finished")) {
      return std::nullopt;
    }
    std::fprintf(stderr, "weir: the stream is disabled, and this was its end\n");
    ended_ = arn;
    return command_.follow ? Wait("", true) : std::optional(0);
  }

  // Handles a reply without records, which is the end unless the command follows.
  std::optional<int> Fail(const std::string& reason, bool leaves) {
    return command_.follow ? Wait(reason, leaves) : std::optional(FailCommand(reason));
  }

  // Has Run go on after a pause: where it was, or if it `leaves` that stream, with the latest
  // stream that the table has then. Prints the reason, if there is one, when a wait begins.
  std::optional<int> Wait(const std::string& reason, bool leaves) {
    if (!std::exchange(waits_, true) && !reason.empty()) {
      std::fprintf(stderr, "weir: %s; waiting\n", Printable(reason).c_str());
    }
    if (leaves) {
      next_stream_ = true;
      checkpoint_.clear();
    }
    std::this_thread::sleep_for(kPause);
    return std::nullopt;
  }

  const TailCommand& command_;
  const bool terminal_;
  const bool coloured_;
  std::string checkpoint_;
  bool next_stream_ = false;  // the first stream has ended, or could not be read
  std::string ended_;         // the ARN of the stream that ended last
  bool waits_ = false;
};

}  // namespace

int RunTailCommand(const TailCommand& command) {
  return Tail(command).Run();
}

}  // namespace weir::cli
