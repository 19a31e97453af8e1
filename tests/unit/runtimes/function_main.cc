// SPDX-License-Identifier: Apache-2.0
// The code of a function for the tests: a bootstrap that speaks the Runtime API, and does what its
// handler's name and the payload of each invocation say, as tests/unit/runtimes/host_fixture.h
// describes it.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::string_view kRoot = "/2018-06-01/runtime/";

std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// A connection to the Runtime API. The process ends if it fails.
class Connection {
 public:
  Connection() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const std::string api = Variable("AWS_LAMBDA_RUNTIME_API");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<in_port_t>(std::stoi(api.substr(api.find(':') + 1))));
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      _exit(90);
    }
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  struct Answer {
    std::string head;
    std::string body;
    [[nodiscard]] std::string Header(const std::string& name) const {
      const std::size_t at = head.find("\r\n" + name + ": ");
      if (at == std::string::npos) {
        return "";
      }
      const std::size_t start = at + name.size() + 4;
      return head.substr(start, head.find("\r\n", start) - start);
    }
    // "202 {…}"
    [[nodiscard]] std::string StatusAndBody() const { return head.substr(9, 3) + " " + body; }
  };

  Answer Get(std::string_view path) { return Ask("GET", path, "", ""); }
  Answer Post(std::string_view path, std::string_view body) {
    return Ask("POST", path, "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
  }
  Answer Ask(std::string_view method, std::string_view path, std::string_view headers,
             std::string_view body) {
    const std::string request = std::string(method)
                                    .append(" ")
                                    .append(kRoot)
                                    .append(path)
                                    .append(" HTTP/1.1\r\nHost: ")
                                    .append(Variable("AWS_LAMBDA_RUNTIME_API"))
                                    .append("\r\n")
                                    .append(headers)
                                    .append("\r\n")
                                    .append(body);
    Write(request);
    Answer answer;
    std::size_t end = std::string::npos;
    while ((end = text_.find("\r\n\r\n")) == std::string::npos) {
      Read();
    }
    answer.head = text_.substr(0, end + 2);
    text_.erase(0, end + 4);
    const std::size_t size = std::stoul(answer.Header("Content-Length"));
    while (text_.size() < size) {
      Read();
    }
    answer.body = text_.substr(0, size);
    text_.erase(0, size);
    return answer;
  }

 private:
  void Write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = write(socket_, text.data(), text.size());
      if (count <= 0) {
        _exit(91);
      }
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void Read() {
    std::array<char, 65536> part{};
    const ssize_t count = read(socket_, part.data(), part.size());
    if (count <= 0) {
      _exit(92);
    }
    text_.append(part.data(), static_cast<std::size_t>(count));
  }

  const int socket_;
  std::string text_;
};

[[noreturn]] void SleepForEver() {
  for (;;) {
    pause();
  }
}

void Print(int file, std::string_view text) {
  (void)!write(file, text.data(), text.size());
}

void FillMemory() {
  constexpr std::size_t kStep = std::size_t{16} << 20U;
  std::vector<char*> blocks;
  for (int i = 0; i < 20; ++i) {
    blocks.push_back(static_cast<char*>(std::malloc(kStep)));
    std::memset(blocks.back(), i + 1, kStep);
  }
  SleepForEver();
}

void StartThreads() {
  constexpr int kMany = 1100;
  std::vector<std::thread> threads;
  for (int i = 0; i < kMany; ++i) {
    threads.emplace_back(SleepForEver);
  }
  SleepForEver();
}

// A process that has left the group and lost its parent, and does that; returns its id.
std::string StartOrphan(void (*act)() = SleepForEver) {
  std::array<int, 2> ends{};
  (void)!pipe(ends.data());
  if (fork() == 0) {
    setsid();
    const pid_t orphan = fork();
    if (orphan == 0) {
      act();
    }
    (void)!write(ends[1], &orphan, sizeof orphan);
    _exit(0);
  }
  pid_t orphan = 0;
  (void)!read(ends[0], &orphan, sizeof orphan);
  return std::to_string(orphan);
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + '"';
}

// Carries out the commands of tests/unit/runtimes/host_fixture.h.
void Invoke(Connection& api, const Connection::Answer& next) {
  const std::string id = next.Header("Lambda-Runtime-Aws-Request-Id");
  const std::string response = "invocation/" + id + "/response";
  const std::string command = next.body.substr(1, next.body.find_last_of('"') - 1);
  const std::string argument = command.substr(std::min(command.find(' ') + 1, command.size()));
  if (command == "error") {
    api.Post("invocation/" + id + "/error", R"({"errorMessage":"no","errorType":"Oops"})");
  } else if (command.rfind("exit ", 0) == 0) {
    _exit(std::stoi(argument));
  } else if (command == "abort") {
    std::abort();
  } else if (command == "sleep") {
    SleepForEver();
  } else if (command == "memory") {
    FillMemory();
  } else if (command == "orphan") {
    api.Post(response, StartOrphan());
  } else if (command == "orphan and sleep") {
    Print(STDOUT_FILENO, StartOrphan() + "\n");
    SleepForEver();
  } else if (command == "orphan and no keeper") {
    Print(STDOUT_FILENO, StartOrphan() + "\n");
    kill(getppid(), SIGKILL);
    SleepForEver();
  } else if (command == "memory later") {
    api.Post(response, StartOrphan(FillMemory));
  } else if (command == "threads") {
    StartThreads();
  } else if (command == "pid") {
    api.Post(response, std::to_string(getpid()));
  } else if (command == "large") {
    const std::string status = api.Post(response, std::string(6291557, 'x')).StatusAndBody();
    Print(STDOUT_FILENO, status + "\n");
  } else if (command == "wrong id") {
    const std::string status = api.Post("invocation/1/response", "1").StatusAndBody();
    api.Post(response, Quoted(status));
  } else if (command == "late error") {
    api.Ask("POST", response,
            "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
            "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n",
            "3\r\nabc\r\n0\r\nLambda-Runtime-Function-Error-Type: Late\r\n"
            "Lambda-Runtime-Function-Error-Body: eyJlcnJvclR5cGUiOiJMYXRlIn0=\r\n\r\n");
  } else if (command == "print") {
    Print(STDOUT_FILENO, "one\ntwo\nthree");
    Print(STDERR_FILENO, "four\n");
    api.Post(response, "null");
  } else if (command == "respond and exit") {
    api.Post(response, "1");
    _exit(0);
  } else if (command.rfind("env ", 0) == 0) {
    api.Post(response, Quoted(Variable(argument.c_str())));
  } else if (command == "folder") {
    std::array<char, 4096> folder{};
    (void)!getcwd(folder.data(), folder.size());
    api.Post(response, Quoted(folder.data()));
  } else if (command == "files") {
    // Opens the first free number: 3 is the connection.
    api.Post(response, std::to_string(dup(0)));
  } else if (command.rfind("header ", 0) == 0) {
    api.Post(response, Quoted(next.Header(argument)));
  } else {
    api.Post(response, next.body);
  }
}

}  // namespace

int main() {
  std::signal(SIGPIPE, SIG_IGN);
  const std::string handler = Variable("_HANDLER");
  if (handler == "init exit") {
    Print(STDERR_FILENO, "cannot begin\n");
    return 3;
  }
  if (handler == "init sleep") {
    SleepForEver();
  }
  Connection api;
  if (handler == "init error") {
    api.Post("init/error",
             R"({"errorMessage":"no module","errorType":"Runtime.ImportModuleError"})");
    return 1;
  }
  for (;;) {
    Invoke(api, api.Get("invocation/next"));
  }
}
