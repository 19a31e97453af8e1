// SPDX-License-Identifier: Apache-2.0
// `weir dlq`: the batches that triggers have given up, by /_weir/dlq.
#pragma once

#include <cstdint>
#include <string>

#include "cli/control_client.h"

namespace weir::cli {

struct DlqCommand {
  enum class Action : std::uint8_t { kList, kShow, kRedrive, kPurge };
  ServerAddress target;
  Action action = Action::kList;
  std::string id;  // of the batch; empty: all of them
};

// Lists the batches, shows one with its event, has functions called with them again, one after the
// other, which forgets those that succeed, or forgets them. Returns the exit code: 0, or 1 with the
// reason on stderr. What was done before a failure stays done.
int RunDlqCommand(const DlqCommand& command);

// A table of the batches in the server's answer.
std::string DeadLetterTable(const Json& letters);

// A batch as JSON on several lines, with its event, which the server sends as a text, as JSON, too.
std::string DeadLetterDetails(Json letter);

}  // namespace weir::cli
