// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/async_event.h"

#include <cstdint>

#include "core/record.h"

namespace weir::lambda {
namespace {

// The first field of a record, so that a later form can be told apart.
constexpr std::uint64_t kForm = 1;

}  // namespace

std::string RecordOf(const AsyncEvent& event) {
  std::string record;
  RecordWriter(record).Write(kForm, event.request_id, event.function, event.arn, event.payload,
                             event.accepted, static_cast<std::uint64_t>(event.failures),
                             static_cast<std::uint64_t>(event.refusals), event.due);
  return record;
}

std::optional<AsyncEvent> ReadEvent(std::string_view record) {
  AsyncEvent event;
  std::uint64_t form = 0;
  std::uint64_t failures = 0;
  std::uint64_t refusals = 0;
  RecordReader reader(record);
  reader.Read(form, event.request_id, event.function, event.arn, event.payload, event.accepted,
              failures, refusals, event.due);
  if (!reader.finished() || form != kForm) {
    return std::nullopt;
  }
  event.failures = static_cast<int>(failures);
  event.refusals = static_cast<int>(refusals);
  return event;
}

}  // namespace weir::lambda
