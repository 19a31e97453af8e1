// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/system.h"

namespace weir::system {
namespace {

// The texts in a file, each of which ends with a NUL; none if it cannot be read.
std::vector<std::string> TextsIn(const std::string& path) {
  // More than Linux lets a program have as its arguments and variables.
  constexpr std::streamsize kLongest = std::streamsize{4} << 20U;
  std::ifstream file(path, std::ios::binary);
  std::string text(kLongest, '\0');
  file.read(text.data(), kLongest);
  text.resize(static_cast<std::size_t>(file.gcount()));
  std::vector<std::string> texts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\0', start), text.size());
    texts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return texts;
}

// Reads a short file of /proc; empty if it cannot be read.
std::string ShortText(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return {};
  }
  constexpr std::size_t kMost = 4096;
  std::string text(kMost, '\0');
  const ssize_t size = read(file, text.data(), text.size());
  close(file);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

// The text after the first `count` words, which single spaces separate.
std::string_view AfterWords(std::string_view text, int count) {
  for (; count > 0 && !text.empty(); --count) {
    text.remove_prefix(std::min(text.find(' '), text.size() - 1) + 1);
  }
  return text;
}

template <class T>
T NumberAt(std::string_view text) {
  T number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::uint64_t PageSize() {
  return static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// The numbers that the names in a folder of /proc are; other names are passed over.
std::vector<int> NumbersIn(const char* folder) {
  std::vector<int> numbers;
  DIR* const entries = opendir(folder);
  if (entries == nullptr) {
    return numbers;
  }
  while (const dirent* const entry = readdir(entries)) {
    const std::string_view name(static_cast<const char*>(entry->d_name));
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) {
      numbers.push_back(number);
    }
  }
  closedir(entries);
  return numbers;
}

}  // namespace

std::optional<std::uint64_t> ContainerMemory() {
  // Of the control group, version 2 and 1.
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::uint64_t limit = 0;
    constexpr std::uint64_t kNone = std::uint64_t{1} << 60U;  // more stands for no limit
    if (std::ifstream file(path); file >> limit && limit < kNone) {
      return limit;
    }
  }
  return std::nullopt;
}

std::uint64_t ResidentMemory() {
  static const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);  // it is read often
  std::array<char, 128> text{};
  const ssize_t size = pread(statm, text.data(), text.size() - 1, 0);
  // The second of several numbers, in pages.
  const char* const space = size <= 0 ? nullptr : std::strchr(text.data(), ' ');
  std::uint64_t pages = 0;
  if (space == nullptr || std::from_chars(space + 1, text.data() + size, pages).ec != std::errc()) {
    return 0;
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// musl has neither the allocator nor the default for threads.
#if defined(__GLIBC__)

void LimitAllocator(const AllocatorLimits& limits) {
  mallopt(M_MMAP_THRESHOLD, limits.mapped_from);
  mallopt(M_TRIM_THRESHOLD, limits.trimmed_from);
  mallopt(M_ARENA_MAX, limits.arenas);
}

void SetStackSize(std::size_t bytes) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) == 0) {
    pthread_attr_setstacksize(&attributes, bytes);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
  }
}

std::size_t AllocatedMemory() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t FreeMemory() {
  return mallinfo2().fordblks;
}

void ReturnFreeMemory() {
  malloc_trim(0);
}

#else

void LimitAllocator(const AllocatorLimits& /*limits*/) {}
void SetStackSize(std::size_t /*bytes*/) {}
std::size_t AllocatedMemory() {
  return 0;
}
std::size_t FreeMemory() {
  return 0;
}
void ReturnFreeMemory() {}

#endif

bool SyncData(int file) {
  return fdatasync(file) == 0;
}

bool IsEnded(int connection) {
  // Not found out by reading: a further request may come before the end of the connection.
  tcp_info info{};
  socklen_t size = sizeof info;
  return getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         info.tcpi_state != TCP_ESTABLISHED;
}

std::optional<ProcessStart> StartOf(unsigned process) {
  const std::string folder = "/proc/" + std::to_string(process);
  ProcessStart start{.arguments = TextsIn(folder + "/cmdline"),
                     .environment = TextsIn(folder + "/environ"),
                     .folder = folder + "/cwd"};
  return start.arguments.empty() ? std::nullopt : std::optional(std::move(start));
}

std::vector<ProcessUse> Processes() {
  std::vector<ProcessUse> processes;
  for (const int id : NumbersIn("/proc")) {
    const std::string text = ShortText("/proc/" + std::to_string(id) + "/stat");
    // The program's name, the second word, stands in parentheses and may hold any character. Then
    // come the state and the parent; the threads are the 20th word, the resident pages the 24th.
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) {
      continue;
    }
    const std::string_view parent = AfterWords(std::string_view(text).substr(name_end), 2);
    processes.push_back({.id = id,
                         .parent = NumberAt<int>(parent),
                         .threads = NumberAt<std::uint64_t>(AfterWords(parent, 16)),
                         .resident = NumberAt<std::uint64_t>(AfterWords(parent, 20)) * PageSize()});
  }
  return processes;
}

std::uint64_t ResidentMemoryOf(int process) {
  const std::string text = ShortText("/proc/" + std::to_string(process) + "/statm");
  return NumberAt<std::uint64_t>(AfterWords(text, 1)) * PageSize();
}

std::uint64_t MostMemoryOfChildren() {
  constexpr std::uint64_t kUnit = 1024;
  rusage use{};
  return getrusage(RUSAGE_CHILDREN, &use) == 0 ? static_cast<std::uint64_t>(use.ru_maxrss) * kUnit
                                               : 0;
}

bool AdoptOrphans() {
  return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

void EndWithParent() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void CloseFrom(int first) {
#if defined(SYS_close_range)
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) {
    return;
  }
#endif
  // Linux before 5.9. The folder's own file is closed already when its turn comes.
  for (const int file : NumbersIn("/proc/self/fd")) {
    if (file >= first) {
      close(file);
    }
  }
}

std::string ProgramPath() {
  return "/proc/self/exe";  // also after the file was replaced, as a new build does
}

}  // namespace weir::system
