// SPDX-License-Identifier: Apache-2.0
#include "runtimes/keeper.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/digits.h"
#include "core/system.h"

namespace weir::runtimes {
namespace {

constexpr std::size_t kLengthDigits = 8;
// More than Linux lets a program have as its arguments and variables.
constexpr std::size_t kLongestOrder = std::size_t{8} << 20U;
constexpr int kFirstOther = 3;  // after the standard streams

// Reads `size` bytes; false if there are fewer.
bool ReadAll(int file, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t count = read(file, out, size);
    if (count == 0 || (count < 0 && errno != EINTR)) {
      return false;
    }
    if (count > 0) {
      out += count;
      size -= static_cast<std::size_t>(count);
    }
  }
  return true;
}

// Tells Weir, if it is still there.
void Tell(int control, std::string_view word, int number) {
  const std::string line = std::string(word).append(" ").append(std::to_string(number)) + '\n';
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = write(control, line.data() + written, line.size() - written);
    if (count < 0 && errno != EINTR) {
      return;
    }
    written += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
  }
}

std::optional<KeeperOrder> DecodeOrder(const std::string& text) {
  std::vector<std::string> texts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\0', start);
    if (end == std::string::npos) {
      return std::nullopt;
    }
    texts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  constexpr std::size_t kBeforeArguments = 2;
  if (texts.size() < kBeforeArguments) {
    return std::nullopt;
  }
  std::size_t count = 0;
  std::from_chars(texts[1].data(), texts[1].data() + texts[1].size(), count);
  if (count == 0 || count > texts.size() - kBeforeArguments) {
    return std::nullopt;
  }
  const auto arguments = texts.begin() + kBeforeArguments;
  const auto environment = arguments + static_cast<std::ptrdiff_t>(count);
  return KeeperOrder{.folder = texts[0],
                     .arguments = {arguments, environment},
                     .environment = {environment, texts.end()}};
}

std::optional<KeeperOrder> ReadOrder(int control) {
  std::array<char, kLengthDigits> digits{};
  std::size_t size = 0;
  constexpr int kHex = 16;
  if (!ReadAll(control, digits.data(), digits.size()) ||
      std::from_chars(digits.data(), digits.data() + digits.size(), size, kHex).ptr !=
          digits.data() + digits.size() ||
      size > kLongestOrder) {
    return std::nullopt;
  }
  std::string text(size, '\0');
  return ReadAll(control, text.data(), text.size()) ? DecodeOrder(text) : std::nullopt;
}

void SetSignal(int signal, void (*action)(int)) {
  struct sigaction how {};
  how.sa_handler = action;
  sigemptyset(&how.sa_mask);
  sigaction(signal, &how, nullptr);
}

void OnChild(int /*signal*/) {}

// The signals that end Weir reach the keeper, too, if they are sent to a whole session or control
// group. The keeper goes by the end of Weir alone: if it ended first, nobody would end what its
// program has started.
constexpr int kIgnored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};

// What kIgnored did before.
using Actions = std::array<struct sigaction, std::size(kIgnored)>;

Actions Ignore() {
  Actions before{};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  for (std::size_t i = 0; i < before.size(); ++i) {
    sigaction(kIgnored[i], &ignore, &before[i]);
  }
  return before;
}

// How a program is started.
struct Manner {
  // With its own process group and no input, in the order's folder; else as a part of the terminal,
  // with these actions.
  bool is_apart = true;
  Actions actions{};
};

// Has this process end with the one that forked it.
void EndWith(pid_t parent) {
  system::EndWithParent();
  if (getppid() != parent) {
    _exit(1);  // it ended before the line above
  }
}

// Between fork and exec. Returns only if the program cannot be started.
void Become(const Manner& manner, const char* folder, const std::vector<char*>& arguments,
            std::vector<char*>& environment) {
  SetSignal(SIGCHLD, SIG_DFL);
  for (std::size_t i = 0; i < manner.actions.size(); ++i) {
    sigaction(kIgnored[i], &manner.actions[i], nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (!manner.is_apart) {
    environ = environment.data();
    execvp(arguments.front(), arguments.data());
    return;
  }
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && chdir(folder) == 0) {
    execve(arguments.front(), arguments.data(), environment.data());
  }
}

// The strings as execve takes them; they must outlive the result.
std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

struct Started {
  pid_t program = -1;
  int error = 0;  // errno, if it could not be started
};

Started StartProgram(int control, KeeperOrder& order, const Manner& manner) {
  const std::vector<char*> arguments = Pointers(order.arguments);
  std::vector<char*> environment = Pointers(order.environment);
  // The program's side is closed when it runs; before that, its failure is written there.
  std::array<int, 2> failure{};
  if (pipe(failure.data()) != 0) {
    return {.error = errno};
  }
  for (const int end : failure) {
    fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  const pid_t keeper = getpid();
  const pid_t program = fork();
  if (program == 0) {
    if (manner.is_apart) {
      setpgid(0, 0);
    }
    EndWith(keeper);
    Tell(control, "process", getpid());  // before the program does anything that Weir may see
    Become(manner, order.folder.c_str(), arguments, environment);
    const int error = errno;
    (void)!write(failure[1], &error, sizeof error);
    _exit(1);
  }
  Started started{.program = program, .error = program < 0 ? errno : 0};
  close(failure[1]);
  int error = 0;
  if (program > 0 && ReadAll(failure[0], reinterpret_cast<char*>(&error), sizeof error)) {
    waitpid(program, nullptr, 0);
    started = {.program = -1, .error = error};
  }
  close(failure[0]);
  return started;
}

// Ends every process that descends from this one, and waits for them.
void EndDescendants() {
  for (;;) {
    pid_t ended = 0;
    do {
      ended = waitpid(-1, nullptr, WNOHANG);
    } while (ended > 0);
    if (ended < 0) {
      return;  // there are no children
    }
    std::set<int> family{getpid()};
    const std::vector<system::ProcessUse> processes = system::Processes();
    for (bool grown = true; grown;) {
      grown = false;
      for (const system::ProcessUse& process : processes) {
        if (family.count(process.parent) != 0 && family.insert(process.id).second) {
          // Those of its group, if it leads one, cannot start others meanwhile.
          kill(-process.id, SIGKILL);
          kill(process.id, SIGKILL);
          grown = true;
        }
      }
    }
    // The end of one may make its children ours, which are found in the next round.
    waitpid(-1, nullptr, 0);
  }
}

// The program's end, if it has ended, and as it is to be told. Takes note of all other processes
// that have ended and are this one's children.
std::optional<std::pair<std::string_view, int>> EndOf(pid_t program) {
  siginfo_t info{};
  while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
    if (info.si_pid == program) {
      // Before its id may be given to others.
      kill(-program, SIGKILL);
      waitpid(program, nullptr, 0);
      return std::pair(info.si_code == CLD_EXITED ? "exited" : "signaled", info.si_status);
    }
    waitpid(info.si_pid, nullptr, 0);
    info = {};
  }
  return std::nullopt;
}

// Passes on signals until the program ends, or the other side of `control`.
std::optional<std::pair<std::string_view, int>> AwaitEnd(int control, pid_t program) {
  sigset_t with_child;  // as it is but during pselect
  sigprocmask(SIG_SETMASK, nullptr, &with_child);
  sigset_t without_child = with_child;
  sigdelset(&without_child, SIGCHLD);
  for (;;) {
    if (const auto end = EndOf(program)) {
      return end;
    }
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(control, &readable);
    if (pselect(control + 1, &readable, nullptr, nullptr, nullptr, &without_child) <= 0) {
      continue;
    }
    unsigned char signal = 0;
    if (!ReadAll(control, reinterpret_cast<char*>(&signal), sizeof signal)) {
      // Weir's end, or its wish that the program ends.
      kill(-program, SIGKILL);
      kill(program, SIGKILL);
      return std::nullopt;
    }
    kill(program, signal);  // it has not been waited for, so the id is its own
  }
}

// The keeper proper.
void Keep(int control, KeeperOrder& order, const Manner& manner) {
  system::AdoptOrphans();
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, nullptr);
  SetSignal(SIGCHLD, OnChild);

  const Started started = StartProgram(control, order, manner);
  if (started.program < 0) {
    Tell(control, "failed", started.error);
    return;
  }
  Tell(control, "started", started.program);
  const auto end = AwaitEnd(control, started.program);
  EndDescendants();
  if (end.has_value()) {
    constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20U;
    Tell(control, "memory", static_cast<int>(system::MostMemoryOfChildren() / kMegabyte));
    Tell(control, end->first, end->second);
  }
}

// Has a child keep the program. This process does not close `control` before all is over: its end
// tells Weir so.
void KeepInChild(int control, KeeperOrder& order, const Manner& manner) {
  system::AdoptOrphans();
  SetSignal(SIGCHLD, SIG_DFL);
  const pid_t guard = getpid();
  const pid_t keeper = fork();
  if (keeper == 0) {
    EndWith(guard);
    Keep(control, order, manner);
    _exit(0);
  }
  if (keeper < 0) {
    Tell(control, "failed", errno);
    return;
  }
  while (waitpid(keeper, nullptr, 0) < 0 && errno == EINTR) {
  }
  EndDescendants();
}

}  // namespace

void KeptState::Read(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(word.size() + 1, line.size()));
  int number = 0;
  std::from_chars(line.data(), line.data() + line.size(), number);
  if (word == "process") {
    process = number;
  } else if (word == "started") {
    started = true;
  } else if (word == "memory") {
    end.memory_mb = number;
  } else if (word == "failed") {
    end = {.kind = ProgramEnd::Kind::kNotStarted, .number = number};
  } else if (word == "exited" || word == "signaled") {
    end.kind = word == "exited" ? ProgramEnd::Kind::kExited : ProgramEnd::Kind::kSignaled;
    end.number = number;
  }
}

std::string EncodeOrder(const KeeperOrder& order) {
  std::string text(kLengthDigits, '0');
  // As execve would take it, a text ends at its first NUL; it must not become two.
  const auto append = [&text](std::string_view part) {
    text.append(part.substr(0, part.find('\0'))).push_back('\0');
  };
  append(order.folder);
  append(std::to_string(order.arguments.size()));
  for (const std::string& argument : order.arguments) {
    append(argument);
  }
  for (const std::string& variable : order.environment) {
    append(variable);
  }
  WriteHex(text.size() - kLengthDigits, std::span(text).first(kLengthDigits));
  return text;
}

int RunKeeper() {
  system::CloseFrom(kFirstOther);
  Ignore();
  const int control = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, kFirstOther);
  std::optional<KeeperOrder> order = control < 0 ? std::nullopt : ReadOrder(control);
  if (!order.has_value()) {
    return 1;
  }
  // Default actions, not those of the server, which ignores some of these signals.
  KeepInChild(control, *order, Manner());
  return 0;
}

void KeepCommand(int control, KeeperOrder order) {
  KeepInChild(control, order, {.is_apart = false, .actions = Ignore()});
}

}  // namespace weir::runtimes
