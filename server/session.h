// SPDX-License-Identifier: Apache-2.0
// One client connection.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "protocol/http.h"
#include "server/deferred_answer.h"
#include "server/input_buffer.h"
#include "server/options.h"
#include "server/request_id.h"
#include "server/request_reader.h"
#include "server/response_writer.h"

namespace weir::server {

// The concrete executor, not any_io_executor: no indirect call or count on the request path.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Awaitable = boost::asio::awaitable<void, Executor>;

// Time for sockets: the kernel's tick of a few milliseconds, many times cheaper to read than the
// precise clock. Never the service's Clock, which tests may stop.
using SocketTime = std::chrono::nanoseconds;
[[nodiscard]] SocketTime SocketNow();

// What the sessions of one worker share.
struct SessionContext {
  const ServerOptions& options;
  protocol::RequestHandler& handler;
  RequestIdSource request_ids{};
  DateHeader date{};
  bool draining = false;
};

// Reads requests, has them answered and sends the answers in order. All calls come from the
// worker's thread. `Run` is one flat coroutine that suspends only in socket calls; a request that
// arrives whole costs one suspension. Deadlines are a number here that the worker looks at a few
// times a second, instead of a timer that each request sets and cancels.
class Session {
 public:
  Session(Socket socket, SessionContext& context);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Serves until the client leaves, a deadline passes or the server drains.
  Awaitable Run();

  // Ends the session if its deadline has passed.
  void CheckDeadline(SocketTime now);

  // The server drains: ends the session now if it is between requests, else after the answer.
  void Drain();

  // No other thread wakes the session any more, whatever answers it still waits for.
  void Abandon();

  std::size_t index = 0;  // the worker's: its place in the list of sessions

 private:
  // What the deadline is for. It is set once for each, so that a trickle can't move it.
  enum class Waiting { kNothing, kRequest, kRestOfRequest };

  // Answers what is complete in the input, up to a bound on the output.
  void Advance();
  void AnswerRequest();
  // Has the answer made on another thread, which wakes Run when it is there.
  void Defer();
  void SendAnswer();
  void AnswerRefusal();
  void SendContinueIfAwaited();
  void ClearResponse();
  void AppendAnswer(const Framing& framing, bool with_body);

  // Writes what the socket takes at once; false when some is left, or on an error.
  bool WriteNow(boost::system::error_code& error);
  [[nodiscard]] bool OutputFull() const;

  void SetReadDeadline();
  [[nodiscard]] bool BetweenRequests() const;
  [[nodiscard]] boost::asio::mutable_buffer ReadBuffer();
  // Takes what has come without waiting for it; false if that is nothing.
  bool ReadNow();

  Socket socket_;
  SessionContext& context_;
  RequestReader reader_;
  InputBuffer input_;
  protocol::HttpResponse response_;
  std::string output_;       // heads, and bodies that are cheaper to copy than to send apart
  std::string large_body_;   // sent after `output_`
  std::size_t written_ = 0;  // of both together
  // The answer that is being made elsewhere; no further request is answered before it.
  DeferredAnswer::Ptr deferred_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      answer_ready_;  // never expires: it is cancelled
  SocketTime deadline_ = SocketTime::max();
  Waiting waiting_ = Waiting::kNothing;
  bool continued_ = false;  // 100 Continue was sent for the request being read
  bool closing_ = false;    // no further request is read
  bool refused_ = false;
  bool expired_ = false;
};

}  // namespace weir::server
