// SPDX-License-Identifier: Apache-2.0
#include "server/log_writer.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string_view>
#include <utility>

#include "core/memory_reserve.h"

namespace weir::server {
namespace {

constexpr std::chrono::milliseconds kMoment{250};

// Returns false if the file can't be written to any more.
bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EAGAIN) {  // somebody else has made it non-blocking
      pollfd room{.fd = file, .events = POLLOUT, .revents = 0};
      poll(&room, 1, static_cast<int>(kMoment.count()));
    } else if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

LogWriter::LogWriter(int file) : thread_([queue = queue_, file] { Run(*queue, file); }) {}

LogWriter::~LogWriter() {
  Flush();
  bool idle = false;
  {
    const MutexLock lock(queue_->mutex);
    queue_->ending = true;
    queue_->lines.clear();
    idle = !queue_->writing;
  }
  queue_->changed.NotifyAll();
  if (idle) {
    thread_.join();
  } else {
    thread_.detach();  // the file may hold it up for ever
  }
}

void LogWriter::Write(std::string line) {
  {
    const MutexLock lock(queue_->mutex);
    if (queue_->bytes + line.size() > kMostWaiting && !queue_->lines.empty()) {
      ++queue_->dropped;
      return;
    }
    queue_->bytes += line.size();
    queue_->lines.push_back(std::move(line));
  }
  queue_->changed.NotifyAll();
}

void LogWriter::Flush() {
  const auto deadline = std::chrono::steady_clock::now() + kMoment;
  const MutexLock lock(queue_->mutex);
  while ((!queue_->lines.empty() || queue_->writing) &&
         std::chrono::steady_clock::now() < deadline) {
    queue_->changed.WaitUntil(queue_->mutex, deadline);
  }
}

void LogWriter::Run(Queue& queue, int file) {
  const MemoryReserve::MustNotFail loop;
  for (std::string text = Take(queue); !text.empty(); text = Take(queue)) {
    const bool useful = WriteAll(file, text);
    {
      const MutexLock lock(queue.mutex);
      queue.writing = false;
      if (!useful) {
        queue.lines.clear();
        queue.bytes = 0;
      }
    }
    queue.changed.NotifyAll();
  }
}

std::string LogWriter::Take(Queue& queue) {
  const MutexLock lock(queue.mutex);
  while (queue.lines.empty() && queue.dropped == 0 && !queue.ending) {
    queue.changed.Wait(queue.mutex);
  }
  std::string text;
  if (!queue.lines.empty()) {
    text = std::move(queue.lines.front());
    queue.lines.pop_front();
    queue.bytes -= text.size();
  } else if (queue.dropped > 0) {
    text = std::to_string(std::exchange(queue.dropped, 0)) +
           " lines of the log were dropped: nobody read them\n";
  }
  queue.writing = !text.empty();
  return text;
}

}  // namespace weir::server
