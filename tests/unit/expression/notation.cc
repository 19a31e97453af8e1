// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/expression/notation.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "core/number.h"
#include "core/value_writer.h"

namespace weir::expression {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Item ReadItem() {
    writer_.BeginItem();
    Take('{');
    ReadMembers();
    Require(Peek() == '\0');
    return writer_.FinishItem();
  }

 private:
  static void Require(bool condition) {
    if (!condition) {
      std::abort();
    }
  }
  char Peek() {
    while (!text_.empty() && text_.front() == ' ') {
      text_.remove_prefix(1);
    }
    return text_.empty() ? '\0' : text_.front();
  }
  void Take(char c) {
    Require(Peek() == c);
    text_.remove_prefix(1);
  }
  bool TakeWord(std::string_view word) {
    Peek();
    const bool found = text_.starts_with(word);
    text_.remove_prefix(found ? word.size() : 0);
    return found;
  }
  std::string_view Until(std::string_view ends) {
    const std::string_view part = text_.substr(0, text_.find_first_of(ends));
    text_.remove_prefix(part.size());
    return part;
  }
  std::string_view Quoted() {
    Take('\'');
    const std::string_view text = Until("'");
    Take('\'');
    return text;
  }
  std::string Number() {
    const Result<EncodedNumber> number = ParseNumber(Until(" ]}>"));
    Require(number.ok());
    return std::string(number.value().view());
  }

  void ReadMembers() {
    while (Peek() != '}') {
      writer_.Name(Until("="));
      Take('=');
      ReadValue();
    }
    Take('}');
  }
  void ReadSet() {
    std::vector<std::string> elements;
    ValueType type = ValueType::kNumberSet;
    while (Peek() != '>') {
      if (Peek() == '\'') {
        type = ValueType::kStringSet;
        elements.emplace_back(Quoted());
      } else if (TakeWord("b")) {
        type = ValueType::kBinarySet;
        elements.emplace_back(Quoted());
      } else {
        elements.push_back(Number());
      }
    }
    Take('>');
    std::sort(elements.begin(), elements.end());
    writer_.Set(type, std::vector<std::string_view>(elements.begin(), elements.end()));
  }
  void ReadValue() {
    if (Peek() == '\'') {
      writer_.String(Quoted());
    } else if (TakeWord("true")) {
      writer_.Bool(true);
    } else if (TakeWord("false")) {
      writer_.Bool(false);
    } else if (TakeWord("null")) {
      writer_.Null();
    } else if (TakeWord("b")) {
      writer_.Binary(Quoted());
    } else if (TakeWord("{")) {
      writer_.BeginMap();
      ReadMembers();
      writer_.EndMap();
    } else if (TakeWord("[")) {
      writer_.BeginList();
      while (Peek() != ']') {
        ReadValue();
      }
      Take(']');
      writer_.EndList();
    } else if (TakeWord("<")) {
      ReadSet();
    } else {
      writer_.Number(Number());
    }
  }

  std::string_view text_;
  ValueWriter writer_;
};

void Append(std::string& out, Value value);

void AppendScalar(std::string& out, ValueType type, std::string_view bytes) {
  if (type == ValueType::kNumber || type == ValueType::kNumberSet) {
    AppendNumberText(bytes, out);
  } else {
    const bool is_binary = type == ValueType::kBinary || type == ValueType::kBinarySet;
    out.append(is_binary ? "b'" : "'").append(bytes).append("'");
  }
}

void Separate(std::string& out) {
  if (out.back() != '{' && out.back() != '[' && out.back() != '<') {
    out.push_back(' ');
  }
}

void AppendMap(std::string& out, MapView map) {
  out.push_back('{');
  for (const MapView::Entry entry : map) {
    Separate(out);
    out.append(entry.name).append("=");
    Append(out, entry.value);
  }
  out.push_back('}');
}

void Append(std::string& out, Value value) {
  switch (value.type()) {
    case ValueType::kMap:
      return AppendMap(out, value.map());
    case ValueType::kList:
      out.push_back('[');
      for (const Value element : value.list()) {
        Separate(out);
        Append(out, element);
      }
      out.push_back(']');
      return;
    case ValueType::kNull:
      out.append("null");
      return;
    case ValueType::kBool:
      out.append(value.boolean() ? "true" : "false");
      return;
    case ValueType::kStringSet:
    case ValueType::kNumberSet:
    case ValueType::kBinarySet:
      out.push_back('<');
      for (const std::string_view element : value.set()) {
        Separate(out);
        AppendScalar(out, value.type(), element);
      }
      out.push_back('>');
      return;
    default:
      return AppendScalar(out, value.type(), value.bytes());
  }
}

}  // namespace

Item Parse(std::string_view notation) {
  return Reader(notation).ReadItem();
}

std::string Text(const Item& item) {
  if (!item) {
    return "none";
  }
  std::string text;
  AppendMap(text, item.attributes());
  return text;
}

}  // namespace weir::expression
