// SPDX-License-Identifier: Apache-2.0
// Request shapes: what AWS's service models say of each operation's input, as constant data.
//
// The tables are generated (scripts/generate-shapes) from botocore's models and a hand-kept overlay
// for what the service does differently; protocol/request_check.cc walks them. All views point at
// static storage. Shapes may refer to themselves (AttributeValue), so they are linked by pointer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace weir::protocol {

// Which layer's texts the faults in a request's values have. The old services have an older and a
// newer layer of request checks, which word the same fault differently.
enum class ValueTexts : std::uint8_t { kNewer, kOlder };

enum class ShapeKind : std::uint8_t {
  kStructure,
  kList,
  kMap,
  kString,
  kInteger,
  kLong,
  kDouble,
  kBoolean,
  kBlob,
  kTimestamp,
};

// The regular expressions of the models, each matched by hand-written code over the whole string.
enum class Pattern : std::uint8_t {
  kNone,
  kName,          // [a-zA-Z0-9_.-]+
  kAccountId,     // [0-9]{12}
  kHexBlocks,     // ([0-9a-f]{16})+
  kNoDollar,      // ^[^\$]+$
  kBucketName,    // ^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$
  kCsvDelimiter,  // [,;:|\t ]
  kCsvHeader,     // [\x20-\x21\x23-\x2B\x2D-\x7E]*
  kPrintable,     // \p{Print}+
  kXmlText,       // the characters that XML allows: no control characters but line breaks and tabs
};

struct Shape;

struct ShapeMember {
  std::string_view name;  // on the wire, e.g. "TableName"
  const Shape* shape = nullptr;
  bool required = false;
};

inline constexpr std::int64_t kUnbounded = -1;

// One type of the service model. A field that does not apply to `kind` is empty.
struct Shape {
  std::string_view name;  // the model's, e.g. "AttributeValue"; appears in some error texts
  ShapeKind kind = ShapeKind::kStructure;
  // Whether anything is required or limited here or below. If not, the checks of limits skip it.
  bool constrained = false;
  // Whether the service names a broken pattern before a broken length.
  bool pattern_first = false;
  // The length of a string is counted in code points, not in UTF-16 code units as all others are.
  bool code_points = false;
  // Set for a name that may also be given as an ARN ("arn:..."): returns the name in `text` if that
  // is such an ARN, else nullopt. The limits below are those of a plain name.
  std::optional<std::string_view> (*name_in_arn)(std::string_view text) = nullptr;
  std::int64_t min = kUnbounded;  // length of strings, blobs, lists and maps; value of numbers
  std::int64_t max = kUnbounded;
  Pattern matcher = Pattern::kNone;
  std::string_view pattern = {};                  // as error texts quote it
  std::span<const std::string_view> values = {};  // of an enum, as the service orders them
  // The fields that toString of the service's Java class shows, if they are not `members`.
  std::span<const std::string_view> echo = {};
  std::span<const ShapeMember> members = {};  // of a structure, in the order faults are reported
  const Shape* element = nullptr;             // of a list; the value of a map
  const Shape* map_key = nullptr;             // of a map
};

// How a rule checks its member and words the fault. The older layer of the service echoes the value
// and writes lower camel paths: "Value 'x' at 'limit' failed to satisfy constraint: ...". The newer
// one does neither: "Value at 'Limit' failed to satisfy constraint: ...".
enum class CheckStyle : std::uint8_t {
  kFull,                       // older text: the member and everything below it
  kSelf,                       // as kFull, but not what is below the member
  kBelow,                      // as kFull, but not the member itself
  kRequired,                   // older text: only that the member is not missing
  kBelowRequired,              // older text: only that each value of a map has its required members
  kEmptyName,                  // newer text: only that a name is not ''
  kEmptyNameEchoed,            // older text: that a name is neither missing nor ''
  kFirstFault,                 // as kSelf, but of several broken limits only the first
  kUnechoed,                   // newer text for a broken limit of a number, list or map
  kReturnValues,               // newer text for an enum, with the service's misspelt set of values
  kConditionalOperator,        // newer text for an enum, and that it joins two conditions or more
  kConditionalOperatorEchoed,  // older text for that enum; only when it joins two conditions or
                               // more
  kAttributeAction,            // newer text for AttributeUpdates.*.Action
  kBatchGetNames,              // RequestItems' keys; the map is echoed as JSON
  kBatchGetCounts,             // RequestItems and its Keys, newer texts
  kRequiredParameter,  // "The parameter 'TableName' is required but was not present in the request"
  kShortName,          // "TableName must be at least 3 characters long and at most 255 ..."
  kRequestItems,       // "The requestItems parameter is required for BatchWriteItem" when empty
};

struct CheckRule {
  const ShapeMember* member = nullptr;
  CheckStyle style = CheckStyle::kFull;
  bool bare = false;            // the fault comes without "1 validation error detected: "
  std::string_view joins = {};  // kConditionalOperator: the map whose conditions it joins
};

// Faults of one stage are joined; a stage with faults ends the check. A stage with `if_missing`
// applies only if the request does not have that member.
struct CheckStage {
  std::span<const CheckRule> rules;
  bool first_only = false;  // stop after the first rule that finds faults
  std::string_view if_missing = {};
};

struct OperationShape {
  std::string_view target;  // its X-Amz-Target: <prefix>.<operation>
  std::string_view name;    // "PutItem"
  const Shape* input = nullptr;
  // The members that name the operation's resource, as the service's model says: "TableName", or a
  // JMESPath such as "keys(RequestItems)". Empty for an operation that names no resource.
  std::string_view resource = {};
  std::string_view java_package = {};  // of the service's classes, which some texts name
  std::span<const CheckStage> stages = {};
  // What the service checks only after the mix of legacy and expression parameters.
  std::span<const CheckStage> late = {};
};

}  // namespace weir::protocol
