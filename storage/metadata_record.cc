// SPDX-License-Identifier: Apache-2.0
#include "storage/metadata_record.h"

#include <memory>

namespace weir::storage {
namespace {

// Computes what the records of index definitions lack.
void Complete(TableMetadata& metadata) {
  for (IndexDefinitionPtr& index : metadata.indexes) {
    auto whole = std::make_shared<IndexDefinition>(*index);
    whole->projected = ProjectedAttributes(*whole, metadata.key_schema);
    index = std::move(whole);
  }
  if (metadata.online_index.has_value() && metadata.online_index->before != nullptr) {
    auto before = std::make_shared<TableMetadata>(*metadata.online_index->before);
    Complete(*before);
    metadata.online_index->before = std::move(before);
  }
}

bool HasNullIndex(const TableMetadata& metadata) {
  for (const IndexDefinitionPtr& index : metadata.indexes) {
    if (index == nullptr) {
      return true;
    }
  }
  return metadata.online_index.has_value() && metadata.online_index->before != nullptr &&
         HasNullIndex(*metadata.online_index->before);
}

}  // namespace

void WriteMetadata(const TableMetadata& metadata, RecordWriter& writer) {
  writer.Write(kMetadataRecordVersion, metadata);
}

TableMetadataPtr ReadMetadata(RecordReader& reader) {
  auto metadata = std::make_shared<TableMetadata>();
  if (reader.Unsigned() != kMetadataRecordVersion) {
    reader.Fail();
    return nullptr;
  }
  reader.Read(*metadata);
  if (reader.failed() || HasNullIndex(*metadata)) {
    reader.Fail();
    return nullptr;
  }
  Complete(*metadata);
  return metadata;
}

}  // namespace weir::storage
