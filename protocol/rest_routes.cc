// SPDX-License-Identifier: Apache-2.0
#include "protocol/rest_routes.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "protocol/query_request.h"

namespace weir::protocol {
namespace {

using Labels = std::map<std::string, std::string, std::less<>>;

// Takes the part up to the next slash off the front of `path`, which begins with a slash.
std::string_view TakePart(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

bool IsLabel(std::string_view part) {
  return part.starts_with('{') && part.ends_with('}');
}

// The labels of `path` if it is one of `pattern`. A label's value has no slash unless that is
// encoded, and is not empty.
std::optional<Labels> Match(std::string_view pattern, std::string_view path) {
  Labels labels;
  while (!pattern.empty() && path.starts_with('/')) {
    const std::string_view expected = TakePart(pattern);
    const std::string_view part = TakePart(path);
    if (!IsLabel(expected)) {
      if (part != expected) {
        return std::nullopt;
      }
    } else if (part.empty()) {
      return std::nullopt;
    } else {
      labels.emplace(expected.substr(1, expected.size() - 2), DecodePercent(part));
    }
  }
  return pattern.empty() && (path.empty() || path == "/") ? std::optional(std::move(labels))
                                                          : std::nullopt;
}

}  // namespace

std::string_view RestCall::label(std::string_view name) const {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view RestCall::parameter(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(),
                                  [name](const auto& each) { return each.first == name; });
  return found == query.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::pair<std::string, std::string>> ReadQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty()) {
      continue;
    }
    const std::size_t equals = std::min(part.find('='), part.size());
    parameters.emplace_back(DecodePercent(part.substr(0, equals)),
                            DecodePercent(part.substr(std::min(equals + 1, part.size()))));
  }
  return parameters;
}

void RestRoutes::Add(Route route) {
  routes_.push_back(std::move(route));
}

const RestRoutes::Route* RestRoutes::Find(std::string_view method, std::string_view path,
                                          Labels& labels) const {
  for (const Route& route : routes_) {
    if (route.method != method) {
      continue;
    }
    if (std::optional<Labels> found = Match(route.path, path); found.has_value()) {
      labels = *std::move(found);
      return &route;
    }
  }
  return nullptr;
}

}  // namespace weir::protocol
