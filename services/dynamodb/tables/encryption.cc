// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/encryption.h"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "services/dynamodb/database.h"

namespace weir::dynamodb {
namespace {

constexpr std::string_view kAlias = "alias/";
// The key of a table that asks for KMS without naming a key.
constexpr std::string_view kManagedAlias = "alias/aws/dynamodb";

// A UUID that is always the same for the same text.
std::string StableUuid(std::string_view text) {
  const boost::uuids::name_generator_sha1 generator(boost::uuids::ns::url());
  return boost::uuids::to_string(generator(text.data(), text.size()));
}

bool AsksForKms(const SseSpecification& specification) {
  return specification.enabled.value_or(specification.sse_type.has_value());
}

}  // namespace

Status CheckEncryption(const SseSpecification& specification) {
  if (specification.enabled == false) {
    if (specification.sse_type.has_value()) {
      return InvalidParameter("SSEType can not be specified if Enabled is false");
    }
    if (specification.kms_master_key_id.has_value()) {
      return InvalidParameter("KMSMasterKeyId can not be specified if Enabled is false");
    }
  }
  if (specification.sse_type == SseType::kAes256) {
    return InvalidParameter("SSEType AES256 is not supported");
  }
  if (specification.kms_master_key_id.has_value() && !specification.sse_type.has_value()) {
    return InvalidParameter("SSEType KMS is required if KMSMasterKeyId is specified");
  }
  return {};
}

std::optional<std::string> KeyOf(const SseSpecification& specification, std::string_view region) {
  if (!AsksForKms(specification)) {
    return std::nullopt;
  }
  std::string_view key = kManagedAlias;
  if (specification.kms_master_key_id.has_value()) {
    key = *specification.kms_master_key_id;
  }
  const std::string keys =
      "arn:aws:kms:" + std::string(region) + ":" + std::string(kAccountId) + ":key/";
  const std::size_t alias = key.find(kAlias);
  if (alias == 0 || (alias != std::string_view::npos && key[alias - 1] == ':')) {
    return keys + StableUuid(std::string(region) + std::string(key.substr(alias)));
  }
  return key.starts_with("arn:") ? std::string(key) : keys + std::string(key);
}

Status ChangeEncryption(const SseSpecification& specification, std::string_view region, Micros now,
                        Micros due, storage::TableMetadata& table) {
  const std::optional<std::string>& current = table.encryption_key.value();
  std::optional<std::string> wanted = KeyOf(specification, region);
  if (!wanted.has_value() && !current.has_value()) {
    return InvalidParameter("Table is already encrypted by default");
  }
  // Only the present key's ARN is refused: by another name, or by none, the same key is set again.
  if (specification.kms_master_key_id.has_value() && specification.kms_master_key_id == current) {
    return InvalidParameter(
        "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you "
        "want to change Master Key");
  }
  table.encryption_key.Set(std::move(wanted), now, due);
  return {};
}

std::optional<SseDescription> DescribeEncryption(const std::optional<std::string>& shown,
                                                 bool settled) {
  if (settled && !shown.has_value()) {
    return std::nullopt;
  }
  SseDescription description;
  description.status = settled ? SseStatus::kEnabled : SseStatus::kUpdating;
  if (shown.has_value()) {
    description.sse_type = SseType::kKms;
    description.kms_master_key_arn = shown;
  }
  return description;
}

}  // namespace weir::dynamodb
