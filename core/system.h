// SPDX-License-Identifier: Apache-2.0
// What POSIX does not say how to ask of the system or to tell it. system_linux.cc has all calls
// that only Linux has, or its C library; system_other.cc does without them. The rest of Weir is
// POSIX.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::system {

// The memory limit, in bytes, of the container that the process is in; nullopt if there is none.
std::optional<std::uint64_t> ContainerMemory();
// The resident memory of the process, in bytes; 0 if the system does not say.
std::uint64_t ResidentMemory();

// Fixes the thresholds of the C library's allocator, which otherwise rise with what is freed:
// blocks of `mapped_from` bytes are mapped by themselves, as much as `trimmed_from` free bytes is
// kept, and there are `arenas` arenas. Does nothing with another allocator.
struct AllocatorLimits {
  int mapped_from = 0;
  int trimmed_from = 0;
  int arenas = 0;
};
void LimitAllocator(const AllocatorLimits& limits);
// The size of the stacks of later threads.
void SetStackSize(std::size_t bytes);
// Bytes that are allocated, and that were freed and are kept for later; 0 if the C library does not
// say.
std::size_t AllocatedMemory();
std::size_t FreeMemory();
// Gives whole free pages back to the system.
void ReturnFreeMemory();

// Writes what was written to a file to its disk, without times that nobody reads; false and errno
// if that fails.
bool SyncData(int file);

// Whether the other side of a connection has ended it, also if it has sent more before that.
bool IsEnded(int connection);

// The program that this process runs, by which it can be started once more.
std::string ProgramPath();

// What a process was started with.
struct ProcessStart {
  std::vector<std::string> arguments;    // with the name of its program
  std::vector<std::string> environment;  // each as NAME=value
  std::string folder;                    // a path of its working directory
};
// nullopt if there is no such process, or not one that may be looked at.
std::optional<ProcessStart> StartOf(unsigned process);

// A process of this machine.
struct ProcessUse {
  int id = 0;
  int parent = 0;
  std::uint64_t threads = 0;
  std::uint64_t resident = 0;  // memory, in bytes
};
// All processes, as far as the system shows them; none if it does not.
std::vector<ProcessUse> Processes();
// The resident memory of another process, in bytes; 0 if the system does not say.
std::uint64_t ResidentMemoryOf(int process);
// The most resident memory, in bytes, that one of those children took which have ended and been
// waited for; 0 if the system does not say.
std::uint64_t MostMemoryOfChildren();

// Has descendants of this process become its children when their own parent ends; false if the
// system has no such thing.
bool AdoptOrphans();
// Has this process killed when the thread that forked it ends. Safe between fork and exec. Does
// nothing if the system has no such thing.
void EndWithParent();
// Closes all of the process's files from that number on.
void CloseFrom(int first);

}  // namespace weir::system
