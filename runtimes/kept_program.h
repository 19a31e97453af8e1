// SPDX-License-Identifier: Apache-2.0
// KeptProgram: a program that runs beneath a keeper (runtimes/keeper.h), as the host sees it.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "runtimes/invocation_log.h"
#include "runtimes/keeper_process.h"

namespace weir::runtimes {

// Everything happens on the thread of the context.
class KeptProgram : public std::enable_shared_from_this<KeptProgram> {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    // The id of the process that is about to become the program.
    virtual void OnProcess(int program) = 0;
    virtual void OnOutput(InvocationLog::Source source, std::string_view bytes) = 0;
    // The last event: the program is gone, with all that it started.
    virtual void OnEnd(ProgramEnd end) = 0;
  };

  // `events` must live until OnEnd.
  KeptProgram(boost::asio::io_context& context, KeeperProcess keeper, Events& events);

  // Has the program started. To be called once.
  void Start(const KeeperOrder& order);
  // Ends the program with all that it started; OnEnd follows.
  void Stop();
  // Passes on at once what the program has printed by now.
  void Drain();

 private:
  static constexpr std::size_t kPart = std::size_t{64} << 10U;
  struct Output {
    boost::asio::posix::stream_descriptor file;
    InvocationLog::Source source;
    std::array<char, kPart> part{};
  };

  void ReadOutput(Output& output);
  void Drain(Output& output);
  void ReadControl();
  void End();

  Events& events_;
  const pid_t keeper_;
  boost::asio::local::stream_protocol::socket control_;
  boost::asio::steady_timer last_resort_;
  Output output_;
  Output errors_;
  std::string order_;
  std::string lines_;  // read from control_
  KeptState state_;
  bool stopping_ = false;
};

}  // namespace weir::runtimes
