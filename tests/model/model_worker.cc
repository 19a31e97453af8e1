// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_worker.h"

#include <algorithm>

namespace weir::model {
namespace {

constexpr std::size_t kPartitions = 3;

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
    } else if (choice < 54) {
      Update();
    } else if (choice < 62) {
      Delete();
    } else if (choice < 68) {
      BatchWrite();
    } else if (choice < 78) {
      Get();
    } else if (choice < 84) {
      BatchGet();
    } else if (choice < 98) {
      Query();
    } else {
      Scan();
    }
  }
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

Json Worker::AnyItem(const TableModel& table) {
  Json item = generator_.Attributes();
  item.update(AnyKey(table));
  return item;
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

Json Worker::Figure(const Json& request, const std::string& table, double units) {
  const std::string wanted = request.value("ReturnConsumedCapacity", "NONE");
  if (wanted == "NONE") {
    return {};
  }
  Json figure = {{"TableName", table}, {"CapacityUnits", units}};
  if (wanted == "INDEXES") {
    figure["Table"] = {{"CapacityUnits", units}};
  }
  return figure;
}

void Worker::AddFigure(const Json& request, double units, Json& expected) {
  const Json figure = Figure(request, request["TableName"], units);
  if (!figure.is_null()) {
    expected["ConsumedCapacity"] = figure;
  }
}

}  // namespace weir::model
