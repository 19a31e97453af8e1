// SPDX-License-Identifier: Apache-2.0
#include "expression/attribute_updates.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "core/number.h"
#include "core/value_writer.h"

namespace weir::expression {
namespace {

bool IsSet(ValueType type) {
  return type == ValueType::kStringSet || type == ValueType::kNumberSet ||
         type == ValueType::kBinarySet;
}

// ADD takes lists although AWS's page names numbers and sets only (observed on AWS).
bool CanBeAdded(ValueType type) {
  return type == ValueType::kNumber || type == ValueType::kList || IsSet(type);
}

Status CheckUpdate(const AttributeUpdate& update) {
  if (!update.value.has_value()) {
    return update.action == UpdateAction::kDelete
               ? Status()
               : InvalidParameter(
                     "Only DELETE action is allowed when no attribute value is specified");
  }
  const ValueType type = update.value->type();
  if (update.action == UpdateAction::kDelete && !IsSet(type)) {
    return InvalidParameter("DELETE action with value is not supported for the type " +
                            std::string(TypeName(type)));
  }
  if (update.action == UpdateAction::kAdd && !CanBeAdded(type)) {
    return InvalidParameter("ADD action is not supported for the type " +
                            std::string(TypeName(type)));
  }
  return {};
}

// Writes one attribute of the item after the updates.
class AttributeWriter {
 public:
  explicit AttributeWriter(ValueWriter& writer) : writer_(writer) {}

  // `old` is the attribute's value before the update.
  Status Write(const AttributeUpdate& update, const std::optional<Value>& old) {
    if (!update.value.has_value()) {
      return {};  // DELETE
    }
    const bool combines = update.action != UpdateAction::kPut && old.has_value();
    if (!combines) {
      if (update.action != UpdateAction::kDelete) {
        writer_.Name(update.name);
        writer_.Copy(*update.value);
      }
      return {};
    }
    if (old->type() != update.value->type()) {
      return ValidationError("Type mismatch for attribute to update");
    }
    return update.action == UpdateAction::kAdd ? Add(update.name, *old, *update.value)
                                               : Subtract(update.name, *old, *update.value);
  }

 private:
  Status Add(std::string_view name, Value old, Value addend) {
    if (old.type() == ValueType::kNumber) {
      WEIR_ASSIGN_OR_RETURN(const EncodedNumber sum, AddNumbers(old.bytes(), addend.bytes()));
      writer_.Name(name);
      writer_.Number(sum.view());
      return {};
    }
    writer_.Name(name);
    if (old.type() == ValueType::kList) {
      writer_.BeginList();
      for (const ListView list : {old.list(), addend.list()}) {
        for (const Value element : list) {
          writer_.Copy(element);
        }
      }
      writer_.EndList();
      return {};
    }
    std::vector<std::string_view> elements;
    const SetView left = old.set();
    const SetView right = addend.set();
    std::set_union(left.begin(), left.end(), right.begin(), right.end(),
                   std::back_inserter(elements));
    writer_.Set(old.type(), elements);
    return {};
  }

  Status Subtract(std::string_view name, Value old, Value subtrahend) {
    std::vector<std::string_view> elements;
    const SetView left = old.set();
    const SetView right = subtrahend.set();
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(elements));
    if (!elements.empty()) {  // there are no empty sets
      writer_.Name(name);
      writer_.Set(old.type(), elements);
    }
    return {};
  }

  ValueWriter& writer_;
};

}  // namespace

Result<AttributeUpdates> AttributeUpdates::Make(std::vector<AttributeUpdate> updates) {
  for (const AttributeUpdate& update : updates) {
    WEIR_RETURN_IF_ERROR(CheckUpdate(update));
  }
  std::sort(updates.begin(), updates.end(),
            [](const AttributeUpdate& a, const AttributeUpdate& b) { return a.name < b.name; });
  AttributeUpdates checked;
  for (const AttributeUpdate& update : updates) {
    checked.changed_.push_back({update.name, false});
  }
  checked.updates_ = std::move(updates);
  return checked;
}

std::size_t AttributeUpdates::Work(std::size_t item_bytes) const {
  std::size_t work = item_bytes;
  for (const AttributeUpdate& update : updates_) {
    work += update.name.size() + (update.value.has_value() ? update.value->EncodedSize() : 0);
  }
  return work;
}

Result<Item> AttributeUpdates::Apply(const Item& before, MapView key) const {
  const bool only_deletes =
      !updates_.empty() &&
      std::all_of(updates_.begin(), updates_.end(), [](const AttributeUpdate& update) {
        return update.action == UpdateAction::kDelete;
      });
  if (!before && only_deletes) {
    return Item();
  }
  const MapView attributes = before ? before.attributes() : key;
  ValueWriter writer;
  writer.BeginItem();
  AttributeWriter attribute_writer(writer);
  // The attributes and the updates both ascend by name.
  auto update = updates_.begin();
  for (const MapView::Entry entry : attributes) {
    for (; update != updates_.end() && update->name < entry.name; ++update) {
      WEIR_RETURN_IF_ERROR(attribute_writer.Write(*update, std::nullopt));
    }
    if (update != updates_.end() && update->name == entry.name) {
      WEIR_RETURN_IF_ERROR(attribute_writer.Write(*update++, entry.value));
    } else {
      writer.Name(entry.name);
      writer.Copy(entry.value);
    }
  }
  for (; update != updates_.end(); ++update) {
    WEIR_RETURN_IF_ERROR(attribute_writer.Write(*update, std::nullopt));
  }
  return writer.FinishItem();
}

Item AttributeUpdates::Addressed(const Item& item) const {
  ValueWriter writer;
  writer.BeginItem();
  bool found = false;
  auto update = updates_.begin();
  for (const MapView::Entry entry : item.attributes()) {
    while (update != updates_.end() && update->name < entry.name) {
      ++update;
    }
    if (update != updates_.end() && update->name == entry.name) {
      writer.Name(entry.name);
      writer.Copy(entry.value);
      found = true;
    }
  }
  return found ? writer.FinishItem() : Item();
}

}  // namespace weir::expression
