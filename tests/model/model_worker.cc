// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_worker.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::model {
namespace {

constexpr std::size_t kPartitions = 3;
// The attributes that are index keys.
constexpr std::array<const char*, 3> kIndexKeys = {"g", "h", "r"};

}  // namespace

Worker::Worker(ModelServer& server, const std::vector<TableModel>& tables, unsigned number,
               std::uint64_t seed)
    : server_(server), tables_(tables), number_(number), generator_(seed) {
  for (const TableModel& table : tables) {
    contents_.emplace_back(table);
  }
}

void Worker::Run(int operations) {
  for (int i = 0; i < operations && failure_.empty(); ++i) {
    const std::size_t choice = generator_.Below(100);
    if (choice < 22) {
      Put();
    } else if (choice < 44) {
      Update();
    } else if (choice < 50) {
      Delete();
    } else if (choice < 54) {
      BatchWrite();
    } else if (choice < 60) {
      TransactWrite();
    } else if (choice < 72) {
      Statement();
    } else if (choice < 77) {
      Get();
    } else if (choice < 81) {
      BatchGet();
    } else if (choice < 84) {
      TransactGet();
    } else if (choice < 91) {
      Query();
    } else if (choice < 98) {
      QueryIndex();
    } else {
      Scan();
    }
  }
}

void Worker::Statement() {
  const std::size_t choice = generator_.Below(12);
  if (choice < 2) {
    InsertStatement();
  } else if (choice < 5) {
    UpdateStatement();
  } else if (choice < 6) {
    DeleteStatement();
  } else if (choice < 9) {
    SelectStatement();
  } else if (choice < 10) {
    BatchStatements();
  } else {
    TransactStatements();
  }
}

bool Worker::IsModest(const Json& item) {
  constexpr std::size_t kLargestItem = 6000;
  constexpr std::size_t kDeepestItem = 20;
  return item.is_null() || (ItemSize(item) <= kLargestItem && Depth(item) <= kDeepestItem);
}

Json Worker::AnyPartition(const TableModel& table) {
  const std::size_t partition = generator_.Below(kPartitions);
  if (table.key.hash.type == "N") {
    return {{"N", std::to_string(number_ * kPartitions + partition)}};
  }
  return {{"S", "writer " + std::to_string(number_) + "." + std::to_string(partition)}};
}

Json Worker::AnyKey(const TableModel& table) {
  Json key = Json::object();
  key[table.key.hash.name] = AnyPartition(table);
  if (const std::optional<KeyPart>& range = table.key.range) {
    Json value = Canonical(generator_.ValueOf(range->type));
    while (ContentOf(value) == "") {
      value = Canonical(generator_.ValueOf(range->type));
    }
    key[range->name] = value;
  }
  return key;
}

Worker::Target Worker::AnyTarget() {
  const std::size_t index = generator_.Below(tables_.size());
  const TableModel& table = tables_[index];
  Json key = AnyKey(table);
  Json item = contents_[index].Get(key);
  generator_.LookAt(item);
  return {table, contents_[index], std::move(key), std::move(item)};
}

Json Worker::AnyItem(const TableModel& table) {
  Json item = generator_.Attributes();
  for (const char* name : kIndexKeys) {
    if (!generator_.OneIn(4)) {
      item[name] = IndexKeyValue(name);
    }
  }
  item.update(AnyKey(table));
  return item;
}

Json Worker::IndexKeyValue(const std::string& name) {
  if (name == "r") {
    return generator_.ValueOf("N");
  }
  if (name == "h") {
    return {{"B", EncodeBase64(generator_.Pick(
                      {"a", "ab", "b", std::string_view("\0", 1), std::string_view("\0\0", 2),
                       std::string_view("a\0", 2), std::string_view("\0\xFF", 2), "\xFF"}))}};
  }
  return {{"S", "group " + std::to_string(number_) + "." + std::to_string(generator_.Below(2))}};
}

void Worker::AddIndexKeyActions(model::Update& update) {
  for (const char* name : kIndexKeys) {
    if (generator_.OneIn(4)) {
      update.actions.push_back({Action::Kind::kRemove, {{name, 0}}, {}});
    } else if (generator_.OneIn(3)) {
      const Term value{Term::Kind::kValue, IndexKeyValue(name), {}, {}};
      update.actions.push_back({Action::Kind::kSet, {{name, 0}}, value});
    }
  }
}

Json Worker::Respelled(const Json& key) {
  Json respelled = key;
  for (Json& value : respelled) {
    if (value.contains("N") && generator_.OneIn(2)) {
      const std::string text = value["N"];
      value["N"] = text + (text.find('.') == std::string::npos ? ".00" : "0");
    }
  }
  return respelled;
}

void Worker::Fail(const char* operation, const Json& request, const Json& answer,
                  const std::string& expected) {
  if (failure_.empty()) {
    failure_ = std::string(operation) + " " + request.dump() + "\nanswered " + answer.dump() +
               "\nnot      " + expected;
  }
}

void Worker::Compare(const char* operation, const Json& request, const Json& answer,
                     const Json& expected) {
  if (answer != expected) {
    Fail(operation, request, answer, expected.dump());
  }
}

void Worker::Check(const char* operation, const Json& request, const Json& expected) {
  Compare(operation, request, server_.Call(operation, request), expected);
}

void Worker::CheckFault(const char* operation, const Json& request,
                        const std::vector<std::string>& texts) {
  const Json answer = server_.Call(operation, request);
  const std::string type = answer.value("__type", "");
  if (!type.ends_with("#ValidationException") ||
      std::find(texts.begin(), texts.end(), answer.value("message", "")) == texts.end()) {
    Fail(operation, request, answer, Json(texts).dump());
  }
}

void Worker::AskForCapacity(Json& request) {
  if (!generator_.OneIn(3)) {
    request["ReturnConsumedCapacity"] = generator_.Pick({"NONE", "TOTAL", "INDEXES"});
  }
}

void Worker::AddFigure(const Json& request, const Charge& charge, Json& expected) {
  AddFigure(request, request["TableName"], charge, expected);
}

void Worker::AddFigure(const Json& request, const std::string& table, const Charge& charge,
                       Json& expected) {
  const Json figure = charge.Figure(request, table);
  if (!figure.is_null()) {
    expected["ConsumedCapacity"] = figure;
  }
}

}  // namespace weir::model
