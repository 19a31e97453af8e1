# SPDX-License-Identifier: Apache-2.0
# The licences of what is linked into the binary ask that their texts go with it, so it contains them.

# Debian's packages that binaries are made of. Boost's licence asks for nothing if there is no source
# of it, nor do Linux's headers.
set(WEIR_LINKED_PACKAGES
  libc-ares-dev
  libc6-dev
  libcli11-dev
  libdeflate-dev
  libfmt-dev
  libminizip-dev
  libspdlog-dev
  libssl-dev
  libstdc++-12-dev
  libxxhash-dev
  nettle-dev
  nlohmann-json3-dev
  rapidjson-dev
  zlib1g-dev
)

# weir_licenses(SOURCE): writes a source that defines what cli/licenses.h declares. On systems other
# than Debian, which has each package's licences in one place, it has Weir's own alone.
function(weir_licenses source)
  file(READ "${PROJECT_SOURCE_DIR}/LICENSE" text)
  string(APPEND text "\nWeir is made with the following packages.\n")
  foreach(package ${WEIR_LINKED_PACKAGES})
    set(file "${CMAKE_SYSROOT}/usr/share/doc/${package}/copyright")
    if(EXISTS "${file}")
      file(READ "${file}" own)
      string(APPEND text "\n\n---- ${package}\n\n${own}")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    endif()
  endforeach()
  set(WEIR_LICENSES "R\"LICENSES(${text})LICENSES\"")
  configure_file("${PROJECT_SOURCE_DIR}/cli/licenses.cc.in" "${source}" @ONLY)
endfunction()
