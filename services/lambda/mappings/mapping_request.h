// SPDX-License-Identifier: Apache-2.0
// MappingRequest: what CreateEventSourceMapping and UpdateEventSourceMapping ask for.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/rest_routes.h"
#include "services/lambda/errors.h"
#include "services/lambda/functions/function.h"
#include "services/lambda/mappings/mapping.h"

namespace weir::lambda {

// A member that the request lacks, or gives as null, is nullopt.
struct MappingRequest {
  std::optional<std::string> event_source_arn;
  std::optional<std::string> function_name;
  std::optional<std::string> starting_position;
  bool has_timestamp = false;  // StartingPositionTimestamp
  std::optional<bool> enabled;
  std::optional<int> batch_size;
  std::optional<int> batching_window_s;
  std::optional<int> maximum_retry_attempts;
  std::optional<int> maximum_record_age_s;
  std::optional<bool> bisect;
  std::optional<bool> report_batch_item_failures;
  std::optional<std::vector<std::string>> patterns;
  std::optional<consumers::FilterCriteria> filter;  // made of `patterns`
  Tags tags;

  // Reads a body. Fails with SerializationException for what is no such object, with the counted
  // texts of ValidationException for members out of bounds, and with InvalidParameterValueException
  // for a filter that is none, for what AWS does not allow with this source, and for what Weir does
  // not carry out, by name.
  static LambdaResult<MappingRequest> Read(const protocol::RestCall& call);

  // Sets what the request has.
  void ApplyTo(DeliverySettings& settings) const;
};

}  // namespace weir::lambda
