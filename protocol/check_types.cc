// SPDX-License-Identifier: Apache-2.0
#include "protocol/check_types.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "core/base64.h"
#include "core/text.h"
#include "protocol/check_string.h"

namespace weir::protocol {
namespace {

// Where a value stands; the text for a wrong type depends on it.
enum class Place : std::uint8_t {
  kMember,   // a member of a structure
  kElement,  // an element of a list or a value of a map
};

constexpr std::string_view kStartOfStructure = "Start of structure or map found where not expected";
// The service's own exception, which leaks for a scalar where a list or map should stand in a list
// or map.
constexpr std::string_view kParameterizedType =
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
    "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
    "java.lang.Class are in module java.base of loader 'bootstrap')";

bool IsNumber(JsonKind kind) {
  return kind == JsonKind::kInteger || kind == JsonKind::kDecimal;
}

// The simple name of the Java class that a scalar shape is read into.
std::string_view JavaName(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::kInteger:
      return "Integer";
    case ShapeKind::kLong:
      return "Long";
    case ShapeKind::kDouble:
      return "Double";
    case ShapeKind::kBoolean:
      return "Boolean";
    case ShapeKind::kTimestamp:
      return "Date";
    default:
      return "String";
  }
}

// The Java type of a shape, as texts name it.
std::string JavaType(const Shape& shape, std::string_view package) {
  switch (shape.kind) {
    case ShapeKind::kStructure:
      return std::string(package).append(shape.name);
    case ShapeKind::kList:
      return "java.util.List<" + JavaType(*shape.element, package) + ">";
    case ShapeKind::kMap:
      return "java.util.Map<java.lang.String, " + JavaType(*shape.element, package) + ">";
    case ShapeKind::kBlob:
      return "java.nio.ByteBuffer";
    case ShapeKind::kTimestamp:
      return "java.util.Date";
    default:
      return std::string("java.lang.").append(JavaName(shape.kind));
  }
}

// The text for a JSON array where the shape is not a list.
std::string UnexpectedArray(const Shape& shape, std::string_view package) {
  const bool generic = shape.kind == ShapeKind::kMap;
  return (generic ? "Unrecognized collection type " : "Unrecognized collection type class ") +
         JavaType(shape, package);
}

// The text for a scalar where the shape is a structure, list or map.
std::string_view UnexpectedScalar(const Shape& shape, Place place) {
  if (place == Place::kMember) {
    return "Unexpected field type";
  }
  return shape.kind == ShapeKind::kStructure ? "Unexpected value type in payload"
                                             : kParameterizedType;
}

std::size_t MemberIndex(const Shape& shape, std::string_view name) {
  std::size_t index = 0;
  while (index < shape.members.size() && shape.members[index].name != name) {
    ++index;
  }
  return index;
}

class TypeWalker {
 public:
  explicit TypeWalker(std::string_view package) : package_(package) {}

  // Each walk returns whether the types are right, and stops at the first that is not.
  bool Walk(const JsonNode& node, const Shape& shape, Place place);
  bool WalkStructure(const JsonNode& node, const Shape& shape);

  TypeCheck Take() && { return std::move(result_); }

 private:
  bool WalkMap(const JsonNode& node, const Shape& shape);
  bool WalkList(const JsonNode& node, const Shape& shape);
  bool WalkScalar(const JsonNode& node, const Shape& shape);
  bool WalkBoolean(const JsonNode& node, const Shape& shape);
  bool WalkBlob(const JsonNode& node, const Shape& shape);

  bool Fail(std::string text) {
    result_.error = MakeError(ErrorCode::kSerialization, std::move(text));
    return false;
  }

  void Expect(bool kept) { result_.suspicious |= !kept; }
  void ExpectSize(std::int64_t size, const Shape& shape) {
    Expect(size >= shape.min && (shape.max == kUnbounded || size <= shape.max));
  }

  const std::string_view package_;
  TypeCheck result_;
};

bool TypeWalker::Walk(const JsonNode& node, const Shape& shape, Place place) {
  const JsonKind kind = node.kind();
  if (kind == JsonKind::kNull) {
    return true;
  }
  if (kind == JsonKind::kArray) {
    return shape.kind == ShapeKind::kList ? WalkList(node, shape)
                                          : Fail(UnexpectedArray(shape, package_));
  }
  if (kind == JsonKind::kObject) {
    if (shape.kind == ShapeKind::kStructure) {
      return WalkStructure(node, shape);
    }
    return shape.kind == ShapeKind::kMap ? WalkMap(node, shape)
                                         : Fail(std::string(kStartOfStructure));
  }
  switch (shape.kind) {
    case ShapeKind::kStructure:
    case ShapeKind::kList:
    case ShapeKind::kMap:
      return Fail(std::string(UnexpectedScalar(shape, place)));
    case ShapeKind::kBoolean:
      return WalkBoolean(node, shape);
    case ShapeKind::kBlob:
      return WalkBlob(node, shape);
    default:
      return WalkScalar(node, shape);
  }
}

bool TypeWalker::WalkStructure(const JsonNode& node, const Shape& shape) {
  std::uint64_t given = 0;
  for (const JsonNode child : node) {
    const std::size_t index = MemberIndex(shape, child.key());
    if (index == shape.members.size()) {
      continue;  // the service ignores members it does not know
    }
    const std::uint64_t bit = std::uint64_t{1} << index;
    given = child.kind() == JsonKind::kNull ? given & ~bit : given | bit;
    if (!Walk(child, *shape.members[index].shape, Place::kMember)) {
      return false;
    }
  }
  const bool several = (given & (given - 1)) != 0;
  result_.irregular_values |= several && shape.name == "AttributeValue";
  if (shape.constrained) {
    for (std::size_t i = 0; i < shape.members.size(); ++i) {
      Expect(!shape.members[i].required || (given >> i & 1) != 0);
    }
  }
  return true;
}

bool TypeWalker::WalkMap(const JsonNode& node, const Shape& shape) {
  ExpectSize(node.size(), shape);
  for (const JsonNode child : node) {
    Expect(!shape.constrained || child.kind() != JsonKind::kNull);
    Expect(!shape.map_key->constrained || FitsString(child.key(), *shape.map_key));
    if (!Walk(child, *shape.element, Place::kElement)) {
      return false;
    }
  }
  return true;
}

bool TypeWalker::WalkList(const JsonNode& node, const Shape& shape) {
  ExpectSize(node.size(), shape);
  for (const JsonNode child : node) {
    Expect(!shape.constrained || child.kind() != JsonKind::kNull);
    if (!Walk(child, *shape.element, Place::kElement)) {
      return false;
    }
  }
  return true;
}

bool TypeWalker::WalkScalar(const JsonNode& node, const Shape& shape) {
  const JsonKind kind = node.kind();
  const bool right = shape.kind == ShapeKind::kString ? kind == JsonKind::kString : IsNumber(kind);
  if (!right) {
    std::string text(TokenName(kind));
    text += " cannot be converted to ";
    text += JavaName(shape.kind);
    return Fail(std::move(text));
  }
  if (!shape.constrained) {
    return true;
  }
  if (shape.kind == ShapeKind::kString) {
    Expect(FitsString(node.text(), shape));
  } else {
    ExpectSize(shape.kind == ShapeKind::kInteger ? ReadInteger(node) : node.integer(), shape);
  }
  return true;
}

bool TypeWalker::WalkBoolean(const JsonNode& node, const Shape& shape) {
  if (ReadBoolean(node)) {
    result_.irregular_values |=
        node.kind() == JsonKind::kString && shape.name.ends_with("AttributeValue");
    return true;
  }
  if (node.kind() == JsonKind::kString) {
    return Fail("Unexpected token received from parser");
  }
  return Fail(std::string(TokenName(node.kind())) + " cannot be converted to Boolean");
}

bool TypeWalker::WalkBlob(const JsonNode& node, const Shape& shape) {
  if (node.kind() != JsonKind::kString) {
    return Fail("only base-64-encoded strings are convertible to bytes");
  }
  const Base64Fault fault = CheckBase64(node.text());
  if (fault != Base64Fault::kNone) {
    return Fail(Base64FaultText(fault, node.text()));
  }
  ExpectSize(static_cast<std::int64_t>(DecodedBase64Size(node.text())), shape);
  return true;
}

}  // namespace

std::string_view TokenName(JsonKind kind) {
  switch (kind) {
    case JsonKind::kTrue:
      return "TRUE_VALUE";
    case JsonKind::kFalse:
      return "FALSE_VALUE";
    case JsonKind::kInteger:
      return "NUMBER_VALUE";
    case JsonKind::kDecimal:
      return "DECIMAL_VALUE";
    default:
      return "STRING_VALUE";
  }
}

std::optional<bool> ReadBoolean(const JsonNode& node) {
  if (node.kind() == JsonKind::kTrue || node.kind() == JsonKind::kFalse) {
    return node.kind() == JsonKind::kTrue;
  }
  if (node.kind() != JsonKind::kString) {
    return std::nullopt;
  }
  constexpr std::array<std::string_view, 5> kTrueTexts = {"true", "t", "yes", "y", "1"};
  constexpr std::array<std::string_view, 5> kFalseTexts = {"false", "f", "no", "n", "0"};
  const std::string_view text = node.text();
  const auto is_text = [text](std::string_view word) { return EqualsIgnoreCase(text, word); };
  if (std::any_of(kTrueTexts.begin(), kTrueTexts.end(), is_text)) {
    return true;
  }
  if (std::any_of(kFalseTexts.begin(), kFalseTexts.end(), is_text)) {
    return false;
  }
  return std::nullopt;
}

std::int32_t ReadInteger(const JsonNode& node) {
  using Limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(node.integer(), Limits::min(), Limits::max()));
}

TypeCheck CheckTypes(const JsonNode& root, const OperationShape& operation) {
  assert(root.kind() == JsonKind::kObject);
  TypeWalker walker(operation.java_package);
  walker.WalkStructure(root, *operation.input);
  return std::move(walker).Take();
}

}  // namespace weir::protocol
