// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/mapping.h"

#include <utility>

#include "protocol/request_context.h"

namespace weir::lambda {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMicrosPerSecond = 1e6;

Json FiltersOf(const std::vector<std::string>& patterns) {
  Json filters = Json::array();
  for (const std::string& pattern : patterns) {
    filters.push_back({{"Pattern", pattern}});
  }
  return filters;
}

// Members whose values follow from the settings, in both forms.
Json SettingsOf(const DeliverySettings& settings) {
  return {{"BatchSize", settings.batch_size},
          {"MaximumBatchingWindowInSeconds", settings.batching_window.count()},
          {"MaximumRetryAttempts", settings.maximum_retry_attempts},
          {"MaximumRecordAgeInSeconds", settings.maximum_record_age.count()},
          {"BisectBatchOnFunctionError", settings.bisect_batch_on_function_error},
          {"FunctionResponseTypes", settings.report_batch_item_failures
                                        ? Json::array({"ReportBatchItemFailures"})
                                        : Json::array()}};
}

}  // namespace

std::string Mapping::Arn() const {
  return std::string("arn:aws:lambda:")
      .append(region)
      .append(":")
      .append(protocol::kAccount)
      .append(":event-source-mapping:")
      .append(uuid);
}

std::string FunctionOf(const std::string& function_arn) {
  constexpr std::string_view kPart = ":function:";
  const std::size_t at = function_arn.find(kPart);
  return at == std::string::npos ? function_arn : function_arn.substr(at + kPart.size());
}

std::string WriteMapping(const Mapping& mapping) {
  Json record = SettingsOf(mapping.delivery);
  record["UUID"] = mapping.uuid;
  record["FunctionArn"] = mapping.function_arn;
  record["EventSourceArn"] = mapping.stream_arn;
  record["Region"] = mapping.region;
  record["TrimHorizon"] = mapping.from_trim_horizon;
  record["Enabled"] = mapping.enabled;
  record["LastModified"] = mapping.last_modified.count();
  record["Patterns"] = mapping.delivery.patterns;
  record["Tags"] = mapping.tags;
  return record.dump();
}

std::optional<Mapping> ReadMapping(std::string_view record) {
  try {
    const Json json = Json::parse(record);
    Mapping mapping;
    mapping.uuid = json.at("UUID");
    mapping.function_arn = json.at("FunctionArn");
    mapping.stream_arn = json.at("EventSourceArn");
    mapping.region = json.at("Region");
    mapping.from_trim_horizon = json.at("TrimHorizon");
    mapping.enabled = json.at("Enabled");
    mapping.last_modified = Micros(json.at("LastModified").get<std::int64_t>());
    mapping.tags = json.at("Tags").get<Tags>();
    DeliverySettings& settings = mapping.delivery;
    settings.batch_size = json.at("BatchSize");
    settings.batching_window =
        std::chrono::seconds(json.at("MaximumBatchingWindowInSeconds").get<int>());
    settings.maximum_retry_attempts = json.at("MaximumRetryAttempts");
    settings.maximum_record_age =
        std::chrono::seconds(json.at("MaximumRecordAgeInSeconds").get<int>());
    settings.bisect_batch_on_function_error = json.at("BisectBatchOnFunctionError");
    settings.report_batch_item_failures = !json.at("FunctionResponseTypes").empty();
    settings.patterns = json.at("Patterns").get<std::vector<std::string>>();
    Result<consumers::FilterCriteria, consumers::FilterFault> filter =
        consumers::FilterCriteria::Parse(settings.patterns);
    if (!filter.ok()) {
      return std::nullopt;
    }
    settings.filter = std::move(filter).value();
    return mapping;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Json Describe(const Mapping& mapping, std::string_view state, std::string_view last_result) {
  Json body = SettingsOf(mapping.delivery);
  body["UUID"] = mapping.uuid;
  body["StartingPosition"] = mapping.from_trim_horizon ? "TRIM_HORIZON" : "LATEST";
  body["ParallelizationFactor"] = 1;
  body["EventSourceArn"] = mapping.stream_arn;
  if (!mapping.delivery.patterns.empty()) {
    body["FilterCriteria"] = {{"Filters", FiltersOf(mapping.delivery.patterns)}};
  }
  body["FunctionArn"] = mapping.function_arn;
  body["LastModified"] = static_cast<double>(mapping.last_modified.count()) / kMicrosPerSecond;
  body["LastProcessingResult"] = last_result;
  body["State"] = state;
  body["StateTransitionReason"] = "User action";
  body["DestinationConfig"] = {{"OnFailure", Json::object()}};
  body["TumblingWindowInSeconds"] = 0;
  body["EventSourceMappingArn"] = mapping.Arn();
  return body;
}

}  // namespace weir::lambda
