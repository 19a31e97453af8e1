# SPDX-License-Identifier: Apache-2.0
# The compiler settings of our own targets, kept away from those of the packages we use.

add_library(weir_flags INTERFACE)
target_include_directories(weir_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(weir_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(weir_flags INTERFACE -Wthread-safety)
endif()
if(WEIR_SANITIZE)
  target_compile_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code makes g++ 12 warn inside <regex> (Catch2's main), and of Asio's fences: between
    # threads we rely on Asio's locks instead, which ThreadSanitizer understands.
    target_compile_options(weir_flags INTERFACE -Wno-maybe-uninitialized -Wno-tsan)
  endif()
endif()

if(WEIR_FUZZ)
  # Libraries report which branches an input takes; a finding ends the process.
  target_compile_options(weir_flags INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-recover=all)
endif()

# weir_library(NAME SOURCES file… LINKS target…): one of the folders of docs/architecture.md.
function(weir_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINKS")
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC weir_flags ${ARG_LINKS})
endfunction()
