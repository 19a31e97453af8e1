// SPDX-License-Identifier: Apache-2.0
// Mappings: all event source mappings, each with the trigger that carries it out.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.h"
#include "protocol/rest_routes.h"
#include "services/lambda/functions/routes.h"
#include "services/lambda/mappings/mapping.h"
#include "services/lambda/mappings/mapping_request.h"
#include "services/lambda/mappings/trigger.h"

namespace weir::lambda {

// Thread-safe.
class Mappings final : public TagOwner {
 public:
  // Our own bound; on AWS it is a quota of the account.
  static constexpr std::size_t kMost = 1000;

  // Takes up the mappings of an earlier process from `parts.records`. `parts` must outlive it.
  explicit Mappings(const TriggerParts& parts);
  // Has these triggers work. To be called once.
  void Start();

  // A mapping, and how it shows: its State is "Creating", "Updating" … only in the answer to the
  // request that made it so.
  struct Shown {
    MappingPtr mapping;
    TriggerStatus status;
  };

  // The operations. `region` is that of the request.
  LambdaResult<Shown> Create(const MappingRequest& request, std::string_view region);
  LambdaResult<Shown> Update(std::string_view uuid, const MappingRequest& request,
                             std::string_view region);
  LambdaResult<Shown> Delete(std::string_view uuid);
  [[nodiscard]] LambdaResult<Shown> Get(std::string_view uuid) const;
  // In the order of their UUIDs.
  [[nodiscard]] std::vector<Shown> All() const;

  [[nodiscard]] LambdaResult<Tags> TagsOf(std::string_view arn) const override;
  LambdaStatus ChangeTags(std::string_view arn,
                          const std::function<LambdaStatus(Tags&)>& change) override;

 private:
  struct Entry {
    MappingPtr mapping;
    std::shared_ptr<Trigger> trigger;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;  // by UUID

  // The ARN of a function that a request names, with its qualifier.
  [[nodiscard]] LambdaResult<std::string> FunctionArn(std::string_view function,
                                                      std::string_view region) const;
  [[nodiscard]] LambdaStatus CheckFree(const Mapping& mapping) const WEIR_REQUIRES(mutex_);
  void Keep(const Mapping& mapping);
  [[nodiscard]] Entries::const_iterator FindArn(std::string_view arn) const WEIR_REQUIRES(mutex_);

  const TriggerParts& parts_;
  mutable Mutex mutex_;
  Entries entries_ WEIR_GUARDED_BY(mutex_);
  consumers::Lane graveyard_;  // where triggers of deleted mappings end
};

// CreateEventSourceMapping, GetEventSourceMapping, ListEventSourceMappings,
// UpdateEventSourceMapping and DeleteEventSourceMapping. `mappings` and `functions` must outlive
// the routes.
void AddMappingRoutes(protocol::RestRoutes& routes, Mappings& mappings,
                      const FunctionDirectory& functions);

}  // namespace weir::lambda
