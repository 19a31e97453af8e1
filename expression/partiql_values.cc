// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_values.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <utility>

#include "core/digits.h"
#include "core/limits.h"
#include "core/number.h"
#include "core/text.h"
#include "expression/fault.h"

namespace weir::expression {
namespace {

using Kind = PartiqlNodeType;

constexpr std::string_view kBagTypes =
    "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags";

std::string NumberText(const PartiqlToken& token, bool negated) {
  return (negated ? "-" : "") + token.text;
}

// What kind of value an Ion literal is, judged by its characters:
// https://amazon-ion.github.io/ion-docs/docs/spec.html
std::string_view IonKind(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  const auto is = [&](std::string_view word) { return text == word || text.starts_with(word); };
  if (text.empty()) {
    return "SYMBOL";
  }
  if (is("{{")) {
    return text.find('"') == std::string_view::npos ? "BLOB" : "CLOB";
  }
  switch (text.front()) {
    case '{':
      return "STRUCT";
    case '[':
      return "LIST";
    case '(':
      return "SEXP";
    case '"':
      return "STRING";
    case '\'':
      return is("\'\'\'") ? "STRING" : "SYMBOL";
    default:
      break;
  }
  if (text == "true" || text == "false") {
    return "BOOL";
  }
  if (text == "null") {
    return "NULL";
  }
  if (text == "nan" || text == "+inf" || text == "-inf") {
    return "FLOAT";
  }
  const bool negative = text.front() == '-';
  if (!IsDigit(text[negative ? std::min<std::size_t>(1, text.size() - 1) : 0])) {
    return "SYMBOL";
  }
  if (!negative && text.size() > 4 && (text[4] == '-' || text[4] == 'T')) {
    return "TIMESTAMP";
  }
  if (text.starts_with("0x") || text.starts_with("0b")) {
    return "INT";
  }
  return text.find_first_of("eE") != std::string_view::npos    ? "FLOAT"
         : text.find_first_of(".dD") != std::string_view::npos ? "DECIMAL"
                                                               : "INT";
}

// What the service calls the type of a literal.
std::string_view LiteralType(const PartiqlToken& token) {
  switch (token.type) {
    case PartiqlTokenType::kNumber:
      return token.text.find_first_of(".eE") == std::string::npos ? "INT" : "DECIMAL";
    case PartiqlTokenType::kTrue:
    case PartiqlTokenType::kFalse:
      return "BOOL";
    case PartiqlTokenType::kNull:
      return "NULL";
    default:
      return IonKind(token.text);
  }
}

// "[a, b]"
template <class Text>
std::string Listed(const std::vector<Text>& texts) {
  std::string list = "[";
  for (const Text& text : texts) {
    list.append(list.size() == 1 ? "" : ", ").append(text);
  }
  return list + "]";
}

std::string_view OperatorName(std::string_view word, bool unary) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"and", "And"},         {"or", "Or"},
      {"not", "Not"},         {"=", "Eq"},
      {"<>", "Ne"},           {"<", "Lt"},
      {"<=", "Lte"},          {">", "Gt"},
      {">=", "Gte"},          {"in", "InCollection"},
      {"not_in", "Not"},      {"between", "Between"},
      {"not_between", "Not"}, {"like", "Like"},
      {"not_like", "Not"},    {"+", "Plus"},
      {"-", "Minus"},         {"*", "Times"},
      {"/", "Divide"},        {"%", "Modulo"},
      {"||", "Concat"},
  };
  if (unary && word != "not") {
    return word == "-" ? "Neg" : "Pos";
  }
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames),
                                   [&](const auto& name) { return name.first == word; });
  return found == std::end(kNames) ? "BagOp" : found->second;
}

}  // namespace

std::string AtPosition(const PartiqlToken& token) {
  return " at " + PositionOf(token);
}

std::string_view PartiqlNodeName(const PartiqlSyntax& syntax, const PartiqlNode& node) {
  switch (node.type) {
    case Kind::kLiteral:
      return "Lit";
    case Kind::kMissing:
      return "Missing";
    case Kind::kParameter:
      return "Parameter";
    case Kind::kName:
      return "Id";
    case Kind::kList:
      return "List";
    case Kind::kBag:
      return "Bag";
    case Kind::kStruct:
      return "Struct";
    case Kind::kCall:
      return "Call";
    case Kind::kAggregate:
      return "CallAgg";
    case Kind::kOperator: {
      // The token `*` has no word.
      const std::string_view word = syntax.Token(node).word;
      return OperatorName(word.empty() ? "*" : word, syntax.nodes[node.child].next == kNone);
    }
    case Kind::kIsType:
      return node.negated ? "Not" : "IsType";
    case Kind::kSelect:
      return "Select";
    default:
      return "Path";
  }
}

bool PartiqlValues::IsConstant(const PartiqlNode& node) {
  return node.type == Kind::kLiteral || node.type == Kind::kParameter || node.type == Kind::kList ||
         node.type == Kind::kBag || node.type == Kind::kStruct;
}

Value PartiqlValues::Keep(Item holder) {
  const Item& kept = holders_.emplace_back(std::move(holder));
  return (*kept.attributes().begin()).value;
}

Result<Value> PartiqlValues::Constant(std::uint32_t node) {
  if (syntax_.nodes[node].type == Kind::kParameter) {
    return parameters_[syntax_.nodes[node].index];
  }
  writer_.BeginItem();
  writer_.Name("");
  WEIR_RETURN_IF_ERROR(Write(node, {}));
  return Keep(writer_.FinishItem());
}

Value PartiqlValues::Text(std::string_view text) {
  writer_.BeginItem();
  writer_.Name("");
  writer_.String(text);
  return Keep(writer_.FinishItem());
}

Result<Item> PartiqlValues::ItemOf(std::uint32_t index) {
  const PartiqlNode& item = syntax_.nodes[index];
  if (item.type != Kind::kStruct) {
    return ValidationError(
        "Unsupported format in item expression. Please use struct format {...} to express item "
        "values for insert statement." +
        AtPosition(syntax_.Token(item)));
  }
  writer_.BeginItem();
  std::set<std::string_view> names;
  for (std::uint32_t key = item.child; key != kNone;) {
    const std::uint32_t value = syntax_.nodes[key].next;
    WEIR_ASSIGN_OR_RETURN(const std::string_view name, KeyOf(key, {}));
    if (name.empty()) {
      return ValidationError("Path component cannot be an empty string");
    }
    if (!names.insert(name).second) {
      return ValidationError("Duplicate keys in tuple. Key: " + std::string(name) + " under root" +
                             AtPosition(syntax_.Token(syntax_.nodes[key])));
    }
    writer_.Name(name);
    if (syntax_.nodes[value].type == Kind::kParameter) {
      writer_.Copy(parameters_[syntax_.nodes[value].index]);
    } else {
      WEIR_RETURN_IF_ERROR(Write(value, {.attribute = name}));
    }
    key = syntax_.nodes[value].next;
  }
  return writer_.FinishItem();
}

Status PartiqlValues::Write(std::uint32_t index, const Place& place) {
  const PartiqlNode& node = syntax_.nodes[index];
  const bool nests = node.type == Kind::kList || node.type == Kind::kStruct;
  if (nests && place.depth + 1 >= limits::kNestingLevels) {
    return ValidationError("Nesting Levels have exceeded supported limits under " +
                           DeepestPath(node, place));
  }
  switch (node.type) {
    case Kind::kLiteral:
      return WriteLiteral(node, place);
    case Kind::kList:
      return WriteList(node, place);
    case Kind::kStruct:
      return WriteStruct(node, place);
    case Kind::kBag:
      return WriteBag(node, place);
    default:
      return Unsupported(node, place);
  }
}

// The path of 32 steps that is too deep, for the message. In an INSERT it leads to the value, since
// the attribute is a step; elsewhere, to what is in the value (observed on AWS and by floci).
std::string PartiqlValues::DeepestPath(const PartiqlNode& node, const Place& place) const {
  if (!place.attribute.empty() || node.child == kNone) {
    return place.FullPath();
  }
  return node.type == Kind::kList
             ? place.path + "[0]"
             : place.path + "." + syntax_.Token(syntax_.nodes[node.child]).text;
}

// At the top level the service prints the word in the statement; below, the kind of expression.
ApiError PartiqlValues::Unsupported(const PartiqlNode& node, const Place& place) const {
  const PartiqlToken& token = syntax_.Token(node);
  std::string name(PartiqlNodeName(syntax_, node));
  if (node.type == Kind::kMissing) {
    name = "MISSING";
  } else if (place.depth == 0 && node.type == Kind::kCall) {
    name = token.text;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  } else if (place.depth == 0 && node.type == Kind::kName) {
    name = token.text;
  } else if (place.depth == 0 && node.type == Kind::kOperator && !token.word.empty()) {
    name = token.word;
  }
  return ValidationError("Unsupported data type: " + name + " under key " + place.path +
                         AtPosition(token));
}

Status PartiqlValues::WriteLiteral(const PartiqlNode& node, const Place& place) {
  const PartiqlToken& token = syntax_.Token(node);
  switch (token.type) {
    case PartiqlTokenType::kString:
      writer_.String(token.text);
      return {};
    case PartiqlTokenType::kNumber: {
      Result<EncodedNumber> number = ParseNumberWrapping(NumberText(token, node.negated), true);
      if (!number.ok()) {
        return ValidationError(number.error().message + " under " + place.path);
      }
      writer_.Number(number.value().view());
      return {};
    }
    case PartiqlTokenType::kTrue:
    case PartiqlTokenType::kFalse:
      writer_.Bool(token.type == PartiqlTokenType::kTrue);
      return {};
    case PartiqlTokenType::kNull:
      writer_.Null();
      return {};
    default:
      return ValidationError("Ion Literals are not supported: " + std::string(LiteralType(token)) +
                             " under key " + place.path + AtPosition(token));
  }
}

Status PartiqlValues::WriteList(const PartiqlNode& node, const Place& place) {
  writer_.BeginList();
  std::size_t position = 0;
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.nodes[child].next) {
    const Place below{place.path + "[" + std::to_string(position++) + "]", place.depth + 1,
                      place.attribute};
    WEIR_RETURN_IF_ERROR(Write(child, below));
  }
  writer_.EndList();
  return {};
}

Status PartiqlValues::WriteStruct(const PartiqlNode& node, const Place& place) {
  writer_.BeginMap();
  std::set<std::string_view> names;
  for (std::uint32_t key = node.child; key != kNone;) {
    const std::uint32_t value = syntax_.nodes[key].next;
    WEIR_ASSIGN_OR_RETURN(const std::string_view name, KeyOf(key, place));
    if (name.empty()) {
      return ValidationError("Path component cannot be an empty string");
    }
    if (!names.insert(name).second) {
      return ValidationError("Duplicate keys in tuple. Key: " + std::string(name) + " under " +
                             place.path + AtPosition(syntax_.Token(node)));
    }
    writer_.Name(name);
    const Place below{place.path + "." + std::string(name), place.depth + 1, place.attribute};
    WEIR_RETURN_IF_ERROR(Write(value, below));
    key = syntax_.nodes[value].next;
  }
  writer_.EndMap();
  return {};
}

Result<std::string_view> PartiqlValues::KeyOf(std::uint32_t index, const Place& place) const {
  const PartiqlNode& node = syntax_.nodes[index];
  const PartiqlToken& token = syntax_.Token(node);
  if (node.type == Kind::kLiteral && token.type == PartiqlTokenType::kString) {
    return std::string_view(token.text);
  }
  const std::string_view type =
      node.type == Kind::kLiteral ? LiteralType(token) : PartiqlNodeName(syntax_, node);
  return ValidationError("Tuple keys must be of type String. Actual type: " + std::string(type) +
                         " under " + place.path + AtPosition(token));
}

Status PartiqlValues::WriteBag(const PartiqlNode& node, const Place& place) {
  if (node.child == kNone) {
    return ValidationError("Empty bags are not supported");
  }
  std::vector<std::string> numbers;
  std::vector<std::string> number_texts;
  std::vector<std::string_view> strings;
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.nodes[child].next) {
    const PartiqlNode& element = syntax_.nodes[child];
    const PartiqlToken& token = syntax_.Token(element);
    const bool literal = element.type == Kind::kLiteral;
    if (literal && token.type == PartiqlTokenType::kString) {
      strings.push_back(token.text);
    } else if (literal && token.type == PartiqlTokenType::kNumber) {
      const Result<EncodedNumber> number =
          ParseNumberWrapping(NumberText(token, element.negated), true);
      if (!number.ok()) {
        return ValidationError(number.error().message + " under " + place.path);
      }
      numbers.emplace_back(number.value().view());
      number_texts.push_back(NumberText(token, element.negated));
    } else if (literal && child != node.child && token.type == PartiqlTokenType::kNull &&
               !numbers.empty()) {
      return InvalidParameter("Numeric sets may not contain null under " + place.FullPath());
    } else if (literal && child != node.child && token.type != PartiqlTokenType::kNull) {
      return ValidationError(std::string(kBagTypes));
    } else if (child != node.child && (!IsConstant(element) || element.type == Kind::kParameter)) {
      // The first element decides what the others may be (observed on DynamoDB Local).
      return Unsupported(element, {place.path, place.depth + 1});
    } else {
      return ValidationError(std::string(kBagTypes) + AtPosition(token));
    }
    if (!numbers.empty() && !strings.empty()) {
      // The message gives the position only of a number among strings (observed on DynamoDB Local).
      const bool number = token.type == PartiqlTokenType::kNumber;
      return ValidationError(std::string(kBagTypes) + (number ? AtPosition(token) : ""));
    }
  }
  return strings.empty() ? WriteNumberSet(numbers, number_texts, place) : WriteStringSet(strings);
}

Status PartiqlValues::WriteNumberSet(const std::vector<std::string>& numbers,
                                     const std::vector<std::string>& texts, const Place& place) {
  std::vector<std::string_view> elements(numbers.begin(), numbers.end());
  std::sort(elements.begin(), elements.end());
  if (std::adjacent_find(elements.begin(), elements.end()) != elements.end()) {
    return InvalidParameter("Input collection " + Listed(texts) + " contains duplicates! under " +
                            place.FullPath());
  }
  writer_.Set(ValueType::kNumberSet, elements);
  return {};
}

Status PartiqlValues::WriteStringSet(const std::vector<std::string_view>& strings) {
  std::vector<std::string_view> elements = strings;
  std::sort(elements.begin(), elements.end());
  if (std::adjacent_find(elements.begin(), elements.end()) == elements.end()) {
    writer_.Set(ValueType::kStringSet, elements);
    return {};
  }
  return InvalidParameter("Input collection " + Listed(strings) + " contains duplicates.");
}

Result<PathRange> PartiqlPaths::Resolve(std::uint32_t index) {
  const auto first = static_cast<std::uint32_t>(elements_.size());
  const PartiqlNode& node = syntax_.nodes[index];
  const PartiqlNode& root = node.type == Kind::kPath ? syntax_.nodes[node.child] : node;
  if (root.type != Kind::kName) {
    return ValidationError("Unexpected path component" + AtPosition(syntax_.Token(root)));
  }
  WEIR_RETURN_IF_ERROR(AddName(syntax_.Token(root)));
  if (node.type == Kind::kPath) {
    for (std::uint32_t step = root.next; step != kNone; step = syntax_.nodes[step].next) {
      WEIR_RETURN_IF_ERROR(AddStep(syntax_.nodes[step]));
    }
  }
  const std::size_t levels = elements_.size() - first;
  if (levels > kMaxPathElements) {
    return Faults(ExpressionKind::kPartiql).TooDeep(levels);
  }
  return PathRange{first, static_cast<std::uint32_t>(levels)};
}

Status PartiqlPaths::AddName(const PartiqlToken& token) {
  if (token.text.empty()) {
    return ValidationError("Path component cannot be an empty string");
  }
  elements_.push_back({token.text, 0, false});
  return {};
}

Status PartiqlPaths::AddStep(const PartiqlNode& step) {
  switch (step.type) {
    case Kind::kNameStep:
      return AddName(syntax_.Token(step));
    case Kind::kIndexStep:
      return AddIndex(syntax_.nodes[step.child]);
    case Kind::kAnyStep:
      return ValidationError("Unpivot path component like a.*.b are not supported" +
                             AtPosition(syntax_.Token(step)));
    default:
      return ValidationError("Unexpected path component" + AtPosition(syntax_.Token(step)));
  }
}

// `[0]`, or a member's name: `['a']`, `[a]`.
Status PartiqlPaths::AddIndex(const PartiqlNode& index) {
  const PartiqlToken& token = syntax_.Token(index);
  const bool literal = index.type == Kind::kLiteral;
  if (index.type == Kind::kName || (literal && token.type == PartiqlTokenType::kString)) {
    return AddName(token);
  }
  const bool integer = literal && token.type == PartiqlTokenType::kNumber &&
                       token.text.find_first_of(".eE") == std::string::npos;
  if (!integer) {
    return ValidationError("Unexpected path component" + AtPosition(token));
  }
  std::uint32_t position = 0;
  const char* end = token.text.data() + token.text.size();
  const auto parsed = std::from_chars(token.text.data(), end, position);
  const bool in_range = parsed.ec == std::errc() &&
                        position <= std::uint32_t{std::numeric_limits<std::int32_t>::max()} &&
                        (!index.negated || position == 0);
  if (!in_range) {
    return ValidationError("List index is not within the allowable range; index: [" +
                           NumberText(token, index.negated) + "]" + AtPosition(token));
  }
  elements_.push_back({{}, position, true});
  return {};
}

}  // namespace weir::expression
