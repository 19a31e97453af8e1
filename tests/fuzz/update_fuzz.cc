// SPDX-License-Identifier: Apache-2.0
// UpdateExpression: its result depends on the item before alone, differs from it only in the
// attributes that the update names, and is a canonical item.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expression/update.h"
#include "tests/fuzz/expression_input.h"
#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using expression::Placeholders;
using expression::Update;

// Checks that attributes that the update does not name are unchanged.
void CheckUntouched(const ExpressionInput& input, const Update& update, const Item& before,
                    const Item& after) {
  for (const Item* side : {&before, &after}) {
    for (const MapView::Entry entry : side->attributes()) {
      if (expression::FindUse(update.changed(), entry.name) != nullptr) {
        continue;
      }
      const std::optional<Value> other =
          (side == &before ? after : before).attributes().Find(entry.name);
      FUZZ_CHECK(other.has_value() && *other == entry.value, input.text);
    }
  }
}

void CheckReturned(const ExpressionInput& input, const Item& returned, const Item& item) {
  FUZZ_CHECK(!returned || !returned.attributes().empty(), input.text);
  FUZZ_CHECK(IsPartOf(returned.attributes(), item.attributes()), input.text);
  CheckCanonical(input, returned);
}

void CheckUpdate(const ExpressionInput& input, const Update& update, const Item& before,
                 MapView key) {
  const Result<Item> after = update.Apply(before, key);
  const Result<Item> again = update.Apply(before, key);
  FUZZ_CHECK(after.ok() == again.ok(), input.text);
  if (!after.ok()) {
    CheckRefusal(input, after.error());
    FUZZ_CHECK(after.error().message == again.error().message, input.text);
    return;
  }
  FUZZ_CHECK(after.value().SameContent(again.value()), input.text);
  if (!after.value()) {  // no item before and none after
    FUZZ_CHECK(!before, input.text);
    return;
  }
  CheckCanonical(input, after.value());
  CheckUntouched(input, update, before ? before : Item::FromContents(key.contents()),
                 after.value());
  CheckReturned(input, update.UpdatedOld(before), before);
  CheckReturned(input, update.UpdatedNew(after.value()), after.value());
}

void Run(const ExpressionInput& input) {
  Placeholders placeholders = input.MakePlaceholders();
  if (const Status keys = placeholders.CheckKeys(); !keys.ok()) {
    return CheckRefusal(input, keys.error());
  }
  const Result<Update> update = Update::Parse(input.text, placeholders);
  if (!update.ok()) {
    return CheckRefusal(input, update.error());
  }
  FUZZ_CHECK(update.value().Charge() > update.value().changed().size(), input.text);
  for (const expression::AttributeUse& use : update.value().changed()) {
    FUZZ_CHECK(expression::FindUse(update.value().attributes(), use.name) != nullptr, input.text);
  }
  for (const Item& item : input.items) {
    CheckUpdate(input, update.value(), item, MapView());
  }
  CheckUpdate(input, update.value(), Item(), input.items.back().attributes());
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Run(weir::fuzz::ExpressionInput(data, size));
  return 0;
}
