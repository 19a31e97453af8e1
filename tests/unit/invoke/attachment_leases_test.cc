// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/attachment_leases.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.h"

namespace weir::lambda {
namespace {

class FakeAttachments final : public Attachments {
 public:
  Result<Attachment, std::string> Attach(std::string_view function) override {
    if (function == "bad") {
      return std::string("not today");
    }
    const MutexLock lock(mutex_);
    const std::string handle = "h" + std::to_string(++made_);
    return Attachment{handle, "127.0.0.1:1", {{"A", "b"}}};
  }
  void Detach(std::string_view handle) override {
    const MutexLock lock(mutex_);
    detached_.emplace_back(handle);
    changed_.NotifyAll();
  }
  std::vector<std::string> detached() {
    const MutexLock lock(mutex_);
    return detached_;
  }
  void AwaitDetached() {
    const MutexLock lock(mutex_);
    while (detached_.empty()) {
      changed_.Wait(mutex_);
    }
  }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  int made_ WEIR_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> detached_ WEIR_GUARDED_BY(mutex_);
};

using Texts = std::vector<std::string>;

TEST_CASE("An attachment ends when its client says so, or with the server", "[lambda][attach]") {
  FakeAttachments attachments;
  {
    AttachmentLeases leases(attachments);
    const auto first = leases.Begin("f");
    const auto second = leases.Begin("f");
    REQUIRE(first.ok());
    REQUIRE(second.ok());
    CHECK(first.value().attachment.runtime_api == "127.0.0.1:1");
    CHECK(first.value().id != second.value().id);
    CHECK(leases.Renew("f", first.value().id));
    CHECK(!leases.Renew("g", first.value().id));
    CHECK(!leases.End("g", first.value().id));
    CHECK(leases.End("f", first.value().id));
    CHECK(attachments.detached() == Texts{"h1"});
    CHECK(!leases.Renew("f", first.value().id));
    CHECK(!leases.End("f", first.value().id));
  }
  CHECK(attachments.detached() == Texts{"h1", "h2"});
}

TEST_CASE("An attachment ends when nobody renews it", "[lambda][attach]") {
  FakeAttachments attachments;
  AttachmentLeases leases(attachments, std::chrono::milliseconds(1));
  const auto lease = leases.Begin("f");
  REQUIRE(lease.ok());
  attachments.AwaitDetached();
  CHECK(attachments.detached() == Texts{"h1"});
  CHECK(!leases.Renew("f", lease.value().id));
}

TEST_CASE("Attachments are limited in number, and may fail", "[lambda][attach]") {
  FakeAttachments attachments;
  AttachmentLeases leases(attachments);
  CHECK(leases.Begin("bad").error() == "not today");
  for (std::size_t i = 0; i < AttachmentLeases::kMost; ++i) {
    REQUIRE(leases.Begin("f").ok());
  }
  CHECK(leases.Begin("f").error() == "There are 100 attached processes already");
}

}  // namespace
}  // namespace weir::lambda
