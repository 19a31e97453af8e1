// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/mapping_request.h"

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace weir::lambda {
namespace {

using Json = nlohmann::json;

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
constexpr std::size_t kMostFilters = 10;  // the quota, once it is raised; 5 before
constexpr std::size_t kMostTags = 50;
constexpr int kLeastRecordAge = 60;

// A whole number with AWS's bounds.
struct Bound {
  const char* member;
  std::string_view path;  // as the texts have it
  int least;
  int most;
  std::optional<int> MappingRequest::*target;
};
constexpr std::array kBounds{
    Bound{"BatchSize", "batchSize", 1, 10'000, &MappingRequest::batch_size},
    Bound{"MaximumBatchingWindowInSeconds", "maximumBatchingWindowInSeconds", 0, 300,
          &MappingRequest::batching_window_s},
    Bound{"MaximumRetryAttempts", "maximumRetryAttempts", -1, 10'000,
          &MappingRequest::maximum_retry_attempts},
    Bound{"MaximumRecordAgeInSeconds", "maximumRecordAgeInSeconds", -1, 604'800,
          &MappingRequest::maximum_record_age_s},
};

// What Weir does not carry out, unless it has the value that means "not used".
struct Unused {
  const char* member;
  bool (*is_unused)(const Json& value);
};
bool IsEmpty(const Json& value) {
  return value.is_null() || ((value.is_object() || value.is_array()) && value.empty()) ||
         (value.is_string() && value.get_ref<const std::string&>().empty());
}
bool IsZero(const Json& value) {
  return value.is_null() || value == 0;
}
bool IsOne(const Json& value) {
  return value.is_null() || value == 1;
}
bool HasNoDestination(const Json& value) {
  const auto is_empty = [](const Json& part) {
    return IsEmpty(part) || (part.is_object() && IsEmpty(part.value("Destination", Json())));
  };
  return value.is_null() || (value.is_object() && is_empty(value.value("OnFailure", Json())) &&
                             is_empty(value.value("OnSuccess", Json())));
}
constexpr std::array kUnused{
    Unused{"ParallelizationFactor", IsOne},
    Unused{"TumblingWindowInSeconds", IsZero},
    Unused{"DestinationConfig", HasNoDestination},
    Unused{"KMSKeyArn", IsEmpty},
    Unused{"MetricsConfig", IsEmpty},
    Unused{"LoggingConfig", IsEmpty},
    Unused{"ScalingConfig", IsEmpty},
    Unused{"StartingPositionTimestamp", IsEmpty},
    Unused{"Topics", IsEmpty},
    Unused{"Queues", IsEmpty},
    Unused{"SourceAccessConfigurations", IsEmpty},
    Unused{"SelfManagedEventSource", IsEmpty},
    Unused{"AmazonManagedKafkaEventSourceConfig", IsEmpty},
    Unused{"SelfManagedKafkaEventSourceConfig", IsEmpty},
    Unused{"DocumentDBEventSourceConfig", IsEmpty},
    Unused{"ProvisionedPollerConfig", IsEmpty},
};

LambdaError WrongType(const char* member, std::string_view wanted) {
  return MakeLambdaError(LambdaErrorCode::kSerialization,
                         std::string("The member ") + member + " must be " + std::string(wanted));
}

// Reads members, and collects the faults of values that are out of bounds.
class Members {
 public:
  explicit Members(const Json& body) : body_(body) {}

  // nullptr if the body does not have it, or has null.
  [[nodiscard]] const Json* Find(const char* member) const {
    const auto found = body_.find(member);
    return found == body_.end() || found->is_null() ? nullptr : &*found;
  }

  LambdaStatus Read(const char* member, std::optional<std::string>& out) const {
    if (const Json* value = Find(member)) {
      if (!value->is_string()) {
        return WrongType(member, "a string");
      }
      out = value->get<std::string>();
    }
    return {};
  }

  LambdaStatus Read(const char* member, std::optional<bool>& out) const {
    if (const Json* value = Find(member)) {
      if (!value->is_boolean()) {
        return WrongType(member, "true or false");
      }
      out = value->get<bool>();
    }
    return {};
  }

  LambdaStatus Read(const Bound& bound, MappingRequest& request) {
    const Json* const value = Find(bound.member);
    if (value == nullptr) {
      return {};
    }
    if (!value->is_number_integer()) {
      return WrongType(bound.member, "a whole number");
    }
    const auto number = value->get<std::int64_t>();
    if (number < bound.least) {
      AddFault(value->dump(), bound.path,
               "Member must have value greater than or equal to " + std::to_string(bound.least));
    } else if (number > bound.most) {
      AddFault(value->dump(), bound.path,
               "Member must have value less than or equal to " + std::to_string(bound.most));
    } else {
      request.*bound.target = static_cast<int>(number);
    }
    return {};
  }

  void AddFault(std::string_view value, std::string_view path, std::string_view rule) {
    faults_.push_back(std::string("Value '")
                          .append(value)
                          .append("' at '")
                          .append(path)
                          .append("' failed to satisfy constraint: ")
                          .append(rule));
  }

  [[nodiscard]] LambdaStatus Faults() const {
    if (faults_.empty()) {
      return {};
    }
    std::string text = std::to_string(faults_.size()) + " validation error" +
                       (faults_.size() == 1 ? "" : "s") + " detected: ";
    for (const std::string& fault : faults_) {
      text.append(&fault == &faults_.front() ? "" : "; ").append(fault);
    }
    return MakeLambdaError(LambdaErrorCode::kValidation, std::move(text));
  }

 private:
  const Json& body_;
  std::vector<std::string> faults_;
};

LambdaStatus ReadResponseTypes(Members& members, MappingRequest& request) {
  const Json* const types = members.Find("FunctionResponseTypes");
  if (types == nullptr) {
    return {};
  }
  if (!types->is_array()) {
    return WrongType("FunctionResponseTypes", "a list");
  }
  request.report_batch_item_failures = !types->empty();
  if (types->size() > 1) {
    members.AddFault(types->dump(), "functionResponseTypes",
                     "Member must have length less than or equal to 1");
  } else if (!types->empty() && types->front() != "ReportBatchItemFailures") {
    members.AddFault(types->dump(), "functionResponseTypes",
                     "Member must satisfy constraint: [Member must satisfy enum value set: "
                     "[ReportBatchItemFailures]]");
  }
  return {};
}

LambdaError InvalidFilter() {
  return InvalidParameterValue("Invalid filter pattern definition.");
}

LambdaStatus ReadFilter(const Members& members, MappingRequest& request) {
  const Json* const criteria = members.Find("FilterCriteria");
  if (criteria == nullptr) {
    return {};
  }
  const Json filters = criteria->is_object() ? criteria->value("Filters", Json()) : Json(0);
  if (!filters.is_array() && !filters.is_null()) {
    return WrongType("FilterCriteria", "an object with a list of Filters");
  }
  if (filters.size() > kMostFilters) {
    return InvalidParameterValue("The number of filters exceeds the limit of " +
                                 std::to_string(kMostFilters) + ".");
  }
  request.patterns.emplace();
  for (const Json& filter : filters) {
    if (!filter.is_object() || !filter.value("Pattern", Json()).is_string()) {
      return InvalidFilter();
    }
    request.patterns->push_back(filter["Pattern"].get<std::string>());
  }
  Result<consumers::FilterCriteria, consumers::FilterFault> parsed =
      consumers::FilterCriteria::Parse(*request.patterns);
  if (!parsed.ok()) {
    return InvalidFilter();
  }
  request.filter = std::move(parsed).value();
  return {};
}

LambdaStatus ReadTags(const Members& members, MappingRequest& request) {
  const Json* const tags = members.Find("Tags");
  if (tags == nullptr) {
    return {};
  }
  if (!tags->is_object()) {
    return WrongType("Tags", "an object");
  }
  if (tags->size() > kMostTags) {
    return InvalidParameterValue("Too many tags");
  }
  for (const auto& [name, value] : tags->items()) {
    if (!value.is_string()) {
      return WrongType("Tags", "an object of strings");
    }
    request.tags.emplace(name, value.get<std::string>());
  }
  return {};
}

}  // namespace

LambdaResult<MappingRequest> MappingRequest::Read(std::string_view body) {
  const Json json = Json::parse(body.empty() ? "{}" : body, nullptr, false);
  if (!json.is_object()) {
    return MakeLambdaError(LambdaErrorCode::kSerialization, "The body must be a JSON object");
  }
  MappingRequest request;
  Members members(json);
  WEIR_RETURN_IF_ERROR(members.Read("EventSourceArn", request.event_source_arn));
  WEIR_RETURN_IF_ERROR(members.Read("FunctionName", request.function_name));
  WEIR_RETURN_IF_ERROR(members.Read("StartingPosition", request.starting_position));
  WEIR_RETURN_IF_ERROR(members.Read("Enabled", request.enabled));
  WEIR_RETURN_IF_ERROR(members.Read("BisectBatchOnFunctionError", request.bisect));
  for (const Bound& bound : kBounds) {
    WEIR_RETURN_IF_ERROR(members.Read(bound, request));
  }
  WEIR_RETURN_IF_ERROR(ReadResponseTypes(members, request));
  const std::optional<std::string>& position = request.starting_position;
  if (position.has_value() && position != "LATEST" && position != "TRIM_HORIZON" &&
      position != "AT_TIMESTAMP") {
    members.AddFault(*position, "startingPosition",
                     "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]");
  }
  WEIR_RETURN_IF_ERROR(members.Faults());
  for (const Unused& unused : kUnused) {
    const Json* const value = members.Find(unused.member);
    if (value != nullptr && !unused.is_unused(*value)) {
      return InvalidParameterValue(std::string(unused.member) + " is not supported by Weir yet");
    }
  }
  if (request.maximum_record_age_s.value_or(-1) >= 0 &&
      request.maximum_record_age_s < kLeastRecordAge) {
    return InvalidParameterValue(
        "Maximum record age in seconds must be -1 or between 60 and "
        "604800");
  }
  WEIR_RETURN_IF_ERROR(ReadFilter(members, request));
  WEIR_RETURN_IF_ERROR(ReadTags(members, request));
  return request;
}

void MappingRequest::ApplyTo(DeliverySettings& settings) const {
  settings.batch_size = batch_size.value_or(settings.batch_size);
  if (batching_window_s.has_value()) {
    settings.batching_window = std::chrono::seconds(*batching_window_s);
  }
  settings.maximum_retry_attempts =
      maximum_retry_attempts.value_or(settings.maximum_retry_attempts);
  if (maximum_record_age_s.has_value()) {
    settings.maximum_record_age = std::chrono::seconds(*maximum_record_age_s);
  }
  settings.bisect_batch_on_function_error =
      bisect.value_or(settings.bisect_batch_on_function_error);
  settings.report_batch_item_failures =
      report_batch_item_failures.value_or(settings.report_batch_item_failures);
  if (filter.has_value()) {
    settings.patterns = *patterns;
    settings.filter = *filter;
  }
}

}  // namespace weir::lambda
