// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_value.h"

#include <algorithm>
#include <utility>

namespace weir::model {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kContainerSize = 3;

std::string TypeOfElement(const Json& set) {
  return TypeOf(set).substr(0, 1);
}

bool Less(const std::string& type, const std::string& a, const std::string& b) {
  return *Order({{type, a}}, {{type, b}}) < 0;
}

Json SetOf(const std::string& element_type, std::vector<std::string> elements) {
  std::sort(elements.begin(), elements.end(),
            [&](const auto& a, const auto& b) { return Less(element_type, a, b); });
  return {{element_type + "S", elements}};
}

std::size_t ScalarSize(const std::string& type, const std::string& text) {
  if (type == "N") {
    return ExactDecimal::Of(text).AwsSize();
  }
  return type == "B" ? DecodeBase64(text).size() : text.size();
}

}  // namespace

bool IsSet(const Json& value) {
  const std::string& type = TypeOf(value);
  return type == "SS" || type == "NS" || type == "BS";
}

Json CanonicalItem(const Json& item) {
  Json result = Json::object();
  for (const auto& [name, value] : item.items()) {
    result[name] = Canonical(value);
  }
  return result;
}

Json Canonical(const Json& value) {
  const std::string& type = TypeOf(value);
  const Json& content = ContentOf(value);
  if (type == "N") {
    return {{"N", ExactDecimal::Of(content.get<std::string>()).Text()}};
  }
  if (type == "M") {
    return {{"M", CanonicalItem(content)}};
  }
  if (type == "L") {
    Json list = Json::array();
    for (const Json& element : content) {
      list.push_back(Canonical(element));
    }
    return {{"L", list}};
  }
  if (!IsSet(value)) {
    return value;
  }
  std::vector<std::string> elements;
  for (const Json& element : content) {
    elements.push_back(ContentOf(Canonical({{TypeOfElement(value), element}})));
  }
  return SetOf(TypeOfElement(value), std::move(elements));
}

std::optional<int> Order(const Json& a, const Json& b) {
  const std::string& type = TypeOf(a);
  if (type != TypeOf(b) || type.size() != 1 || type == "L" || type == "M") {
    return std::nullopt;
  }
  const std::string& left = ContentOf(a).get_ref<const std::string&>();
  const std::string& right = ContentOf(b).get_ref<const std::string&>();
  if (type == "N") {
    return ExactDecimal::Compare(ExactDecimal::Of(left), ExactDecimal::Of(right));
  }
  return type == "B" ? DecodeBase64(left).compare(DecodeBase64(right)) : left.compare(right);
}

std::size_t ValueSize(const Json& value) {
  const std::string& type = TypeOf(value);
  const Json& content = ContentOf(value);
  if (type == "BOOL" || type == "NULL") {
    return 1;
  }
  std::size_t size = 0;
  if (type == "M") {
    for (const auto& [name, member] : content.items()) {
      size += 1 + name.size() + ValueSize(member);
    }
    return kContainerSize + size;
  }
  if (type == "L") {
    for (const Json& element : content) {
      size += 1 + ValueSize(element);
    }
    return kContainerSize + size;
  }
  if (!IsSet(value)) {
    return ScalarSize(type, content);
  }
  for (const Json& element : content) {
    size += ScalarSize(TypeOfElement(value), element);
  }
  return size;
}

std::size_t ItemSize(const Json& item) {
  std::size_t size = 0;
  for (const auto& [name, value] : item.items()) {
    size += name.size() + ValueSize(value);
  }
  return size;
}

std::size_t Depth(const Json& item) {
  std::size_t deepest = 0;
  for (const Json& value : item) {
    if (value.contains("M") || value.contains("L")) {
      deepest = std::max(deepest, 1 + Depth(ContentOf(value)));
    }
  }
  return deepest;
}

std::optional<std::size_t> SizeFunction(const Json& value) {
  const std::string& type = TypeOf(value);
  const Json& content = ContentOf(value);
  if (type == "S") {
    std::size_t units = 0;
    for (const char c : content.get_ref<const std::string&>()) {
      const auto byte = static_cast<unsigned char>(c);
      const bool follows = (byte & 0xC0U) == 0x80U;
      units += follows ? 0 : byte >= 0xF0U ? 2 : 1;  // four bytes are a surrogate pair
    }
    return units;
  }
  if (type == "B") {
    return DecodeBase64(content.get_ref<const std::string&>()).size();
  }
  if (type == "N" || type == "BOOL" || type == "NULL") {
    return std::nullopt;
  }
  return content.size();
}

Json Union(const Json& a, const Json& b) {
  std::vector<std::string> elements = ContentOf(a);
  for (const std::string element : ContentOf(b)) {
    if (std::find(elements.begin(), elements.end(), element) == elements.end()) {
      elements.push_back(element);
    }
  }
  return SetOf(TypeOfElement(a), std::move(elements));
}

Json Difference(const Json& a, const Json& b) {
  std::vector<std::string> elements = ContentOf(a);
  for (const std::string element : ContentOf(b)) {
    elements.erase(std::remove(elements.begin(), elements.end(), element), elements.end());
  }
  return elements.empty() ? Json() : SetOf(TypeOfElement(a), std::move(elements));
}

std::string EncodeBase64(std::string_view bytes) {
  std::string bits;
  for (const char c : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      bits.push_back((static_cast<unsigned char>(c) >> bit & 1) != 0 ? '1' : '0');
    }
  }
  bits.append((6 - bits.size() % 6) % 6, '0');
  std::string text;
  for (std::size_t i = 0; i < bits.size(); i += 6) {
    text.push_back(kAlphabet[static_cast<std::size_t>(std::stoi(bits.substr(i, 6), nullptr, 2))]);
  }
  return text.append((4 - text.size() % 4) % 4, '=');
}

std::string DecodeBase64(std::string_view text) {
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<unsigned>(kAlphabet.find(c));
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>(bits >> count & 0xFFU));
    }
  }
  return bytes;
}

}  // namespace weir::model
