// SPDX-License-Identifier: Apache-2.0
// One client connection.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "protocol/http.h"
#include "server/body_budget.h"
#include "server/deferred_answer.h"
#include "server/input_buffer.h"
#include "server/options.h"
#include "server/request_reader.h"
#include "server/response_writer.h"
#include "server/stall_watch.h"

namespace weir::server {

// The concrete executor, not any_io_executor: no indirect call or count on the request path.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Awaitable = boost::asio::awaitable<void, Executor>;

// Time for sockets: the kernel's tick of a few milliseconds, many times cheaper to read than the
// precise clock. Never the service's Clock, which tests may stop.
using SocketTime = std::chrono::nanoseconds;
[[nodiscard]] SocketTime SocketNow();

// The connection on another context.
[[nodiscard]] Socket MoveTo(const Executor& executor, Socket socket);

// What all sessions share.
struct SessionEnvironment {
  const ServerOptions& options;
  protocol::RequestHandler& handler;
  BodyBudget& bodies;
  StallWatch& watch;
};

// What the sessions of one worker share.
struct SessionContext {
  const SessionEnvironment& environment;
  std::atomic<bool> draining{false};
};

// Reads requests, has them answered and sends the answers in order. `Run` is one flat coroutine
// that suspends only in socket calls; a request that arrives whole costs one suspension. Deadlines
// are a number here that the worker looks at a few times a second, instead of a timer that each
// request sets and cancels.
//
// One thread runs a session at a time; Check may be called from another meanwhile.
class Session {
 public:
  Session(Socket socket, SessionContext& context);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Serves until the client leaves, a deadline passes or the server drains.
  Awaitable Run();

  // Ends the session if its deadline has passed, or if the server drains and it is between two
  // requests.
  void Check(SocketTime now);

  // No other thread wakes the session any more, whatever answer it still waits for. What would have
  // is for the caller to destroy, and the session with it. Not while a thread runs the session.
  [[nodiscard]] DeferredAnswer::Task Abandon();

  std::size_t index = 0;  // the worker's: its place in the list of sessions

 private:
  // What the deadline is for. It is set once for each, so that a trickle can't move it.
  enum class Waiting { kNothing, kRequest, kRestOfRequest };

  // Answers what is complete in the input, up to a bound on the output.
  void Advance();
  void AnswerRequest();
  // Has the answer made on another thread, which wakes Run when it is there.
  void Defer();
  // Takes the answer and sends it; false when it is not there yet.
  bool SendDeferred();
  // Has the next that comes of the client noted.
  void AwaitClient();
  // Whether the client that waits for it has closed the connection.
  [[nodiscard]] bool HasLeft();
  void SendAnswer();
  void AnswerRefusal();
  // Answers what there is no room for: 503, which SDKs try again, and the end of the connection.
  void AnswerOverload();
  // Whether there is room for what has come of a request only when other bodies have gone.
  [[nodiscard]] bool IsOverload() const;
  // Counts the bodies that it has in memory.
  void CountBodies();
  void SendContinueIfAwaited();
  void ClearResponse();
  void AppendAnswer(const Framing& framing, bool with_body);

  // Writes what the socket takes at once; false when some is left, or on an error.
  bool WriteNow(boost::system::error_code& error);
  [[nodiscard]] bool OutputFull() const;

  void SetDeadline(SocketTime deadline) {
    deadline_.store(deadline.count(), std::memory_order_relaxed);
  }
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
  BodyShare share_;
  // The answer that is being made elsewhere; no further request is answered before it.
  DeferredAnswer::Ptr deferred_;
  std::atomic<SocketTime::rep> deadline_{SocketTime::max().count()};
  std::atomic<bool> between_requests_{false};  // and nothing else to be done
  Waiting waiting_ = Waiting::kNothing;
  bool continued_ = false;  // 100 Continue was sent for the request being read
  bool closing_ = false;    // no further request is read
  bool refused_ = false;
  std::atomic<bool> expired_{false};
};

}  // namespace weir::server
