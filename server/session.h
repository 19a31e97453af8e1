// SPDX-License-Identifier: Apache-2.0
// Session: one client connection.
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

// The time that the deadlines of sockets are measured in: a clock that the kernel advances every
// few milliseconds, and that is many times cheaper to read than the precise one. Never the
// service's Clock, which tests may stop.
using SocketTime = std::chrono::nanoseconds;
[[nodiscard]] SocketTime SocketNow();

// Moves the connection to the context of `executor`.
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
// that suspends only in socket calls and for deferred answers; a request that arrives whole costs
// one suspension. The deadline is a number that the worker looks at a few times a second (Check),
// instead of a timer that each request sets and cancels.
//
// One thread runs a session at a time; Check may be called from another thread meanwhile.
class Session {
 public:
  Session(Socket socket, SessionContext& context);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Serves until the client leaves, a deadline passes, the server drains, or the memory reserve is
  // used up.
  Awaitable Run();

  // Ends the session if its deadline has passed, or if the server drains and it is between two
  // requests.
  void Check(SocketTime now);

  // Makes sure that no other thread wakes the session any more. If the session waits for a deferred
  // answer, returns the task that would have woken it, which owns the suspended session: the caller
  // destroys both. Not to be called while a thread runs the session.
  [[nodiscard]] DeferredAnswer::Task Abandon();

  std::size_t index = 0;  // the session's place in its worker's list

 private:
  // What the session waits for, by which the deadline is set. It is set only when that changes, so
  // that a client that sends byte by byte can't move it.
  enum class Waiting { kNothing, kRequest, kRestOfRequest };

  // Answers the complete requests in the input until the output is full or an answer is deferred.
  void Advance();
  void AnswerRequest();
  // Has the answer made by `response_.later`, perhaps on another thread, which then wakes Run.
  void Defer();
  // Answers with 500 InternalServerError and `text`, for the exception that is being handled.
  void AnswerException(const protocol::HttpRequest& request, const char* text);
  // Sends the deferred answer; false if it has not been made yet.
  bool SendDeferred();
  // Has `deferred_` note when the client sends something or leaves.
  void AwaitClient();
  // Whether the client has closed the connection, at least for what it sends.
  [[nodiscard]] bool HasLeft();
  void SendAnswer();
  void AnswerRefusal();
  // Answers a request that there is no room for with 503, after which SDKs try again, and closes
  // the connection.
  void AnswerOverload();
  // Whether the request must not go on while the body budget is full: it has a large body, or is a
  // complete POST.
  [[nodiscard]] bool IsOverload() const;
  // Sets the session's share of the body budget to what its bodies take now.
  void CountBodies();
  void SendContinueIfAwaited();
  void ClearResponse();
  void AppendAnswer(const Framing& framing, bool with_body);

  // Writes as much as the socket takes without waiting. False if some is left, or on an error.
  bool WriteNow(boost::system::error_code& error);
  [[nodiscard]] bool OutputFull() const;

  void SetDeadline(SocketTime deadline) {
    deadline_.store(deadline.count(), std::memory_order_relaxed);
  }
  void SetReadDeadline();
  [[nodiscard]] bool BetweenRequests() const;
  [[nodiscard]] boost::asio::mutable_buffer ReadBuffer();
  // Reads what has come, without waiting. False if there is nothing, or on an error.
  bool ReadNow();

  Socket socket_;
  SessionContext& context_;
  RequestReader reader_;
  InputBuffer input_;
  protocol::HttpResponse response_;
  std::string output_;       // heads, and bodies that are small enough to be copied
  std::string large_body_;   // sent after `output_`
  std::size_t written_ = 0;  // bytes of both together
  BodyShare share_;
  // The deferred answer that is waited for; no further request is answered before it.
  DeferredAnswer::Ptr deferred_;
  std::atomic<SocketTime::rep> deadline_{SocketTime::max().count()};
  std::atomic<bool> between_requests_{false};  // waits for a request, with nothing left to send
  Waiting waiting_ = Waiting::kNothing;
  bool continued_ = false;  // 100 Continue was sent for the request being read
  bool closing_ = false;    // no further request is read
  bool refused_ = false;
  std::atomic<bool> expired_{false};
};

}  // namespace weir::server
