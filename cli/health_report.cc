// SPDX-License-Identifier: Apache-2.0
#include "cli/health_report.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/memory.h"
#include "core/system.h"

namespace weir::cli {
namespace {

using Json = nlohmann::ordered_json;

// How many tables are named, the largest first.
constexpr std::size_t kTablesNamed = 10;

Json OrNull(std::uint64_t value) {
  return value == 0 ? Json() : Json(value);
}

struct TableUse {
  std::string name;
  storage::Statistics statistics;
};

Json TablesReport(dynamodb::Database& database) {
  std::vector<TableUse> tables;
  storage::Statistics all;
  for (const storage::TablePtr& table : database.tables().All()) {
    tables.push_back({table->metadata()->name, table->statistics()});
    all.item_count += tables.back().statistics.item_count;
    all.size_bytes += tables.back().statistics.size_bytes;
  }
  std::sort(tables.begin(), tables.end(), [](const TableUse& a, const TableUse& b) {
    return a.statistics.size_bytes > b.statistics.size_bytes;
  });
  Json largest = Json::array();
  for (std::size_t i = 0; i < std::min(tables.size(), kTablesNamed); ++i) {
    largest.push_back({{"tableName", tables[i].name},
                       {"items", tables[i].statistics.item_count},
                       {"bytes", tables[i].statistics.size_bytes}});
  }
  return {{"count", tables.size()},
          {"items", all.item_count},
          {"bytes", all.size_bytes},
          {"largest", std::move(largest)}};
}

Json BackupsReport(dynamodb::Database& database) {
  std::uint64_t bytes = 0;
  const std::vector<storage::BackupPtr> backups = database.backups().All();
  for (const storage::BackupPtr& backup : backups) {
    bytes += backup->image.statistics.size_bytes;
  }
  return {{"count", backups.size()}, {"bytes", bytes}};
}

Json MemoryReport(dynamodb::Database& database) {
  const MemoryUse use = ReadMemoryUse();
  const storage::LogBudget& records = *database.log_budget();
  return {{"residentBytes", use.resident},
          {"limitBytes", OrNull(use.limit)},
          {"allocatedBytes", system::AllocatedMemory()},
          {"freeBytes", system::FreeMemory()},
          {"tables", TablesReport(database)},
          {"backups", BackupsReport(database)},
          {"streams", {{"bytes", records.used()}, {"limitBytes", records.limit()}}}};
}

std::string_view NameOf(storage::Durability durability) {
  switch (durability) {
    case storage::Durability::kAlways:
      return "always";
    case storage::Durability::kInterval:
      return "interval";
    case storage::Durability::kOff:
      break;
  }
  return "off";
}

Json FolderReport(const storage::DataStore& store, const std::string& folder) {
  const storage::Journal& journal = store.journal();
  const storage::LogIndex::Extent extent = store.index().extent();
  const storage::DataStore::Checkpoint checkpoint = store.checkpoint();
  const std::string failure = journal.failure();
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  return {{"path", folder},
          {"durability", NameOf(journal.durability())},
          {"writable", journal.writable()},
          {"failure", text_or_null(failure)},
          {"rows", journal.last()},
          {"syncedRows", journal.synced()},
          {"journal", {{"files", extent.files}, {"bytes", extent.bytes}}},
          {"checkpoint",
           {{"rows", checkpoint.after},
            {"bytes", checkpoint.bytes},
            {"failure", text_or_null(checkpoint.failure)}}}};
}

void AppendMember(std::string_view name, const Json& value, std::string& members) {
  members.append(",\"").append(name).append("\":");
  // A folder's path need not be text.
  members += value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void AppendHealthReport(dynamodb::Database& database, const storage::DataStore* store,
                        const std::string& folder, std::string& members) {
  AppendMember("memory", MemoryReport(database), members);
  if (store != nullptr) {
    AppendMember("dataFolder", FolderReport(*store, folder), members);
  }
}

}  // namespace weir::cli
