// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <iterator>

namespace weir::consumers {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using Stream = std::variant<boost::beast::tcp_stream, TlsStream>;

Stream MakeStream(asio::io_context& io, asio::ssl::context* tls) {
  if (tls == nullptr) {
    return Stream(std::in_place_index<0>, io);
  }
  return Stream(std::in_place_index<1>, io, *tls);
}

}  // namespace

Connection::Connection(asio::io_context& io, asio::ssl::context* tls)
    : stream_(MakeStream(io, tls)) {}

boost::beast::tcp_stream& Connection::tcp() {
  TlsStream* const over_tls = tls();
  return over_tls != nullptr ? over_tls->next_layer() : std::get<0>(stream_);
}

bool Connection::IsQuiet() {
  auto& socket = tcp().socket();
  boost::system::error_code error;
  socket.non_blocking(true, error);
  if (error) {
    return false;
  }
  char byte = 0;
  socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
  return error == asio::error::would_block || error == asio::error::try_again;
}

ConnectionPtr ConnectionPool::Take(const std::string& origin) {
  for (auto kept = kept_.end(); kept != kept_.begin();) {
    --kept;
    if (kept->origin != origin) {
      continue;
    }
    ConnectionPtr connection = std::move(kept->connection);
    kept = kept_.erase(kept);
    if (connection->IsQuiet()) {
      return connection;
    }
  }
  return nullptr;
}

void ConnectionPool::Keep(std::string origin, ConnectionPtr connection) {
  if (closed_) {
    return;
  }
  connection->tcp().expires_never();
  const auto same = [&origin](const Kept& kept) { return kept.origin == origin; };
  if (const auto count = std::count_if(kept_.begin(), kept_.end(), same);
      static_cast<std::size_t>(count) >= limits_.per_origin) {
    kept_.erase(std::find_if(kept_.begin(), kept_.end(), same));
  } else if (kept_.size() >= limits_.all) {
    kept_.pop_front();
  }
  kept_.push_back({std::move(origin), std::move(connection), steady_clock::now() + limits_.idle});
  if (!sweeping_) {
    Sweep();
  }
}

void ConnectionPool::Sweep() {
  const steady_clock::time_point now = steady_clock::now();
  while (!kept_.empty() && kept_.front().until <= now) {
    kept_.pop_front();
  }
  sweeping_ = !kept_.empty() && !closed_;
  if (sweeping_) {
    sweep_.expires_at(kept_.front().until);
    sweep_.async_wait([this](const boost::system::error_code&) { Sweep(); });
  }
}

void ConnectionPool::Close() {
  closed_ = true;
  kept_.clear();
  sweep_.cancel();
}

}  // namespace weir::consumers
