// SPDX-License-Identifier: Apache-2.0
#include "server/local_flags.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir::server {
namespace {

struct Rule {
  std::string_view flag;
  std::string_view refusal;  // empty: accepted
};

constexpr std::array<Rule, 12> kRules{{
    {"-port", ""},
    {"-sharedDb", ""},          // one set of tables for all keys and regions: always so
    {"-inMemory", ""},          // always so
    {"-disableTelemetry", ""},  // there is none
    {"-dbPath", "data is kept in memory only; leave -dbPath and its folder out"},
    {"-delayTransientStatuses", ""},
    {"-cors", "the origins of browsers can't be restricted; leave -cors and its list out"},
    {"-optimizeDbBeforeStartup",
     "there is no database file to optimize; leave -optimizeDbBeforeStartup out"},
    {"-help", "use --help"},
    {"-version", "use --version"},
    {"-jar", "there is no jar to start; leave '-jar DynamoDBLocal.jar' out"},
    {"-Djava.library.path", "there is no Java here; leave -Djava.library.path out"},
}};

const Rule* Find(std::string_view argument) {
  const std::string_view flag = argument.substr(0, argument.find('='));
  const auto* const rule = std::find_if(kRules.begin(), kRules.end(),
                                        [flag](const Rule& known) { return known.flag == flag; });
  return rule == kRules.end() ? nullptr : rule;
}

}  // namespace

LocalFlags TranslateLocalFlags(const std::vector<std::string>& arguments) {
  LocalFlags flags;
  for (const std::string& argument : arguments) {
    const Rule* const rule = Find(argument);
    if (rule == nullptr) {
      flags.rest.push_back(argument);
      continue;
    }
    flags.used = true;
    if (!rule->refusal.empty()) {
      flags.error = std::string(rule->flag) + " is refused: " + std::string(rule->refusal);
      return flags;
    }
    if (rule->flag == "-port") {
      flags.rest.push_back("-" + argument);  // its value follows, as it does --port
    } else if (rule->flag == "-delayTransientStatuses") {
      flags.rest.emplace_back("--delay-transient-statuses");
    }
  }
  return flags;
}

}  // namespace weir::server
