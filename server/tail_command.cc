// SPDX-License-Identifier: Apache-2.0
#include "server/tail_command.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/time_text.h"

namespace weir::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kWaitSeconds = 10;
// Long enough for the wait and for a page of the largest size.
constexpr std::chrono::seconds kTimeout{60};

constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kFaint = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string TextOf(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool IsTrue(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// An object member; an empty object if it is not there.
Json ObjectOf(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_object() ? *found : Json::object();
}

std::string_view ColorOf(std::string_view event) {
  return event == "INSERT" ? kGreen : event == "MODIFY" ? kYellow : kRed;
}

// The attributes that both images do not share: `name: old → new`, with - for none.
std::string ChangesBetween(const Json& before, const Json& after, const Json& keys) {
  std::string text;
  const auto append = [&](const std::string& name, const std::string& from, const std::string& to) {
    text.append(text.empty() ? "" : ", ").append(name).append(": ");
    text.append(from).append(" → ").append(to);
  };
  for (const auto& [name, value] : before.items()) {
    const auto now = after.find(name);
    if (!keys.contains(name) && (now == after.end() || *now != value)) {
      append(name, value.dump(), now == after.end() ? "-" : now->dump());
    }
  }
  for (const auto& [name, value] : after.items()) {
    if (!keys.contains(name) && !before.contains(name)) {
      append(name, "-", value.dump());
    }
  }
  return text;
}

// What became of the item, as far as the stream's view shows it.
std::string ContentsOf(const Json& change) {
  const Json before = ObjectOf(change, "OldImage");
  const Json after = ObjectOf(change, "NewImage");
  if (!before.empty() && !after.empty()) {
    return ChangesBetween(before, after, ObjectOf(change, "Keys"));
  }
  const Json& image = after.empty() ? before : after;
  return image.empty() ? "" : image.dump();
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
  line += paint(ColorOf(event), event) + " " + ObjectOf(change, "Keys").dump();
  if (!ObjectOf(record, "userIdentity").empty()) {
    line += paint(kFaint, " by time to live");
  }
  const std::string contents = ContentsOf(change);
  return contents.empty() ? line : line + " " + contents;
}

// The body that asks for the first page, or for the one after `checkpoint`.
std::string RequestBody(const TailCommand& command, const std::string& checkpoint) {
  Json body{{"WaitSeconds", kWaitSeconds}};
  if (!checkpoint.empty()) {
    body["Checkpoint"] = checkpoint;
  } else {
    body[command.stream_or_table.starts_with("arn:") ? "StreamArn" : "TableName"] =
        command.stream_or_table;
    body["Start"] = command.start;
  }
  return body.dump();
}

}  // namespace

int RunTailCommand(const TailCommand& command) {
  const bool terminal = isatty(STDOUT_FILENO) != 0 && !command.json;
  const bool coloured = terminal && std::getenv("NO_COLOR") == nullptr;
  std::string checkpoint;
  while (true) {
    const std::string body = RequestBody(command, checkpoint);
    const ControlReply reply = CallControl(
        command.target,
        {.method = "POST", .path = "/_weir/records", .body = body, .timeout = kTimeout});
    if (!reply.error.empty()) {
      return FailCommand("no answer: " + reply.error);
    }
    const Json page = Json::parse(reply.body, nullptr, false);
    const auto records = page.is_object() ? page.find("Records") : page.end();
    if (reply.status != 200 || records == page.end() || !records->is_array()) {
      const std::string message = page.is_object() ? TextOf(page, "message") : "";
      return FailCommand(message.empty() ? "HTTP status " + std::to_string(reply.status) : message);
    }
    if (IsTrue(page, "RecordsLost")) {
      std::fprintf(stderr, "weir: some records were trimmed before they were read\n");
    }
    for (const Json& record : *records) {
      std::puts((terminal ? LineOf(record, coloured) : record.dump()).c_str());
    }
    if (std::fflush(stdout) != 0) {
      return 1;  // whoever read the lines has left
    }
    if (IsTrue(page, "Finished")) {
      std::fprintf(stderr, "weir: the stream is disabled, and this was its end\n");
      return 0;
    }
    checkpoint = TextOf(page, "Checkpoint");
  }
}

}  // namespace weir::server
