// SPDX-License-Identifier: Apache-2.0
// Encryption at rest. Weir remembers which key a table names, but encrypts nothing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

enum class SseType : std::uint8_t { kAes256, kKms };
enum class SseStatus : std::uint8_t { kEnabled, kUpdating };

template <>
struct EnumNames<SseType> {
  static constexpr std::array<EnumName<SseType>, 2> kNames{
      {{"AES256", SseType::kAes256}, {"KMS", SseType::kKms}}};
};

template <>
struct EnumNames<SseStatus> {
  static constexpr std::array<EnumName<SseStatus>, 2> kNames{
      {{"ENABLED", SseStatus::kEnabled}, {"UPDATING", SseStatus::kUpdating}}};
};

struct SseSpecification {
  std::optional<bool> enabled;
  std::optional<SseType> sse_type;
  std::optional<std::string> kms_master_key_id;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Enabled", &SseSpecification::enabled},
                           Field{"SSEType", &SseSpecification::sse_type},
                           Field{"KMSMasterKeyId", &SseSpecification::kms_master_key_id});
  }
};

struct SseDescription {
  SseStatus status = SseStatus::kEnabled;
  std::optional<SseType> sse_type;
  std::optional<std::string> kms_master_key_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Status", &SseDescription::status},
                           Field{"SSEType", &SseDescription::sse_type},
                           Field{"KMSMasterKeyArn", &SseDescription::kms_master_key_arn});
  }
};

// ValidationException unless Enabled, SSEType and KMSMasterKeyId fit each other.
Status CheckEncryption(const SseSpecification& specification);

// The ARN of the key that a request names; nullopt for the key that AWS owns. As there is no KMS, a
// key id becomes the ARN with that id, and an alias always becomes the same ARN.
std::optional<std::string> KeyOf(const SseSpecification& specification, std::string_view region);

// Changes the table's key, which shows when `due`. ValidationException if the table would just keep
// the key that AWS owns, or if the request names the present key by its ARN.
Status ChangeEncryption(const SseSpecification& specification, std::string_view region, Micros now,
                        Micros due, storage::TableMetadata& table);

// SSEDescription. `shown` is the ARN of the key to show, nullopt for the key that AWS owns;
// `settled` says that no change of the key is pending. nullopt for the key that AWS owns once it is
// settled.
std::optional<SseDescription> DescribeEncryption(const std::optional<std::string>& shown,
                                                 bool settled);

}  // namespace weir::dynamodb
