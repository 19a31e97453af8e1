// SPDX-License-Identifier: Apache-2.0
#include "control/localstack_endpoints.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "control/control.h"
#include "control/control_path.h"

namespace weir::control {
namespace {

// The stages of LocalStack's life, for which it runs a user's scripts, and whether each is over.
// Weir runs none, so all are over but the last.
constexpr std::array<std::pair<std::string_view, bool>, 4> kStages{
    {{"BOOT", true}, {"START", true}, {"READY", true}, {"SHUTDOWN", false}}};

// Health checks search the text for `"dynamodb": "running"`, with this space.
std::string HealthText(std::string_view version, const std::vector<std::string_view>& services) {
  std::string text = "{\"services\": {";
  for (const std::string_view name : services) {
    text.append(text.back() == '{' ? "\"" : ", \"").append(name).append("\": \"running\"");
  }
  return text.append(R"(}, "edition": "community", "version": ")").append(version).append("\"}");
}

std::string StagesText() {
  std::string text = "{\"completed\": {";
  for (const auto& [name, over] : kStages) {
    text.append(text.back() == '{' ? "\"" : ", \"").append(name).append("\": ");
    text.append(over ? "true" : "false");
  }
  return text + "}, \"scripts\": []}";
}

// The stage with this name, in any case; empty if there is none.
std::string StageText(std::string_view wanted) {
  for (const auto& [name, over] : kStages) {
    if (std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                   [](char known, char given) {
                     return known == std::toupper(static_cast<unsigned char>(given));
                   })) {
      return std::string("{\"completed\": ") + (over ? "true" : "false") + ", \"scripts\": []}";
    }
  }
  return "";
}

}  // namespace

LocalStackEndpoints::LocalStackEndpoints(std::string_view version,
                                         const std::vector<std::string_view>& services,
                                         protocol::RequestHandler& next)
    : health_(HealthText(version, services)), next_(next) {}

void LocalStackEndpoints::Handle(const protocol::HttpRequest& request,
                                 protocol::HttpResponse& response) {
  const std::string_view path = request.path();
  if (!path.starts_with(kLocalStackPrefix) || path == kLocalStackResetPath) {
    next_.Handle(request, response);
    return;
  }
  constexpr std::string_view kStage = "init/";
  const std::string_view name = path.substr(kLocalStackPrefix.size());
  if (request.method() != "GET" && request.method() != "HEAD") {
    response.headers.emplace_back("Allow", "GET, HEAD");
    AnswerFault(405, "This endpoint answers GET only.", response);
    return;
  }
  response.content_type = kControlContentType;
  if (name == "health") {
    response.body = health_;
  } else if (name == "init") {
    response.body = StagesText();
  } else if (name.starts_with(kStage)) {
    response.body = StageText(name.substr(kStage.size()));
  }
  if (response.body.empty()) {
    AnswerFault(404, "Weir does not have this endpoint of LocalStack.", response);
  }
}

}  // namespace weir::control
