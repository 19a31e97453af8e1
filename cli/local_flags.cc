// SPDX-License-Identifier: Apache-2.0
#include "cli/local_flags.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <utility>

namespace weir::cli {
namespace {

constexpr std::string_view kRefusal = " is refused: ";

struct Rule {
  std::string_view flag;
  std::string_view refusal;  // empty: accepted
};

constexpr std::array<Rule, 8> kRules{{
    {"-port", ""},
    {"-sharedDb", ""},          // Weir always has one set of tables for all keys and regions
    {"-inMemory", ""},          // Weir keeps its data in memory unless -dbPath is given
    {"-disableTelemetry", ""},  // Weir has no telemetry
    {"-delayTransientStatuses", ""},
    {"-optimizeDbBeforeStartup",
     "there is no database file to optimize; leave -optimizeDbBeforeStartup out"},
    {"-help", "use --help"},
    {"-version", "use --version"},
}};

const Rule* Find(std::string_view argument) {
  const std::string_view flag = argument.substr(0, argument.find('='));
  const auto* const rule = std::find_if(kRules.begin(), kRules.end(),
                                        [flag](const Rule& known) { return known.flag == flag; });
  return rule == kRules.end() ? nullptr : rule;
}

// One walk over the arguments.
class Translation {
 public:
  explicit Translation(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  LocalFlags Run() {
    for (; next_ < arguments_.size() && flags_.error.empty(); ++next_) {
      const std::string& argument = arguments_[next_];
      in_memory_ = in_memory_ || argument == "-inMemory";
      if (!PassOverJava(argument) && !AllowOrigins(argument) && !TakeFolder(argument)) {
        Translate(argument);
      }
    }
    if (in_memory_ && !flags_.folder.empty() && flags_.error.empty()) {
      flags_.error = "-inMemory and -dbPath exclude each other; leave one out";
    }
    if (!passed_over_.empty()) {
      flags_.notice = "weir: ignored, because Weir does not run on Java:" + passed_over_ + "\n";
    }
    return std::move(flags_);
  }

 private:
  // Skips an argument that is for the Java virtual machine, not for DynamoDB Local; false if it is
  // not one.
  bool PassOverJava(const std::string& argument) {
    const bool is_jar = argument == "-jar";
    const bool is_java = next_ == 0 && argument == "java";
    // Our own flags begin with two dashes, but for -h and -f.
    const bool is_option = argument.starts_with("-D") || argument.starts_with("-X");
    if (!is_jar && !is_java && !is_option) {
      return false;
    }
    flags_.used = true;
    passed_over_ += " " + argument;
    if (is_jar && next_ + 1 < arguments_.size() && arguments_[next_ + 1].ends_with(".jar")) {
      passed_over_ += " " + arguments_[++next_];
    }
    return true;
  }

  // Translates -cors, which takes * or a list separated by commas; false if it is another argument.
  bool AllowOrigins(const std::string& argument) {
    if (argument != "-cors" && !argument.starts_with("-cors=")) {
      return false;
    }
    flags_.used = true;
    std::string list = argument.substr(std::min(argument.size(), std::size_t{6}));
    if (argument == "-cors") {
      list = next_ + 1 < arguments_.size() ? arguments_[++next_] : "";
    }
    flags_.origins = list;
    std::istringstream origins(list);
    for (std::string origin; std::getline(origins, origin, ',');) {
      flags_.rest.emplace_back("--allow-origin");
      flags_.rest.push_back(origin);
    }
    return true;
  }

  // Translates -dbPath, which takes a folder; false if it is another argument.
  bool TakeFolder(const std::string& argument) {
    constexpr std::string_view kFlag = "-dbPath";
    if (argument != kFlag && !argument.starts_with(std::string(kFlag) + "=")) {
      return false;
    }
    flags_.used = true;
    if (argument != kFlag) {
      flags_.folder = argument.substr(kFlag.size() + 1);
    } else if (next_ + 1 < arguments_.size()) {
      flags_.folder = arguments_[++next_];
    }
    if (flags_.folder.empty()) {
      flags_.error = "-dbPath needs a folder";
    } else {
      flags_.rest.push_back("--data-dir=" + flags_.folder);
    }
    return true;
  }

  void Translate(const std::string& argument) {
    const Rule* const rule = Find(argument);
    if (rule == nullptr) {
      flags_.rest.push_back(argument);
      return;
    }
    flags_.used = true;
    if (!rule->refusal.empty()) {
      flags_.error = std::string(rule->flag).append(kRefusal).append(rule->refusal);
    } else if (rule->flag == "-port") {
      flags_.rest.push_back("-" + argument);  // the value comes after it, as after --port
    } else if (rule->flag == "-delayTransientStatuses") {
      flags_.rest.emplace_back("--delay-transient-statuses");
    }
  }

  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
  bool in_memory_ = false;
  LocalFlags flags_;
  std::string passed_over_;
};

}  // namespace

LocalFlags TranslateLocalFlags(const std::vector<std::string>& arguments) {
  return Translation(arguments).Run();
}

std::string LocalBanner(std::uint16_t port, bool delays_statuses, const std::string& origins,
                        const std::string& folder) {
  return "Initializing DynamoDB Local with the following configuration:\nPort:\t" +
         std::to_string(port) + "\nInMemory:\t" + (folder.empty() ? "true" : "false") +
         "\nVersion:\tweir\nDbPath:\t" + (folder.empty() ? "null" : folder) +
         "\nSharedDb:\ttrue\nshouldDelayTransientStatuses:\t" +
         (delays_statuses ? "true" : "false") + "\nCorsParams:\t" +
         (origins.empty() ? "null" : origins) + "\n\n";
}

}  // namespace weir::cli
