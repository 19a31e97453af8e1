// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/mappings.h"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <utility>

namespace weir::lambda {
namespace {

constexpr std::string_view kKind = "lambda.mapping";
constexpr std::string_view kStreamService = ":dynamodb:";
constexpr std::string_view kStreamPart = "/stream/";

LambdaError NoMapping() {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                         "The resource you requested does not exist.");
}

// Whether an ARN is of a stream; other sources are refused.
LambdaStatus CheckSource(const std::string& arn) {
  if (!arn.starts_with("arn:aws:")) {
    return InvalidParameterValue("Unrecognized event source.");
  }
  if (arn.find(kStreamService) != std::string::npos) {
    return arn.find(kStreamPart) == std::string::npos
               ? LambdaStatus(InvalidParameterValue("Unrecognized event source."))
               : LambdaStatus();
  }
  for (const std::string_view other : {":sqs:", ":kinesis:", ":kafka:", ":mq:", ":rds:"}) {
    if (arn.find(other) != std::string::npos) {
      return InvalidParameterValue("EventSourceArn " + arn + " is not supported by Weir yet");
    }
  }
  return InvalidParameterValue("Unrecognized event source.");
}

}  // namespace

Mappings::Mappings(const TriggerParts& parts) : parts_(parts) {
  const MutexLock lock(mutex_);
  for (const storage::KeptRecords::Record& record : parts_.records.All(kKind)) {
    std::optional<Mapping> mapping = ReadMapping(record.value);
    if (!mapping.has_value()) {
      parts_.report("the event source mapping " + record.key +
                    " cannot be read, so it is left out");
      continue;
    }
    const auto kept = std::make_shared<const Mapping>(*std::move(mapping));
    entries_.emplace(record.key, Entry{kept, std::make_shared<Trigger>(parts_, kept)});
  }
  // Those of mappings that were deleted while a batch was under way.
  for (const std::string& uuid : Trigger::Kept(parts_.records)) {
    if (!entries_.contains(uuid)) {
      Trigger::Forget(parts_.records, uuid);
    }
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
              mapping.function_arn.substr(mapping.function_arn.find(":function:") + 10) +
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
  if (!request.event_source_arn.has_value()) {
    return InvalidParameterValue("Unrecognized event source.");
  }
  Mapping mapping;
  mapping.stream_arn = *request.event_source_arn;
  WEIR_RETURN_IF_ERROR(CheckSource(mapping.stream_arn));
  if (!request.starting_position.has_value()) {
    return InvalidParameterValue(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
        "constraint: Member must not be null.");
  }
  if (request.starting_position == "AT_TIMESTAMP") {
    return InvalidParameterValue("Unsupported starting position for arn type: " +
                                 mapping.stream_arn);
  }
  WEIR_ASSIGN_OR_RETURN(mapping.function_arn, FunctionArn(*request.function_name, region));
  if (parts_.find_stream(mapping.stream_arn) == nullptr) {
    return InvalidParameterValue("Stream not found: " + mapping.stream_arn);
  }
  mapping.uuid = boost::uuids::to_string(boost::uuids::random_generator_pure()());
  mapping.region = region;
  mapping.from_trim_horizon = request.starting_position == "TRIM_HORIZON";
  mapping.enabled = request.enabled.value_or(true);
  mapping.last_modified = parts_.pool.timeline().clock().Now();
  mapping.tags = request.tags;
  request.ApplyTo(mapping.delivery);

  const auto made = std::make_shared<const Mapping>(std::move(mapping));
  {
    const MutexLock lock(mutex_);
    if (entries_.size() >= kMost) {
      return MakeLambdaError(LambdaErrorCode::kTooManyRequests,
                             "There are " + std::to_string(kMost) + " event source mappings");
    }
    WEIR_RETURN_IF_ERROR(CheckFree(*made));
    Keep(*made);
    entries_.emplace(made->uuid, Entry{made, nullptr});
  }
  const auto trigger = std::make_shared<Trigger>(parts_, made);
  const MutexLock lock(mutex_);
  if (const auto found = entries_.find(made->uuid); found != entries_.end()) {
    found->second.trigger = trigger;
  }
  return Shown{made, {}};
}

LambdaResult<Mappings::Shown> Mappings::Update(std::string_view uuid, const MappingRequest& request,
                                               std::string_view region) {
  WEIR_ASSIGN_OR_RETURN(const Shown shown, Get(uuid));
  Mapping next = *shown.mapping;
  if (request.function_name.has_value()) {
    WEIR_ASSIGN_OR_RETURN(next.function_arn, FunctionArn(*request.function_name, region));
  }
  request.ApplyTo(next.delivery);
  next.enabled = request.enabled.value_or(next.enabled);
  next.last_modified = parts_.pool.timeline().clock().Now();
  std::shared_ptr<Trigger> trigger;
  MappingPtr changed;
  {
    const MutexLock lock(mutex_);
    const auto found = entries_.find(uuid);
    if (found == entries_.end()) {
      return NoMapping();
    }
    next.tags = found->second.mapping->tags;
    WEIR_RETURN_IF_ERROR(CheckFree(next));
    changed = std::make_shared<const Mapping>(std::move(next));
    Keep(*changed);
    found->second.mapping = changed;
    trigger = found->second.trigger;
  }
  if (trigger != nullptr) {
    trigger->Apply(changed);
  }
  return Shown{changed, shown.status};
}

LambdaResult<Mappings::Shown> Mappings::Delete(std::string_view uuid) {
  WEIR_ASSIGN_OR_RETURN(const Shown shown, Get(uuid));
  std::shared_ptr<Trigger> trigger;  // ends without the lock
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
  trigger = nullptr;
  Trigger::Forget(parts_.records, uuid);
  return shown;
}

LambdaResult<Mappings::Shown> Mappings::Get(std::string_view uuid) const {
  Entry entry;
  {
    const MutexLock lock(mutex_);
    const auto found = entries_.find(uuid);
    if (found == entries_.end()) {
      return NoMapping();
    }
    entry = found->second;
  }
  return Shown{entry.mapping, entry.trigger == nullptr ? TriggerStatus{} : entry.trigger->status()};
}

std::vector<Mappings::Shown> Mappings::All() const {
  std::vector<Shown> all;
  const MutexLock lock(mutex_);
  for (const auto& [uuid, entry] : entries_) {
    all.push_back(
        {entry.mapping, entry.trigger == nullptr ? TriggerStatus{} : entry.trigger->status()});
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
  const auto& tags = found->second.mapping->tags;
  return Tags(tags.begin(), tags.end());
}

LambdaStatus Mappings::ChangeTags(std::string_view arn,
                                  const std::function<LambdaStatus(Tags&)>& change) {
  const MutexLock lock(mutex_);
  const auto found = FindArn(arn);
  if (found == entries_.end()) {
    return NoMapping();
  }
  Mapping next = *found->second.mapping;
  Tags tags(next.tags.begin(), next.tags.end());
  WEIR_RETURN_IF_ERROR(change(tags));
  next.tags = {tags.begin(), tags.end()};
  Keep(next);
  entries_.at(found->first).mapping = std::make_shared<const Mapping>(std::move(next));
  return {};
}

}  // namespace weir::lambda
