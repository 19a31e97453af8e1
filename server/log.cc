// SPDX-License-Identifier: Apache-2.0
#include "server/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <string_view>

#include "core/text.h"
#include "server/log_writer.h"

namespace weir::server {
namespace {

constexpr std::string_view kPlain = "\033[m";

std::string_view ColorOf(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
      return "\033[37m";
    case spdlog::level::debug:
      return "\033[36m";
    case spdlog::level::info:
      return "\033[32m";
    case spdlog::level::warn:
      return "\033[33m\033[1m";
    case spdlog::level::err:
      return "\033[31m\033[1m";
    default:
      return "\033[1m\033[41m";
  }
}

class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    std::string_view line(formatted.data(), formatted.size());
    line.remove_suffix(line.ends_with('\n') ? 1 : 0);
    if (!colored_ || message.color_range_end <= message.color_range_start) {
      writer_.Write(Printable(line) + '\n');
      return;
    }
    // Only the level's name is coloured.
    const std::string_view level =
        line.substr(message.color_range_start, message.color_range_end - message.color_range_start);
    writer_.Write(Printable(line.substr(0, message.color_range_start))
                      .append(ColorOf(message.level))
                      .append(level)
                      .append(kPlain)
                      .append(Printable(line.substr(message.color_range_end)))
                      .append(1, '\n'));
  }
  void flush_() override { writer_.Flush(); }

 private:
  const bool colored_ = isatty(STDERR_FILENO) != 0;
  LogWriter writer_{STDERR_FILENO};
};

}  // namespace

void StartLog(const std::string& level) {
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("weir", std::make_shared<StderrSink>()));
  spdlog::set_level(spdlog::level::from_str(level));
}

void EndLog() {
  spdlog::shutdown();
}

}  // namespace weir::server
