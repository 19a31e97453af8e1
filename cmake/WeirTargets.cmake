# SPDX-License-Identifier: Apache-2.0
# The compiler settings of our own targets, kept away from those of the packages we use.

add_library(weir_flags INTERFACE)
target_include_directories(weir_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(weir_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(weir_flags INTERFACE -Wthread-safety)
endif()
if(NOT WEIR_SANITIZE)
  # core/memory_reserve.h; sanitizers have an operator new of their own.
  target_compile_definitions(weir_flags INTERFACE WEIR_SERVES_NEW)
endif()
if(WEIR_SANITIZE)
  target_compile_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code makes g++ 12 warn inside <regex> (Catch2's main), and of Asio's fences: between
    # threads we rely on Asio's locks instead, which ThreadSanitizer understands.
    target_compile_options(weir_flags INTERFACE -Wno-maybe-uninitialized -Wno-tsan)
  else()
    # clang 14 can't emit this check for coroutines.
    target_compile_options(weir_flags INTERFACE -fno-sanitize=function)
  endif()
endif()

if(WEIR_FUZZ)
  # Libraries report which branches an input takes; a finding ends the process.
  target_compile_options(weir_flags INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-recover=all)
endif()

if(WEIR_PRECOMPILED AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What g++ 12 warns of inside std::string is no longer known to be in a system header.
  target_compile_options(weir_flags INTERFACE
    -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

# weir_precompiled_headers(NAME header… LINKS target…): headers compiled once, as NAME, for the
# targets that call target_precompile_headers(… REUSE_FROM NAME) by weir_precompiled.
function(weir_precompiled_headers name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "LINKS")
  if(WEIR_PRECOMPILED)
    # CMake wants a source to compile them for.
    file(CONFIGURE OUTPUT ${name}.cc CONTENT "")
    add_library(${name} OBJECT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cc")
    target_link_libraries(${name} PRIVATE weir_flags ${ARG_LINKS})
    target_precompile_headers(${name} PRIVATE ${ARG_UNPARSED_ARGUMENTS})
  endif()
endfunction()

function(weir_precompiled name precompiled)
  if(WEIR_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM ${precompiled})
  endif()
endfunction()

# What most sources include. None relies on it: clang-tidy is without it.
set(WEIR_COMMON_HEADERS
  <algorithm>
  <array>
  <atomic>
  <chrono>
  <cstddef>
  <cstdint>
  <cstdio>
  <functional>
  <map>
  <memory>
  <optional>
  <random>
  <set>
  <span>
  <string>
  <string_view>
  <thread>
  <tuple>
  <utility>
  <vector>
)
weir_precompiled_headers(weir_precompiled_std ${WEIR_COMMON_HEADERS})

# weir_library(NAME [SMALL] SOURCES file… LINKS target… PRECOMPILE header…): one of the folders of
# docs/architecture.md. PRECOMPILE: headers of ours that nearly all of its sources include. SMALL: no
# request for data runs through it, so a release has it small rather than fast.
function(weir_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "SMALL" "" "SOURCES;LINKS;PRECOMPILE")
  add_library(${name} STATIC ${ARG_SOURCES})
  set(small OFF)
  if(ARG_SMALL AND CMAKE_BUILD_TYPE STREQUAL "Release")
    set(small ON)
    target_compile_options(${name} PRIVATE -Os)  # the precompiled headers are for another level
  endif()
  target_link_libraries(${name} PUBLIC weir_flags ${ARG_LINKS})
  if(ARG_PRECOMPILE AND WEIR_PRECOMPILED)
    list(TRANSFORM ARG_PRECOMPILE PREPEND "${PROJECT_SOURCE_DIR}/")
    target_precompile_headers(${name} PRIVATE ${WEIR_COMMON_HEADERS} ${ARG_PRECOMPILE})
  elseif(NOT small)
    weir_precompiled(${name} weir_precompiled_std)
  endif()
endfunction()
