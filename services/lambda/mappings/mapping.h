// SPDX-License-Identifier: Apache-2.0
// Mapping: an event source mapping, which has a function get the records of a stream:
// https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/filter/pattern.h"
#include "core/clock.h"
#include "services/lambda/errors.h"
#include "services/lambda/functions/function.h"

namespace weir::lambda {

// What a mapping says about the records of its stream, with AWS's defaults.
struct DeliverySettings {
  int batch_size = 100;
  std::chrono::seconds batching_window{0};
  int maximum_retry_attempts = -1;              // -1: until the records expire
  std::chrono::seconds maximum_record_age{-1};  // -1: as long as the stream has the records
  bool bisect_batch_on_function_error = false;
  bool report_batch_item_failures = false;
  std::vector<std::string> patterns;  // of the filters; empty: all records pass
  consumers::FilterCriteria filter;   // made of `patterns`
};

// As the user set it up. A mapping that changes is replaced by another.
struct Mapping {
  std::string uuid;
  std::string function_arn;  // with the qualifier that was given
  std::string stream_arn;
  std::string region;
  bool from_trim_horizon = true;  // StartingPosition: TRIM_HORIZON, else LATEST
  bool enabled = true;
  Micros last_modified{0};
  DeliverySettings delivery;
  Tags tags;

  // arn:aws:lambda:<region>:<account>:event-source-mapping:<uuid>
  [[nodiscard]] std::string Arn() const;
};
using MappingPtr = std::shared_ptr<const Mapping>;

// "orders:live" of arn:aws:lambda:<region>:<account>:function:orders:live.
std::string FunctionOf(const std::string& function_arn);

// As a record that outlives the process; nullopt for text that is none.
std::string WriteMapping(const Mapping& mapping);
std::optional<Mapping> ReadMapping(std::string_view record);

// As the API shows it.
nlohmann::ordered_json Describe(const Mapping& mapping, std::string_view state,
                                std::string_view last_result);

}  // namespace weir::lambda
