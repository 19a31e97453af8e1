// SPDX-License-Identifier: Apache-2.0
#include "server/session.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <ctime>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "core/api_error.h"
#include "core/memory_reserve.h"
#include "core/system.h"
#include "server/access_log.h"
#include "server/thread_state.h"

namespace weir::server {
namespace {

namespace asio = boost::asio;

// Not use_awaitable: `deferred` starts the operation without a coroutine frame of its own.
constexpr auto kToken = asio::as_tuple(asio::deferred);

constexpr std::size_t kInputBytes = std::size_t{4} * 1024;    // holds most requests whole
constexpr std::size_t kHeadRoom = std::size_t{1} * 1024;      // least room to read a head into
constexpr std::size_t kBodyRoom = std::size_t{32} * 1024;     // least room to read a body into
constexpr std::size_t kLargeBody = std::size_t{16} * 1024;    // larger answers are not copied
constexpr std::size_t kOutputBound = std::size_t{64} * 1024;  // of pipelined answers at once
// How long the session, after its last answer, reads and drops what the client still sends. If it
// closed before, the kernel would send a reset, which can destroy the answer before the client has
// read it.
constexpr std::chrono::seconds kLinger{5};

constexpr const char* kNoMemory =
    "There is no memory for the request: the server takes as much as it may (--max-memory, or the "
    "limit of its container).";
constexpr const char* kUnknownError =
    "The request processing has failed because of an unknown error, exception or failure.";

// Suspends a session until its answer is made, or its client has sent something or left.
auto AwaitAnswer(DeferredAnswer::Ptr answer, Executor executor) {
  return asio::async_initiate<const asio::deferred_t, void()>(
      [](auto handler, const DeferredAnswer::Ptr& waited_for, const Executor& on) {
        const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        waited_for->ResumeBy([shared, on] { asio::post(on, [shared] { std::move (*shared)(); }); });
      },
      asio::deferred, std::move(answer), std::move(executor));
}

InputBuffer NewInput() {
  const MemoryReserve::MayFail here;  // the reserve is not for memory that a connection keeps
  return InputBuffer(kInputBytes);
}

}  // namespace

SocketTime SocketNow() {
  std::timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

Socket MoveTo(const Executor& executor, Socket socket) {
  boost::system::error_code ignored;  // if the connection is already closed, reading will fail
  const auto protocol = socket.local_endpoint(ignored).protocol();
  Socket moved(executor);
  moved.assign(protocol, socket.release(ignored), ignored);
  moved.non_blocking(true, ignored);
  return moved;
}

Session::Session(Socket socket, SessionContext& context)
    : socket_(std::move(socket)),
      context_(context),
      reader_(kMaxHeadBytes, {kMaxBodyBytes, kUploadPath, kMaxUploadBytes}),
      input_(NewInput()),
      share_(context.environment.bodies) {}

Session::~Session() {
  (void)Abandon();
}

DeferredAnswer::Task Session::Abandon() {
  return deferred_ == nullptr ? nullptr : deferred_->Abandon();
}

Awaitable Session::Run() {
  while (MemoryReserve::Ready()) {  // else Asio may not get the memory that it needs
    Advance();
    const bool input_waits = OutputFull();
    boost::system::error_code error;
    while (!WriteNow(error)) {
      if (error) {
        co_return;
      }
      SetDeadline(SocketNow() + context_.environment.options.write_timeout);
      std::tie(error) = co_await socket_.async_wait(Socket::wait_write, kToken);
      if (error) {
        co_return;
      }
    }
    if (deferred_ != nullptr) {
      if (!SendDeferred()) {
        if (deferred_->TakeReadable()) {
          AwaitClient();  // before HasLeft, so that nothing is missed between the two
          if (HasLeft()) {
            deferred_->Leave();
            co_return;
          }
        }
        co_await AwaitAnswer(deferred_, socket_.get_executor());
      }
      continue;
    }
    if (closing_) {
      break;
    }
    if (input_waits) {
      continue;
    }
    // Set before `draining` is read. Worker::Drain sets `draining` before it has Check read this,
    // so one of the two finds out that the session is to end.
    between_requests_ = BetweenRequests();
    if (context_.draining && between_requests_) {
      if (!ReadNow()) {
        co_return;
      }
      continue;
    }
    SetReadDeadline();
    auto [read_error, size] = co_await socket_.async_read_some(ReadBuffer(), kToken);
    between_requests_ = false;
    if (read_error == asio::error::operation_aborted && context_.draining && !expired_) {
      continue;  // woken by Check, as the server drains
    }
    if (read_error) {
      co_return;
    }
    input_.Commit(size);
  }
  boost::system::error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  if (refused_ || ReadNow()) {
    SetDeadline(SocketNow() + kLinger);
    while (!error) {
      input_.Consume(input_.data().size());
      std::tie(error, std::ignore) = co_await socket_.async_read_some(ReadBuffer(), kToken);
    }
  }
}

void Session::Check(SocketTime now) {
  boost::system::error_code ignored;
  if (SocketTime(deadline_.load(std::memory_order_relaxed)) <= now) {
    expired_ = true;
    socket_.cancel(ignored);
  } else if (context_.draining && between_requests_) {
    socket_.cancel(ignored);
  }
}

void Session::Advance() {
  const MemoryReserve::MayFail here;
  while (!closing_ && deferred_ == nullptr && !OutputFull() && !input_.data().empty()) {
    input_.Consume(reader_.Consume(input_.data()));
    CountBodies();
    if (context_.environment.bodies.full() && IsOverload()) {
      AnswerOverload();
      return;
    }
    switch (reader_.state()) {
      case RequestReader::State::kComplete:
        AnswerRequest();
        break;
      case RequestReader::State::kRefused:
        AnswerRefusal();
        return;
      case RequestReader::State::kBody:
        SendContinueIfAwaited();
        return;
      case RequestReader::State::kBetween:
      case RequestReader::State::kHead:
        return;
    }
  }
}

void Session::AnswerRequest() {
  const protocol::HttpRequest& request = reader_.request();
  ThreadState& thread = ThreadState::Current();
  ClearResponse();
  ++thread.progress;
  context_.environment.watch.OnRequest();
  thread.request_ids.Append(response_.request_id);
  try {
    context_.environment.handler.Handle(request, response_);
    if (response_.later) {
      Defer();
    }
  } catch (const std::bad_alloc&) {
    AnswerException(request, kNoMemory);
  } catch (...) {  // whatever is thrown, no request may end the process
    AnswerException(request, kUnknownError);
  }
  ++thread.progress;
  if (deferred_ == nullptr) {
    SendAnswer();
  }
}

void Session::AnswerException(const protocol::HttpRequest& request, const char* text) {
  const MemoryReserve::MustNotFail answer;
  LogException(request);
  ClearResponse();
  context_.environment.handler.WriteError(MakeError(ErrorCode::kInternalServerError, text),
                                          response_);
}

void Session::Defer() {
  deferred_ = DeferredAnswer::Begin(std::exchange(response_.later, nullptr));
  SetDeadline(SocketTime::max());
  deferred_->NoteReadable();  // so that Run finds out whether the client has left already
  if (reader_.body_capacity() >= BodyShare::kLeast) {
    reader_.DropBody();
    CountBodies();
  }
}

void Session::AwaitClient() {
  socket_.async_wait(Socket::wait_read,
                     [waited_for = deferred_](const boost::system::error_code& error) {
                       if (!error) {
                         waited_for->NoteReadable();
                       }
                     });
}

bool Session::SendDeferred() {
  const MemoryReserve::MayFail here;
  std::optional<protocol::HttpResponse> answer = deferred_->Take();
  if (!answer.has_value()) {
    return false;
  }
  response_ = *std::move(answer);
  deferred_.reset();
  SendAnswer();
  return true;
}

bool Session::HasLeft() {
  return system::IsEnded(socket_.native_handle());
}

void Session::SendAnswer() {
  const protocol::HttpRequest& request = reader_.request();
  // While the server drains, requests that were already read are answered, and no others.
  const bool keep_alive =
      reader_.keep_alive() && !response_.closes && !(context_.draining && input_.data().empty());
  closing_ = !keep_alive;
  AppendAnswer({.keep_alive = keep_alive, .http_1_0 = reader_.http_1_0()},
               request.method() != "HEAD");
  LogAnswer(request, response_);
  if (response_.body.size() > kLargeBody) {
    large_body_ = std::move(response_.body);
  }
  reader_.Reset();
  CountBodies();
  waiting_ = Waiting::kNothing;
  continued_ = false;
}

void Session::CountBodies() {
  share_.Set(reader_.body_capacity() + large_body_.capacity());
}

bool Session::IsOverload() const {
  return reader_.body_capacity() >= BodyShare::kLeast ||
         (reader_.state() == RequestReader::State::kComplete &&
          reader_.request().method() == "POST");
}

void Session::AnswerOverload() {
  ClearResponse();
  context_.environment.handler.WriteError(
      MakeError(ErrorCode::kServiceUnavailable,
                "The bodies of all requests and answers under way take more than "
                "--max-body-memory"),
      response_);
  closing_ = true;
  refused_ = true;
  AppendAnswer({.keep_alive = false}, true);
  LogRefusal(response_, "no room for its body");
  reader_.Reset();
  CountBodies();
}

void Session::AnswerRefusal() {
  ClearResponse();
  response_.status = reader_.refusal();
  response_.content_type = {};
  closing_ = true;
  refused_ = true;
  // AWS's front end sends 413 chunked, as dynalite's tests, which were made on AWS, expect.
  AppendAnswer({.keep_alive = false, .chunked = response_.status == 413}, true);
  LogRefusal(response_, reader_.refusal_reason());
}

void Session::SendContinueIfAwaited() {
  if (!continued_ && reader_.expects_continue() && reader_.request().body().empty() &&
      input_.data().empty()) {
    output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    continued_ = true;
  }
}

void Session::ClearResponse() {
  response_.status = 200;
  response_.content_type = protocol::HttpResponse().content_type;
  response_.request_id.clear();
  response_.headers.clear();
  response_.body.clear();
  response_.closes = false;
  response_.later = nullptr;
}

void Session::AppendAnswer(const Framing& framing, bool with_body) {
  if (response_.request_id.empty()) {
    ThreadState::Current().request_ids.Append(response_.request_id);
  }
  AppendHead(output_, response_, framing, ThreadState::Current().date.Now());
  if (framing.chunked) {
    output_ += "0\r\n\r\n";
  } else if (!with_body) {
    response_.body.clear();
  } else if (response_.body.size() <= kLargeBody) {
    output_ += response_.body;
  }
}

bool Session::WriteNow(boost::system::error_code& error) {
  const std::size_t total = output_.size() + large_body_.size();
  while (written_ < total) {
    if (large_body_.empty()) {
      written_ += socket_.write_some(
          asio::buffer(output_.data() + written_, output_.size() - written_), error);
    } else {
      const std::size_t from_output = std::min(written_, output_.size());
      const std::array<asio::const_buffer, 2> buffers{
          asio::buffer(output_) + from_output,
          asio::buffer(large_body_) + (written_ - from_output)};
      written_ += socket_.write_some(buffers, error);
    }
    if (error == asio::error::would_block) {
      error.clear();
      return false;
    }
    if (error) {
      return false;
    }
  }
  output_.clear();
  if (!large_body_.empty()) {
    large_body_ = std::string();
    CountBodies();
  }
  written_ = 0;
  return true;
}

bool Session::OutputFull() const {
  return output_.size() >= kOutputBound || !large_body_.empty();
}

void Session::SetReadDeadline() {
  const Waiting now = BetweenRequests() ? Waiting::kRequest : Waiting::kRestOfRequest;
  if (waiting_ != now) {
    waiting_ = now;
    const ServerOptions& options = context_.environment.options;
    SetDeadline(SocketNow() +
                (now == Waiting::kRequest ? options.idle_timeout : options.read_timeout));
  }
}

bool Session::BetweenRequests() const {
  return reader_.state() == RequestReader::State::kBetween;
}

asio::mutable_buffer Session::ReadBuffer() {
  const MemoryReserve::MayFail here;
  const InputBuffer::Room room =
      input_.Prepare(reader_.state() == RequestReader::State::kBody ? kBodyRoom : kHeadRoom);
  return asio::buffer(room.data, room.size);
}

bool Session::ReadNow() {
  boost::system::error_code error;
  const std::size_t size = socket_.read_some(ReadBuffer(), error);
  input_.Commit(size);
  return !error && size > 0;
}

}  // namespace weir::server
