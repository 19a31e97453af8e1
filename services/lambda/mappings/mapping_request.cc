// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/mapping_request.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/tag_request.h"

namespace weir::lambda {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
constexpr std::size_t kMostFilters = 10;  // the quota, once it is raised; 5 before
constexpr int kLeastRecordAge = 60;

// As the service orders them in its text.
constexpr std::array<std::string_view, 3> kPositions{"LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"};
constexpr std::string_view kReportItemFailures = "ReportBatchItemFailures";

// What Weir does not carry out, unless the member has the value that means "not used".
struct Unused {
  std::string_view member;
  bool (*is_unused)(JsonNode value);
};
bool IsEmpty(JsonNode value) {
  return value.size() == 0 && value.text().empty() &&
         (value.kind() == JsonKind::kObject || value.kind() == JsonKind::kArray ||
          value.kind() == JsonKind::kString);
}
bool IsZero(JsonNode value) {
  return value.kind() == JsonKind::kInteger && value.integer() == 0;
}
bool IsOne(JsonNode value) {
  return value.kind() == JsonKind::kInteger && value.integer() == 1;
}
bool HasNoDestination(JsonNode value) {
  if (value.kind() != JsonKind::kObject) {
    return false;
  }
  for (const JsonNode event : value) {
    const std::optional<JsonNode> destination =
        event.kind() == JsonKind::kObject ? event.Find("Destination") : std::nullopt;
    if (destination.has_value() && !IsEmpty(*destination)) {
      return false;
    }
  }
  return true;
}
constexpr std::array kUnused{
    Unused{"ParallelizationFactor", IsOne},
    Unused{"TumblingWindowInSeconds", IsZero},
    Unused{"DestinationConfig", HasNoDestination},
    Unused{"KMSKeyArn", IsEmpty},
    Unused{"MetricsConfig", IsEmpty},
    Unused{"LoggingConfig", IsEmpty},
    Unused{"ScalingConfig", IsEmpty},
    Unused{"Topics", IsEmpty},
    Unused{"Queues", IsEmpty},
    Unused{"SourceAccessConfigurations", IsEmpty},
    Unused{"SelfManagedEventSource", IsEmpty},
    Unused{"AmazonManagedKafkaEventSourceConfig", IsEmpty},
    Unused{"SelfManagedKafkaEventSourceConfig", IsEmpty},
    Unused{"DocumentDBEventSourceConfig", IsEmpty},
    Unused{"ProvisionedPollerConfig", IsEmpty},
};

LambdaStatus CheckUnused(JsonNode root) {
  for (const Unused& unused : kUnused) {
    const std::optional<JsonNode> value = root.Find(unused.member);
    if (value.has_value() && !unused.is_unused(*value)) {
      return InvalidParameterValue(std::string(unused.member) + " is not supported by Weir yet");
    }
  }
  return {};
}

std::optional<std::string> TextOf(MemberReader& members, std::string_view name,
                                  const TextLimits& limits = {}) {
  const std::optional<std::string_view> text = members.Text(name, limits);
  return text.has_value() ? std::optional(std::string(*text)) : std::nullopt;
}

std::optional<int> IntegerOf(MemberReader& members, std::string_view name, int least, int most) {
  const std::optional<std::int64_t> number = members.Integer(name, least, most);
  return number.has_value() ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

void ReadResponseTypes(MemberReader& members, MappingRequest& request) {
  constexpr std::string_view kMember = "FunctionResponseTypes";
  const std::optional<JsonNode> types = members.Array(kMember);
  if (!types.has_value()) {
    return;
  }
  request.report_batch_item_failures = types->size() != 0;
  std::string echo = "[";
  bool known = true;
  for (const JsonNode type : *types) {
    echo.append(echo.size() == 1 ? "" : ", ").append(type.text());
    known = known && type.text() == kReportItemFailures;
  }
  if (!known) {
    members.faults().Add(members.PathOf(kMember), echo + "]",
                         "Member must satisfy constraint: [Member must satisfy enum value set: "
                         "[ReportBatchItemFailures], Member must not be null]");
  } else if (types->size() > 1) {
    members.faults().Add(members.PathOf(kMember), echo + "]",
                         "Member must have length less than or equal to 1");
  }
}

LambdaStatus ReadFilter(MemberReader& members, MappingRequest& request) {
  const std::optional<JsonNode> criteria = members.Object("FilterCriteria");
  if (!criteria.has_value()) {
    return {};
  }
  const protocol::MemberPath path = members.PathOf("FilterCriteria");
  MemberReader reader(*criteria, members.faults(), &path);
  const std::optional<JsonNode> filters = reader.Array("Filters");
  WEIR_RETURN_IF_ERROR(members.faults().ToStatus());
  request.patterns.emplace();
  request.filter.emplace();
  if (!filters.has_value()) {
    return {};
  }
  if (filters->size() > kMostFilters) {
    return InvalidParameterValue("The number of filters exceeds the limit of " +
                                 std::to_string(kMostFilters) + ".");
  }
  const LambdaError invalid = InvalidParameterValue("Invalid filter pattern definition.");
  for (const JsonNode filter : *filters) {
    const std::optional<JsonNode> pattern =
        filter.kind() == JsonKind::kObject ? filter.Find("Pattern") : std::nullopt;
    if (!pattern.has_value() || pattern->kind() != JsonKind::kString) {
      return invalid;
    }
    request.patterns->emplace_back(pattern->text());
  }
  Result<consumers::FilterCriteria, consumers::FilterFault> parsed =
      consumers::FilterCriteria::Parse(*request.patterns);
  if (!parsed.ok()) {
    return invalid;
  }
  request.filter = std::move(parsed).value();
  return {};
}

}  // namespace

LambdaResult<MappingRequest> MappingRequest::Read(const protocol::RestCall& call) {
  WEIR_ASSIGN_OR_RETURN(const protocol::JsonTree tree, ParseBody(call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  MappingRequest request;
  request.event_source_arn = TextOf(members, "EventSourceArn");
  request.function_name = TextOf(members, "FunctionName");
  request.starting_position = TextOf(members, "StartingPosition", {.values = kPositions});
  request.has_timestamp = tree.root().Find("StartingPositionTimestamp").has_value();
  request.enabled = members.Boolean("Enabled");
  request.batch_size = IntegerOf(members, "BatchSize", 1, 10'000);
  request.batching_window_s = IntegerOf(members, "MaximumBatchingWindowInSeconds", 0, 300);
  request.maximum_retry_attempts = IntegerOf(members, "MaximumRetryAttempts", -1, 10'000);
  request.maximum_record_age_s = IntegerOf(members, "MaximumRecordAgeInSeconds", -1, 604'800);
  request.bisect = members.Boolean("BisectBatchOnFunctionError");
  ReadResponseTypes(members, request);
  request.tags = ReadTags(members).value_or(Tags());
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  WEIR_RETURN_IF_ERROR(CheckTagCount(request.tags));
  WEIR_RETURN_IF_ERROR(CheckUnused(tree.root()));
  if (request.maximum_record_age_s.value_or(-1) >= 0 &&
      request.maximum_record_age_s < kLeastRecordAge) {
    return InvalidParameterValue(
        "Maximum record age in seconds must be -1 or between 60 and 604800");
  }
  WEIR_RETURN_IF_ERROR(ReadFilter(members, request));
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
