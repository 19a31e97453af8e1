// SPDX-License-Identifier: Apache-2.0
// PartiQL statements: any text is either refused with a message, or its result depends on the item
// alone. What it selects is well formed, and what it writes is a canonical item.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/value_writer.h"
#include "expression/partiql_statement.h"
#include "protocol/json_text.h"
#include "protocol/json_tree.h"
#include "tests/fuzz/expression_input.h"
#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using expression::PartiqlStatement;
using expression::StatementType;
using expression::TargetedStatement;

// The limit of a statement's characters; measured in bytes here, which is stricter.
constexpr std::size_t kMaxStatementSize = 8192;

// Whether `text` is UTF-8: requests and items hold no other text.
bool IsUtf8(std::string_view text) {
  std::string json;
  protocol::AppendJsonString(text, json);
  return protocol::JsonTree::Parse(json).has_value();
}

// The values of the input as the parameters of a statement, packed as a list.
Item ParametersOf(const ExpressionInput& input) {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("");
  writer.BeginList();
  for (const MapView::Entry entry : input.values.attributes()) {
    writer.Copy(entry.value);
  }
  writer.EndList();
  return writer.FinishItem();
}

// Checks the columns that a SELECT shows of an item: they are canonical, and empty if there is no
// item.
void CheckColumns(const ExpressionInput& input, const PartiqlStatement& statement,
                  const Item& item) {
  if (!statement.projection().has_value()) {
    return;
  }
  const Item shown = statement.projection()->Apply(item.attributes());
  CheckCanonical(input, shown);
  FUZZ_CHECK(item || shown.attributes().empty(), input.text);
}

void CheckUpdate(const ExpressionInput& input, const PartiqlStatement& statement,
                 const Item& before) {
  const expression::Update& update = *statement.update();
  const Result<Item> after = update.Apply(before, {});
  const Result<Item> again = update.Apply(before, {});
  FUZZ_CHECK(after.ok() == again.ok(), input.text);
  if (!after.ok()) {
    return CheckRefusal(input, after.error());
  }
  FUZZ_CHECK(after.value().SameContent(again.value()), input.text);
  CheckCanonical(input, after.value());
  for (const MapView::Entry entry : before.attributes()) {
    if (expression::FindUse(update.changed(), entry.name) == nullptr) {
      const auto kept = after.value().attributes().Find(entry.name);
      FUZZ_CHECK(kept.has_value() && *kept == entry.value, input.text);
    }
  }
}

// Checks that NOT around the statement's condition negates it.
void CheckNegation(const ExpressionInput& input, const PartiqlStatement& statement,
                   ListView parameters) {
  constexpr std::string_view kPrefix = "SELECT * FROM tab WHERE ";
  if (!input.text.starts_with(kPrefix) || !statement.order().empty()) {
    return;
  }
  const std::string condition(input.text.substr(kPrefix.size()));
  const Result<TargetedStatement> parsed =
      TargetedStatement::Of(std::string(kPrefix) + "NOT (" + condition + ")");
  if (!parsed.ok()) {
    return;
  }
  const Result<PartiqlStatement> negated = parsed.value().Bind(parameters);
  if (!negated.ok() || !negated.value().where().has_value()) {
    return;  // the text ends with a comment, or has too many operators now
  }
  for (const Item& item : input.items) {
    FUZZ_CHECK(negated.value().where()->Evaluate(item.attributes()) !=
                   statement.where()->Evaluate(item.attributes()),
               input.text);
  }
}

void Run(const ExpressionInput& input) {
  if (input.text.size() > kMaxStatementSize) {
    return;
  }
  const Result<TargetedStatement> parsed = TargetedStatement::Of(input.text);
  if (!parsed.ok()) {
    return CheckRefusal(input, parsed.error());
  }
  if (!IsUtf8(input.text)) {
    return;
  }
  const Item holder = ParametersOf(input);
  const ListView parameters = (*holder.attributes().begin()).value.list();
  Result<PartiqlStatement> bound = parsed.value().Bind(parameters);
  if (!bound.ok()) {
    return CheckRefusal(input, bound.error());
  }
  // Moved, to show that a bound statement does not depend on its place in memory.
  const PartiqlStatement moved = std::move(bound).value();
  if (moved.type() == StatementType::kInsert) {
    CheckCanonical(input, moved.item());
  }
  for (const Item& item : input.items) {
    if (moved.where().has_value()) {
      const bool holds = moved.where()->Evaluate(item.attributes());
      FUZZ_CHECK(holds == moved.where()->Evaluate(item.attributes()), input.text);
    }
    CheckColumns(input, moved, item);
    if (moved.update().has_value()) {
      CheckUpdate(input, moved, item);
    }
  }
  if (moved.where().has_value()) {
    CheckNegation(input, moved, parameters);
  }
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Run(weir::fuzz::ExpressionInput(data, size));
  return 0;
}
