// SPDX-License-Identifier: Apache-2.0
// Attachments: processes that somebody else starts, and that run a function's invocations.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/result.h"

namespace weir::lambda {

// What an attached process needs.
struct Attachment {
  std::string handle;       // for Detach
  std::string runtime_api;  // AWS_LAMBDA_RUNTIME_API: "127.0.0.1:12345"
  std::map<std::string, std::string> environment;
};

// Thread-safe.
class Attachments {
 public:
  virtual ~Attachments() = default;
  // Opens a Runtime API for one process of the function, which is made if there is none of that
  // name. The error is a text for people.
  virtual Result<Attachment, std::string> Attach(std::string_view function) = 0;
  // Ends what Attach began; invocations of the process end as if it had exited. Does nothing for an
  // unknown handle.
  virtual void Detach(std::string_view handle) = 0;
};

}  // namespace weir::lambda
