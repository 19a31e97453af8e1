// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "protocol/check_echo.h"
#include "protocol/check_fault.h"
#include "protocol/check_limits.h"
#include "protocol/check_string.h"
#include "protocol/check_types.h"

namespace weir::protocol {
namespace {

constexpr std::string_view kNotEmpty = "have length greater than or equal to 1";

// Texts of the newer layer, to the letter, although the service accepts other sets of values.
constexpr std::string_view kReturnValuesFault =
    "Failed to satisfy constraint: Member must satisfy enum value set: "
    "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
constexpr std::string_view kConditionalOperatorFault =
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
constexpr std::string_view kAttributeActionFault =
    "Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action";

// Runs the rules of one stage over a request.
class StageCheck {
 public:
  StageCheck(const JsonNode& root, const CheckStage& stage) : root_(root), stage_(stage) {}

  // The error that lists the faults of the stage; nullopt if there are none.
  [[nodiscard]] std::optional<ApiError> Run();

 private:
  using Value = std::optional<JsonNode>;

  void Apply(const CheckRule& rule);
  void ApplyName(const CheckRule& rule, const Value& value);
  void ApplyBatchGet(const CheckRule& rule, const Value& value);
  void CheckNoNullLists(const JsonNode& request_items);
  void CheckFirstFault(const ShapeMember& member, const Value& value);
  void CheckUnechoed(const ShapeMember& member, const Value& value);
  void CheckConditionalOperator(const CheckRule& rule, const Value& value);
  void CheckActions(const Value& updates);
  void CheckBelowRequired(const ShapeMember& member, const Value& map);
  void CheckKeyCounts(const JsonNode& tables, const Shape& table);

  JsonNode root_;
  const CheckStage& stage_;
  FaultList faults_;
};

std::optional<ApiError> StageCheck::Run() {
  if (!stage_.if_missing.empty() && root_.Find(stage_.if_missing)) {
    return std::nullopt;
  }
  for (const CheckRule& rule : stage_.rules) {
    const bool clean = faults_.empty();
    Apply(rule);
    if (clean && !faults_.empty()) {
      if (rule.bare) {
        faults_.MakeBare();
      }
      if (stage_.first_only || rule.bare) {
        break;
      }
    }
  }
  return faults_.empty() ? std::nullopt : std::optional(faults_.ToError());
}

void StageCheck::Apply(const CheckRule& rule) {
  const ShapeMember& member = *rule.member;
  const MemberPath path(nullptr, member.name);
  const Value value = root_.Find(member.name);
  switch (rule.style) {
    case CheckStyle::kFull:
      return CheckMember(root_, member, nullptr, faults_);
    case CheckStyle::kSelf:
      return value ? CheckSelf(*value, *member.shape, path, faults_)
                   : CheckPresence(member, path, faults_);
    case CheckStyle::kBelow:
      return value ? CheckBelow(*value, *member.shape, path, faults_) : void();
    case CheckStyle::kRequired:
      return value ? void() : CheckPresence(member, path, faults_);
    case CheckStyle::kBelowRequired:
      return CheckBelowRequired(member, value);
    case CheckStyle::kFirstFault:
      return CheckFirstFault(member, value);
    case CheckStyle::kUnechoed:
      return CheckUnechoed(member, value);
    case CheckStyle::kReturnValues:
      return value && !FitsString(value->text(), *member.shape)
                 ? faults_.Add(std::string(kReturnValuesFault))
                 : void();
    case CheckStyle::kConditionalOperator:
    case CheckStyle::kConditionalOperatorEchoed:
      return CheckConditionalOperator(rule, value);
    case CheckStyle::kAttributeAction:
      return CheckActions(value);
    case CheckStyle::kBatchGetNames:
    case CheckStyle::kBatchGetCounts:
    case CheckStyle::kRequestItems:
      return ApplyBatchGet(rule, value);
    case CheckStyle::kEmptyName:
    case CheckStyle::kEmptyNameEchoed:
    case CheckStyle::kRequiredParameter:
    case CheckStyle::kShortName:
      return ApplyName(rule, value);
  }
}

void StageCheck::ApplyName(const CheckRule& rule, const Value& value) {
  const ShapeMember& member = *rule.member;
  const MemberPath path(nullptr, member.name);
  if (rule.style == CheckStyle::kRequiredParameter) {
    if (!value) {
      faults_.AddBare("The parameter '" + std::string(member.name) +
                      "' is required but was not present in the request");
    }
  } else if (rule.style == CheckStyle::kEmptyNameEchoed && !value) {
    CheckPresence(member, path, faults_);
  } else if (rule.style == CheckStyle::kShortName) {
    constexpr std::size_t kMinSize = 3;
    constexpr std::size_t kMaxSize = 255;
    const std::size_t size = value ? Utf16Size(value->text()) : kMinSize;
    if (size < kMinSize || size > kMaxSize) {
      // The text says TableName even where the member is GlobalTableName or TargetTableName.
      const std::string name = member.name == "IndexName" ? "IndexName" : "TableName";
      faults_.AddBare(name + " must be at least 3 characters long and at most 255 characters long");
    }
  } else if (value && value->text().empty()) {
    faults_.Add(rule.style == CheckStyle::kEmptyName
                    ? UnechoedFault(member.name, kNotEmpty)
                    : EchoedFault(path, "", "Member must " + std::string(kNotEmpty)));
  }
}

void StageCheck::CheckFirstFault(const ShapeMember& member, const Value& value) {
  const MemberPath path(nullptr, member.name);
  if (!value) {
    return CheckPresence(member, path, faults_);
  }
  const std::vector<std::string> broken = BrokenLimits(*value, *member.shape);
  if (!broken.empty()) {
    faults_.Add(
        EchoedFault(path, JavaEcho(*value, *member.shape), "Member must " + broken.front()));
  }
}

void StageCheck::CheckUnechoed(const ShapeMember& member, const Value& value) {
  if (value) {
    for (const std::string& rule : BrokenLimits(*value, *member.shape)) {
      faults_.Add(UnechoedFault(member.name, rule));
    }
  }
}

void StageCheck::CheckConditionalOperator(const CheckRule& rule, const Value& value) {
  if (!value) {
    return;
  }
  const Value joined = root_.Find(rule.joins);
  const std::size_t joins = joined ? joined->size() : 0;
  if (rule.style == CheckStyle::kConditionalOperatorEchoed) {
    if (joins > 1) {
      CheckSelf(*value, *rule.member->shape, MemberPath(nullptr, rule.member->name), faults_);
    }
  } else if (joins == 0) {
    faults_.Add("ConditionalOperator cannot be used without Filter or Expected");
  } else if (joins == 1) {
    faults_.Add(
        "ConditionalOperator can only be used when Filter or Expected has two or more elements");
  } else if (!FitsString(value->text(), *rule.member->shape)) {
    faults_.Add(std::string(kConditionalOperatorFault));
  }
}

void StageCheck::CheckActions(const Value& updates) {
  if (!updates) {
    return;
  }
  for (const JsonNode update : *updates) {
    const Value action = update.Find("Action");
    if (action && action->text() != "ADD" && action->text() != "DELETE" &&
        action->text() != "PUT") {
      return faults_.Add(std::string(kAttributeActionFault));
    }
  }
}

void StageCheck::CheckBelowRequired(const ShapeMember& member, const Value& map) {
  if (!map) {
    return;
  }
  const MemberPath path(nullptr, member.name);
  for (const JsonNode child : *map) {
    const MemberPath child_path = MemberPath::Value(path, child.key());
    for (const ShapeMember& inner : member.shape->element->members) {
      if (child.kind() == JsonKind::kObject && !child.Find(inner.name)) {
        CheckPresence(inner, MemberPath(&child_path, inner.name), faults_);
      }
    }
  }
}

void StageCheck::CheckNoNullLists(const JsonNode& request_items) {
  for (const JsonNode entry : request_items) {
    if (entry.kind() == JsonKind::kNull) {  // the text is DynamoDB Local's
      faults_.AddBare("The batch write request list for a table cannot be null or empty: " +
                      std::string(entry.key()));
      return;
    }
  }
}

void StageCheck::ApplyBatchGet(const CheckRule& rule, const Value& value) {
  const ShapeMember& member = *rule.member;
  const MemberPath path(nullptr, member.name);
  if (rule.style == CheckStyle::kRequestItems) {
    if (value && value->size() == 0) {
      faults_.AddBare("The requestItems parameter is required for BatchWriteItem");
    }
    if (value) {
      CheckNoNullLists(*value);
    }
  } else if (!value) {
    CheckPresence(member, path, faults_);
  } else if (rule.style == CheckStyle::kBatchGetNames) {
    if (const auto broken = BrokenKeyLimits(*value, *member.shape)) {
      faults_.Add(EchoedFault(path, JsonEcho(*value, *member.shape), *broken));
    }
  } else {
    CheckUnechoed(member, value);
    CheckKeyCounts(*value, *member.shape->element);
  }
}

// Of the faults in KeysAndAttributes, only a list of keys that is too short or too long has a newer
// text; all others have older ones.
void StageCheck::CheckKeyCounts(const JsonNode& tables, const Shape& table) {
  const MemberPath path(nullptr, "RequestItems");
  for (const JsonNode request : tables) {
    if (faults_.full()) {
      return;
    }
    if (request.kind() == JsonKind::kNull) {
      continue;
    }
    const MemberPath table_path = MemberPath::Value(path, request.key());
    for (const ShapeMember& member : table.members) {
      const Value keys = request.Find(member.name);
      if (member.name != "Keys" || !keys) {
        CheckMember(request, member, &table_path, faults_);
        continue;
      }
      std::string keys_path = "RequestItems.";
      keys_path.append(TruncateUtf8(request.key(), kMaxEchoSize)).append(".member.Keys");
      for (const std::string& rule : BrokenLimits(*keys, *member.shape)) {
        faults_.Add(UnechoedFault(keys_path, rule));
      }
    }
  }
}

Status RunStages(const JsonNode& root, std::span<const CheckStage> stages) {
  for (const CheckStage& stage : stages) {
    if (std::optional<ApiError> error = StageCheck(root, stage).Run()) {
      return *std::move(error);
    }
  }
  return {};
}

}  // namespace

Result<ValueTexts> CheckRequest(const JsonNode& root, const OperationShape& operation) {
  if (root.kind() != JsonKind::kObject) {
    return MakeError(ErrorCode::kSerialization, {});
  }
  TypeCheck types = CheckTypes(root, operation);
  if (types.error) {
    return *std::move(types.error);
  }
  if (types.suspicious) {
    WEIR_RETURN_IF_ERROR(RunStages(root, operation.stages));
  }
  return types.irregular_values ? ValueTexts::kOlder : ValueTexts::kNewer;
}

Status CheckLateMembers(const JsonNode& root, const OperationShape& operation) {
  return RunStages(root, operation.late);
}

}  // namespace weir::protocol
