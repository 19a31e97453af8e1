// SPDX-License-Identifier: Apache-2.0
// ProjectionExpression: it selects a part of the item, with all that its paths find and nothing
// else.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/projection.h"
#include "tests/fuzz/expression_input.h"
#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using expression::Placeholders;
using expression::Projection;
using Names = std::vector<std::string_view>;

std::string_view Trim(std::string_view text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(Trim(text.substr(0, end)));
    if (end == text.size()) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

// The paths of an accepted projection that has no indices. Commas and dots alone separate them.
std::vector<Names> PathsOf(const ExpressionInput& input) {
  std::vector<Names> paths;
  for (const std::string_view path : Split(input.text, ',')) {
    Names& names = paths.emplace_back(Split(path, '.'));
    for (std::string_view& name : names) {
      const auto found = std::find_if(input.names.begin(), input.names.end(),
                                      [&](const auto& entry) { return entry.first == name; });
      name = found == input.names.end() ? name : std::string_view(found->second);
    }
  }
  return paths;
}

std::optional<Value> Find(MapView map, const Names& names) {
  std::optional<Value> value;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0 && value->type() != ValueType::kMap) {
      return std::nullopt;
    }
    value = (i == 0 ? map : value->map()).Find(names[i]);
    if (!value.has_value()) {
      return std::nullopt;
    }
  }
  return value;
}

// Checks a projection without indices: it keeps every path that it finds, and applied to its own
// result it changes nothing.
void CheckNames(const ExpressionInput& input, const Projection& projection, const Item& item,
                const Item& selected) {
  for (const Names& path : PathsOf(input)) {
    const std::optional<Value> wanted = Find(item.attributes(), path);
    const std::optional<Value> found = Find(selected.attributes(), path);
    FUZZ_CHECK(wanted.has_value() == found.has_value(), input.text);
    FUZZ_CHECK(!wanted.has_value() || *wanted == *found, input.text);
  }
  FUZZ_CHECK(projection.Apply(selected.attributes()).SameContent(selected), input.text);
}

void Run(const ExpressionInput& input) {
  Placeholders placeholders = input.MakePlaceholders();
  if (const Status keys = placeholders.CheckKeys(); !keys.ok()) {
    return CheckRefusal(input, keys.error());
  }
  const Result<Projection> projection = Projection::Parse(input.text, placeholders);
  if (!projection.ok()) {
    return CheckRefusal(input, projection.error());
  }
  for (const Item& item : input.items) {
    const Item selected = projection.value().Apply(item.attributes());
    FUZZ_CHECK(IsPartOf(selected.attributes(), item.attributes()), input.text);
    CheckCanonical(input, selected);
    for (const MapView::Entry entry : selected.attributes()) {
      const auto uses = projection.value().attributes();
      FUZZ_CHECK(expression::FindUse(uses, entry.name) != nullptr, input.text);
    }
    if (input.text.find('[') == std::string_view::npos) {
      CheckNames(input, projection.value(), item, selected);
    }
  }
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Run(weir::fuzz::ExpressionInput(data, size));
  return 0;
}
