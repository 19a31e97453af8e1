// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/mappings.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <utility>

#include "core/uuid.h"

namespace weir::lambda {
namespace {

constexpr std::string_view kKind = "lambda.mapping";
constexpr std::string_view kStreamService = ":dynamodb:";
constexpr std::string_view kStreamPart = "/stream/";

LambdaError NoMapping() {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                         "The resource you requested does not exist.");
}

// What an ARN of an event source is of.
enum class SourceKind : std::uint8_t { kStream, kOther, kUnknown };

SourceKind KindOf(const std::string& arn) {
  if (!arn.starts_with("arn:aws:")) {
    return SourceKind::kUnknown;
  }
  if (arn.find(kStreamService) != std::string::npos) {
    return arn.find(kStreamPart) == std::string::npos ? SourceKind::kUnknown : SourceKind::kStream;
  }
  constexpr std::array<std::string_view, 5> kOthers{
      ":sqs:", ":kinesis:", ":kafka:", ":mq:", ":rds:"};
  const bool is_other = std::any_of(kOthers.begin(), kOthers.end(), [&](std::string_view service) {
    return arn.find(service) != std::string::npos;
  });
  return is_other ? SourceKind::kOther : SourceKind::kUnknown;
}

LambdaStatus CheckPosition(const MappingRequest& request) {
  if (!request.starting_position.has_value()) {
    return InvalidParameterValue(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
        "constraint: Member must not be null.");
  }
  if (request.starting_position == "AT_TIMESTAMP") {
    return InvalidParameterValue("Unsupported starting position for arn type: " +
                                 *request.event_source_arn);
  }
  return request.has_timestamp ? LambdaStatus(InvalidParameterValue(
                                     "Timestamp only valid with StartingPosition AT_TIMESTAMP"))
                               : LambdaStatus();
}

}  // namespace

Mappings::Mappings(const TriggerParts& parts) : parts_(parts), graveyard_(parts.pool) {
  std::set<std::string, std::less<>> there;
  const MutexLock lock(mutex_);
  for (const storage::KeptRecords::Record& record : parts_.records.All(kKind)) {
    std::optional<Mapping> mapping = ReadMapping(record.value);
    if (!mapping.has_value()) {
      parts_.report("the event source mapping " + record.key +
                    " cannot be read, so it is left out");
      continue;
    }
    const auto kept = std::make_shared<const Mapping>(*std::move(mapping));
    there.insert(record.key);
    entries_.emplace(record.key, Entry{kept, std::make_shared<Trigger>(parts_, kept)});
  }
  Trigger::ForgetOthers(parts_.records,
                        [&](std::string_view uuid) { return there.contains(uuid); });
}

void Mappings::Start() {
  const MutexLock lock(mutex_);
  if (entries_.empty()) {
    return;
  }
  parts_.pool.Start();
  for (const auto& [uuid, entry] : entries_) {
    entry.trigger->Apply(entry.mapping);
  }
}

LambdaResult<std::string> Mappings::FunctionArn(std::string_view function,
                                                std::string_view region) const {
  const LambdaResult<FunctionRef> found = parts_.functions.Resolve(function, {}, region);
  if (!found.ok() && found.error().code == LambdaErrorCode::kResourceNotFound) {
    return InvalidParameterValue("Function does not exist");
  }
  WEIR_RETURN_IF_ERROR(found);
  return found.value().arn;
}

LambdaStatus Mappings::CheckFree(const Mapping& mapping) const {
  for (const auto& [uuid, entry] : entries_) {
    if (uuid != mapping.uuid && entry.mapping->stream_arn == mapping.stream_arn &&
        entry.mapping->function_arn == mapping.function_arn) {
      return MakeLambdaError(
          LambdaErrorCode::kResourceConflict,
          "The event source arn (\" " + mapping.stream_arn + " \") and function (\" " +
              FunctionOf(mapping.function_arn) +
              " \") provided mapping already exists. Please update or delete the existing mapping "
              "with UUID " +
              uuid);
    }
  }
  return {};
}

void Mappings::Keep(const Mapping& mapping) {
  parts_.records.Put(kKind, mapping.uuid, WriteMapping(mapping));
}

LambdaResult<Mappings::Shown> Mappings::Create(const MappingRequest& request,
                                               std::string_view region) {
  if (!request.function_name.has_value()) {
    return MakeLambdaError(LambdaErrorCode::kValidation,
                           "1 validation error detected: Value null at 'functionName' failed to "
                           "satisfy constraint: Member must not be null");
  }
  const SourceKind source = KindOf(request.event_source_arn.value_or(""));
  if (source == SourceKind::kUnknown) {
    return InvalidParameterValue("Unrecognized event source.");
  }
  Mapping mapping;
  mapping.stream_arn = *request.event_source_arn;
  WEIR_ASSIGN_OR_RETURN(mapping.function_arn, FunctionArn(*request.function_name, region));
  if (source == SourceKind::kOther) {
    return InvalidParameterValue("EventSourceArn " + mapping.stream_arn +
                                 " is not supported by Weir yet");
  }
  WEIR_RETURN_IF_ERROR(CheckPosition(request));
  if (parts_.find_stream(mapping.stream_arn) == nullptr) {
    return InvalidParameterValue("Stream not found: " + mapping.stream_arn);
  }
  mapping.uuid = NewUuid();
  mapping.region = region;
  mapping.from_trim_horizon = request.starting_position == "TRIM_HORIZON";
  mapping.enabled = request.enabled.value_or(true);
  mapping.last_modified = parts_.pool.timeline().clock().Now();
  mapping.tags = request.tags;
  request.ApplyTo(mapping.delivery);

  const auto made = std::make_shared<const Mapping>(std::move(mapping));
  parts_.pool.Start();
  // Made before others can find it, and it works only once it is applied.
  const auto trigger = std::make_shared<Trigger>(parts_, made);
  const MutexLock lock(mutex_);
  if (entries_.size() >= kMost) {
    return MakeLambdaError(LambdaErrorCode::kTooManyRequests,
                           "There are " + std::to_string(kMost) + " event source mappings");
  }
  WEIR_RETURN_IF_ERROR(CheckFree(*made));
  entries_.emplace(made->uuid, Entry{made, trigger});
  Keep(*made);
  trigger->Apply(made);
  return Shown{made, {}};
}

LambdaResult<Mappings::Shown> Mappings::Update(std::string_view uuid, const MappingRequest& request,
                                               std::string_view region) {
  std::optional<std::string> function_arn;
  if (request.function_name.has_value()) {
    WEIR_RETURN_IF_ERROR(Get(uuid));
    WEIR_ASSIGN_OR_RETURN(function_arn, FunctionArn(*request.function_name, region));
  }
  const MutexLock lock(mutex_);
  const auto found = entries_.find(uuid);
  if (found == entries_.end()) {
    return NoMapping();
  }
  Mapping next = *found->second.mapping;
  next.function_arn = function_arn.value_or(next.function_arn);
  request.ApplyTo(next.delivery);
  next.enabled = request.enabled.value_or(next.enabled);
  next.last_modified = parts_.pool.timeline().clock().Now();
  WEIR_RETURN_IF_ERROR(CheckFree(next));
  const auto changed = std::make_shared<const Mapping>(std::move(next));
  Keep(*changed);
  found->second.mapping = changed;
  found->second.trigger->Apply(changed);
  return Shown{changed, found->second.trigger->status()};
}

LambdaResult<Mappings::Shown> Mappings::Delete(std::string_view uuid) {
  WEIR_ASSIGN_OR_RETURN(const Shown shown, Get(uuid));
  std::shared_ptr<Trigger> trigger;
  {
    const MutexLock lock(mutex_);
    const auto found = entries_.find(uuid);
    if (found == entries_.end()) {
      return NoMapping();
    }
    trigger = std::move(found->second.trigger);
    parts_.records.Remove(kKind, uuid);
    entries_.erase(found);
  }
  trigger->Forget();
  // Its end waits for what it does at the moment, which nobody else should.
  graveyard_.Post([gone = std::move(trigger)] {});
  return shown;
}

LambdaResult<Mappings::Shown> Mappings::Get(std::string_view uuid) const {
  const MutexLock lock(mutex_);
  const auto found = entries_.find(uuid);
  if (found == entries_.end()) {
    return NoMapping();
  }
  return Shown{found->second.mapping, found->second.trigger->status()};
}

std::vector<Mappings::Shown> Mappings::All() const {
  std::vector<Shown> all;
  const MutexLock lock(mutex_);
  for (const auto& [uuid, entry] : entries_) {
    all.push_back({entry.mapping, entry.trigger->status()});
  }
  return all;
}

Mappings::Entries::const_iterator Mappings::FindArn(std::string_view arn) const {
  auto found = entries_.begin();
  while (found != entries_.end() && found->second.mapping->Arn() != arn) {
    ++found;
  }
  return found;
}

LambdaResult<Tags> Mappings::TagsOf(std::string_view arn) const {
  const MutexLock lock(mutex_);
  const auto found = FindArn(arn);
  if (found == entries_.end()) {
    return NoMapping();
  }
  return found->second.mapping->tags;
}

LambdaStatus Mappings::ChangeTags(std::string_view arn,
                                  const std::function<LambdaStatus(Tags&)>& change) {
  const MutexLock lock(mutex_);
  const auto found = FindArn(arn);
  if (found == entries_.end()) {
    return NoMapping();
  }
  Mapping next = *found->second.mapping;
  WEIR_RETURN_IF_ERROR(change(next.tags));
  Keep(next);
  entries_.at(found->first).mapping = std::make_shared<const Mapping>(std::move(next));
  return {};
}

}  // namespace weir::lambda
