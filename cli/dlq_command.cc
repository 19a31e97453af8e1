// SPDX-License-Identifier: Apache-2.0
#include "cli/dlq_command.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "cli/text_table.h"
#include "core/text.h"

namespace weir::cli {
namespace {

constexpr std::string_view kPath = "/_weir/dlq";
// Long enough for an invocation, which takes up to 15 minutes.
constexpr std::chrono::seconds kTimeout{1000};

// The server's answer; nullopt, with the reason on stderr, if it is not a good one.
std::optional<Json> Ask(const DlqCommand& command, std::string_view method,
                        const std::string& path) {
  const ControlReply reply =
      CallControl(command.target, {.method = method, .path = path, .timeout = kTimeout});
  if (!reply.error.empty()) {
    FailCommand("no answer: " + reply.error);
    return std::nullopt;
  }
  Json answer = ObjectIn(reply);
  if (reply.status != 200) {
    FailCommand(RefusalIn(reply, answer));
    return std::nullopt;
  }
  return answer;
}

// Where a batch is, or all of them are.
std::string PathOf(const std::string& id) {
  return id.empty() ? std::string(kPath) : std::string(kPath).append("/").append(id);
}

// The batches in an answer.
Json LettersIn(const Json& answer) {
  Json letters = Json::array();
  if (const auto found = answer.find("deadLetters"); found != answer.end()) {
    for (const Json& letter : *found) {
      if (letter.is_object()) {
        letters.push_back(letter);
      }
    }
  }
  return letters;
}

// The ids of the batches that the command is about; nullopt, with the reason on stderr, if the
// server does not say.
std::optional<std::vector<std::string>> IdsFor(const DlqCommand& command) {
  if (!command.id.empty()) {
    return std::vector{command.id};
  }
  const std::optional<Json> answer = Ask(command, "GET", PathOf(""));
  if (!answer.has_value()) {
    return std::nullopt;
  }
  std::vector<std::string> ids;
  for (const Json& letter : LettersIn(*answer)) {
    ids.push_back(TextOf(letter, "id"));
  }
  return ids;
}

int List(const DlqCommand& command) {
  const std::optional<Json> answer = Ask(command, "GET", PathOf(""));
  if (!answer.has_value()) {
    return 1;
  }
  std::fputs(DeadLetterTable(LettersIn(*answer)).c_str(), stdout);
  const auto dropped = answer->find("dropped");
  if (dropped != answer->end() && dropped->is_number_unsigned() && *dropped != 0) {
    std::fprintf(stderr, "weir: older ones were dropped to make room: %s\n",
                 dropped->dump().c_str());
  }
  return 0;
}

int Show(const DlqCommand& command) {
  std::optional<Json> answer = Ask(command, "GET", PathOf(command.id));
  if (!answer.has_value()) {
    return 1;
  }
  std::fputs(DeadLetterDetails(*std::move(answer)).c_str(), stdout);
  return 0;
}

// Goes on with the next batch when a function has failed again, but not when it did not run.
int Redrive(const DlqCommand& command) {
  const auto ids = IdsFor(command);
  if (!ids.has_value()) {
    return 1;
  }
  int code = 0;
  for (const std::string& id : *ids) {
    const std::optional<Json> answer = Ask(command, "POST", PathOf(id) + "/redrive");
    if (!answer.has_value()) {
      return 1;
    }
    if (IsTrue(*answer, "functionError")) {
      code = FailCommand(id + " has failed again: " + TextOf(*answer, "payload"));
    } else {
      std::printf("%s is done\n", Printable(id).c_str());
    }
  }
  return code;
}

int Purge(const DlqCommand& command) {
  return Ask(command, "DELETE", PathOf(command.id)).has_value() ? 0 : 1;
}

}  // namespace

std::string DeadLetterTable(const Json& letters) {
  std::vector<TextRow> rows = {{"ID", "TIME", "FUNCTION", "RECORDS", "CONDITION", "ERROR"}};
  for (const Json& letter : letters) {
    const auto text = [&letter](const char* member) { return Printable(TextOf(letter, member)); };
    const std::string arn = text("functionArn");
    rows.push_back({text("id"), text("timestamp"), arn.substr(arn.rfind(':') + 1),
                    letter.value("batchSize", Json()).dump(), text("condition"), text("error")});
  }
  return FormatTable(rows);
}

std::string DeadLetterDetails(Json letter) {
  Json event = Json::parse(TextOf(letter, "payload"), nullptr, false);
  if (!event.is_discarded()) {
    letter["payload"] = std::move(event);
  }
  // ASCII, so that nothing in it is for the terminal.
  return letter.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

int RunDlqCommand(const DlqCommand& command) {
  switch (command.action) {
    case DlqCommand::Action::kList:
      return List(command);
    case DlqCommand::Action::kShow:
      return Show(command);
    case DlqCommand::Action::kRedrive:
      return Redrive(command);
    case DlqCommand::Action::kPurge:
      return Purge(command);
  }
  return 1;
}

}  // namespace weir::cli
