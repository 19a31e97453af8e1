// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/lambda/functions/function_name.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/mappings/mappings.h"
#include "services/lambda/service.h"

namespace weir::lambda {
namespace {

using Json = nlohmann::ordered_json;
using protocol::HttpResponse;
using protocol::RestCall;

constexpr unsigned kAccepted = 202;
constexpr std::int64_t kMostAsked = 10'000;
constexpr std::size_t kMostListed = 100;  // a page has no more, whatever MaxItems says
constexpr std::string_view kPath = "/2015-03-31/event-source-mappings";
constexpr std::string_view kPathOfOne = "/2015-03-31/event-source-mappings/{UUID}";

std::string_view SettledState(const Mapping& mapping) {
  return mapping.enabled ? "Enabled" : "Disabled";
}

// Answers with a mapping whose State is `state`.
LambdaStatus Answer(const LambdaResult<Mappings::Shown>& shown, std::string_view state,
                    HttpResponse& response) {
  WEIR_RETURN_IF_ERROR(shown);
  response.body = Describe(*shown.value().mapping, state, shown.value().status.last_result).dump();
  return {};
}

LambdaStatus Create(const RestCall& call, Mappings& mappings, HttpResponse& response) {
  WEIR_ASSIGN_OR_RETURN(const MappingRequest request, MappingRequest::Read(call));
  response.status = kAccepted;
  return Answer(mappings.Create(request, call.context.region), "Creating", response);
}

LambdaStatus Update(const RestCall& call, Mappings& mappings, HttpResponse& response) {
  WEIR_ASSIGN_OR_RETURN(const MappingRequest request, MappingRequest::Read(call));
  WEIR_ASSIGN_OR_RETURN(const Mappings::Shown before, mappings.Get(call.label("UUID")));
  const bool toggles = request.enabled.has_value() && *request.enabled != before.mapping->enabled;
  response.status = kAccepted;
  return Answer(mappings.Update(call.label("UUID"), request, call.context.region),
                !toggles           ? "Updating"
                : *request.enabled ? "Enabling"
                                   : "Disabling",
                response);
}

LambdaStatus Delete(const RestCall& call, Mappings& mappings, HttpResponse& response) {
  response.status = kAccepted;
  return Answer(mappings.Delete(call.label("UUID")), "Deleting", response);
}

LambdaStatus Get(const RestCall& call, Mappings& mappings, HttpResponse& response) {
  const LambdaResult<Mappings::Shown> shown = mappings.Get(call.label("UUID"));
  return Answer(shown, shown.ok() ? SettledState(*shown.value().mapping) : "", response);
}

LambdaStatus List(const RestCall& call, const Mappings& mappings,
                  const FunctionDirectory& functions, HttpResponse& response) {
  const std::string_view source = call.parameter("EventSourceArn");
  const std::string_view function = call.parameter("FunctionName");
  const std::string_view marker = call.parameter("Marker");
  RequestFaults faults;
  const std::int64_t asked =
      ReadQueryInteger(call, "MaxItems", kMostAsked, faults).value_or(kMostListed);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  const std::size_t most = std::min(static_cast<std::size_t>(asked), kMostListed);
  // By name, so that the mappings of a function that was deleted are found, too.
  std::string wanted_name;
  if (!function.empty()) {
    WEIR_ASSIGN_OR_RETURN(
        const FunctionName parsed,
        ParseFunctionName(function, NameKind::kNamespaced, {}, call.context.region));
    wanted_name = parsed.name + (parsed.qualifier.empty() ? "" : ":" + parsed.qualifier);
  }
  Json list = Json::array();
  Json body = Json::object();
  for (const Mappings::Shown& shown : mappings.All()) {
    const Mapping& mapping = *shown.mapping;
    const bool wanted = (source.empty() || mapping.stream_arn == source) &&
                        (function.empty() || FunctionOf(mapping.function_arn) == wanted_name) &&
                        mapping.uuid > marker;
    if (wanted && list.size() == most) {
      body["NextMarker"] = list.back()["UUID"];
      break;
    }
    if (wanted) {
      list.push_back(Describe(mapping, SettledState(mapping), shown.status.last_result));
    }
  }
  if (list.empty() && !function.empty()) {
    WEIR_RETURN_IF_ERROR(functions.Resolve(function, {}, call.context.region));
  }
  body["EventSourceMappings"] = std::move(list);
  response.body = body.dump();
  return {};
}

}  // namespace

void AddMappingRoutes(protocol::RestRoutes& routes, Mappings& mappings,
                      const FunctionDirectory& functions) {
  const auto add = [&](std::string_view method, std::string_view path, std::string_view operation,
                       LambdaStatus (*carry_out)(const RestCall&, Mappings&, HttpResponse&)) {
    routes.Add({method, path, operation,
                [&mappings, carry_out](const RestCall& call, HttpResponse& response) {
                  WriteIfError(carry_out(call, mappings, response), response);
                }});
  };
  add("POST", kPath, "CreateEventSourceMapping", Create);
  add("GET", kPathOfOne, "GetEventSourceMapping", Get);
  add("PUT", kPathOfOne, "UpdateEventSourceMapping", Update);
  add("DELETE", kPathOfOne, "DeleteEventSourceMapping", Delete);
  routes.Add({"GET", kPath, "ListEventSourceMappings",
              [&mappings, &functions](const RestCall& call, HttpResponse& response) {
                WriteIfError(List(call, mappings, functions, response), response);
              }});
}

}  // namespace weir::lambda
