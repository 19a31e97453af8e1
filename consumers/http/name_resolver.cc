// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/name_resolver.h"

#include <boost/asio/post.hpp>
#include <new>
#include <utility>
#include <vector>

namespace weir::consumers {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// One slow name server does not hold up the names of another.
constexpr std::size_t kThreads = 2;

std::optional<LookupResult> WithoutServer(const std::string& host) {
  boost::system::error_code error;
  const asio::ip::address numeric = asio::ip::make_address(host, error);
  if (!error) {
    return std::vector{numeric};
  }
  // https://www.rfc-editor.org/rfc/rfc6761#section-6.3
  if (host == "localhost") {
    return std::vector<asio::ip::address>{asio::ip::address_v4::loopback(),
                                          asio::ip::address_v6::loopback()};
  }
  return std::nullopt;
}

LookupResult LookUpNow(const std::string& host, steady_clock::time_point deadline,
                       const std::atomic<bool>& cancelled) {
  try {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left <= milliseconds(0) || cancelled) {
      return LookupError{"no name server has answered in time"};
    }
    return LookUp(host, left, &cancelled);
  } catch (const std::bad_alloc&) {
    return LookupError{};
  }
}

}  // namespace

NameResolver::NameResolver(asio::io_context& io) : io_(io), threads_(kThreads) {}

NameResolver::~NameResolver() {
  stopping_ = true;
  threads_.join();
}

std::shared_ptr<NameResolver::LookingUp> NameResolver::Start(const std::string& host,
                                                             steady_clock::time_point deadline) {
  auto looking_up = std::make_shared<LookingUp>(io_, deadline);
  looking_up->result = WithoutServer(host);
  if (looking_up->result.has_value()) {
    return looking_up;
  }
  if (waiting_ >= kMostWaiting) {
    looking_up->result = LookupError{"too many names are being looked up"};
    return looking_up;
  }
  ++waiting_;
  asio::post(threads_, [this, looking_up, host, deadline] {
    --waiting_;
    if (stopping_) {
      return;
    }
    auto result = LookUpNow(host, deadline, looking_up->cancelled);
    asio::post(io_, [looking_up, result = std::move(result)]() mutable {
      looking_up->result = std::move(result);
      looking_up->answered.cancel();
    });
  });
  return looking_up;
}

}  // namespace weir::consumers
