// SPDX-License-Identifier: Apache-2.0
// InvocationLog: what one process writes into its log stream, and the tail of it that an invocation
// returns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "runtimes/function_host.h"

namespace weir::runtimes {

// "2026/12/01/[$LATEST]<32 hex digits>", as AWS names the log stream of a process. The digits come
// from the system's generator of random numbers.
std::string NewLogStream(Micros now, std::string_view version);

// Not thread-safe. `sink` and `clock` must outlive it.
class InvocationLog {
 public:
  // With its newline, the longest event of CloudWatch Logs. A longer line becomes several.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
  static constexpr std::size_t kLongestLine = (std::size_t{256} << 10U) - 1;
  // What LogType Tail returns.
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  static constexpr std::size_t kTail = std::size_t{4} << 10U;
  // What is kept of an invocation's output. A line of the log says that the rest is dropped.
  static constexpr std::size_t kMostOutput = std::size_t{16} << 20U;

  InvocationLog(LogSink& sink, const Clock& clock, std::string group, std::string stream)
      : sink_(sink), clock_(clock), group_(std::move(group)), stream_(std::move(stream)) {}

  enum class Source : std::uint8_t { kOutput, kErrors };
  // Takes what the process has printed, and logs the lines that it completes.
  void Output(Source source, std::string_view bytes);
  // Logs what was printed without a newline.
  void Flush();
  // Logs a line of Weir's own.
  void Line(std::string_view text);

  // Begins an invocation: its output is counted anew, and its tail, unless `with_tail`, too.
  void Begin(bool with_tail);
  [[nodiscard]] const std::string& tail() const { return tail_; }
  [[nodiscard]] const std::string& stream() const { return stream_; }

 private:
  void LogOutput(std::string_view line);

  LogSink& sink_;
  const Clock& clock_;
  const std::string group_;
  const std::string stream_;
  std::array<std::string, 2> partial_;  // by Source: the line that has no end yet
  std::string tail_;
  std::size_t output_ = 0;  // bytes logged in this invocation
  bool dropping_ = false;
};

}  // namespace weir::runtimes
