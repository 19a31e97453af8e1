# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Makes clean Debian 12 roots, for scripts/check-fresh and its like, and the one for arm64 that
# cmake/arm64.cmake compiles against. Source this file after lib.sh.

# The place of the host's certificates in a root. Not Debian's own place: there, installing the
# package ca-certificates would remove certificates that only the host has.
HOST_CERTIFICATES=/etc/weir-host-certificates.crt

require_root() { [ "$(id -u)" -eq 0 ] || die "needs root, for chroot and mount"; }

# debian_packages DIR OPTION…: runs debootstrap for Debian 12 in DIR, with the mirror that this
# machine uses.
debian_packages() {
  local dir="$1" mirror
  shift
  # shellcheck disable=SC2016  # apt-get replaces this, not the shell.
  mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
    'Origin: Debian' 'Codename: bookworm' 'Component: main' 2>/dev/null | head -n 1 || true)"
  debootstrap --variant=minbase "$@" bookworm "$dir" ${mirror:+"$mirror"} >"$dir.log" 2>&1 || {
    tail -n 20 "$dir.log" >&2
    die "debootstrap failed"
  }
}

# make_root DIR ARCH [PACKAGE…]: makes a Debian 12 with only the given packages, from the mirror and
# with the network settings that this machine uses.
make_root() {
  local dir="$1" arch="$2" include=()
  shift 2
  [ $# -eq 0 ] || include=(--include="$(IFS=,; echo "$*")")
  say "making a Debian 12 root in $dir"
  debian_packages "$dir" --arch="$arch" "${include[@]}"
  apt-config dump | grep -E '^Acquire::(https?|Check-|Retries|ForceIPv)' \
    >"$dir/etc/apt/apt.conf.d/99host" || true
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$dir/etc/hosts"
  cp /etc/resolv.conf "$dir/etc/resolv.conf"
  [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$dir/etc/pip.conf"
  cat /etc/ssl/certs/ca-certificates.crt >"$dir$HOST_CERTIFICATES" 2>/dev/null || true
}

# in_root DIR COMMAND…: runs the command in the root, with this machine's proxies and package index
# but nothing else of its environment.
in_root() {
  local dir="$1" name settings=(HOME=/root LANG=C.UTF-8
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
  shift
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY \
    PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_DEFAULT_TIMEOUT npm_config_registry; do
    [ -z "${!name:-}" ] || settings+=("$name=${!name}")
  done
  for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS; do
    [ -z "${!name:-}" ] || settings+=("$name=$HOST_CERTIFICATES")
  done
  exec env -i "${settings[@]}" chroot "$dir" "$@" </dev/null
}

# await_ready FILE PID SECONDS: waits for the server's ready line in FILE and prints its URL; fails
# when the process ends first.
await_ready() {
  local deadline=$((SECONDS + $3)) line
  while ! grep -q . "$1"; do
    kill -0 "$2" 2>/dev/null || return 1
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.02
  done
  line="$(head -n 1 "$1")"  # with DynamoDB Local's flags, its settings follow
  [[ "$line" =~ ^weir\ [^\ ]+\ ready\ on\ (http://127\.0\.0\.1:[0-9]+)$ ]] || {
    say "not the ready line: $line"
    return 1
  }
  echo "${BASH_REMATCH[1]}"
}

# unpack_into DIR PACKAGE: unpacks a package's files without running anything of it, and lists them
# for dpkg-query.
unpack_into() {
  local database="$1/var/lib/dpkg" name
  name="$(dpkg-deb --field "$2" Package)"
  dpkg-deb --extract "$2" "$1"
  mkdir -p "$database/info"
  dpkg-deb --fsys-tarfile "$2" | tar --list | sed -e 's|^\./|/|' -e 's|\(.\)/$|\1|' -e 's|^/$|/.|' \
    >"$database/info/$name.list"
  { dpkg-deb --field "$2" && printf 'Status: install ok unpacked\n\n'; } >>"$database/status"
}

ARM64_ROOT="$ROOT/build/root-arm64"

# install_arm64_root: unpacks Debian's arm64 packages of the sets `build` and `test`, with all that
# they need, into ARM64_ROOT. Nothing of them is run, and this machine's own apt learns of no other
# architecture, which can make it want to replace packages that are in use.
install_arm64_root() {
  local wanted package work
  wanted="$(packages_of build | grep -- '-dev$' | paste -sd,),catch2,libc6-dev,libstdc++-12-dev"
  [ "$(cat "$ARM64_ROOT/.packages" 2>/dev/null)" != "$wanted" ] || return 0
  require_root
  install_packages arm64 root
  say "unpacking Debian's arm64 libraries into build/root-arm64"
  work="$(mktemp -d)"
  debian_packages "$work/root" --download-only --arch=arm64 --include="$wanted"
  rm -rf "$ARM64_ROOT"
  mkdir -p "$ARM64_ROOT"
  for package in "$work"/root/var/cache/apt/archives/*.deb; do
    unpack_into "$ARM64_ROOT" "$package"
  done
  rm -rf --one-file-system "$work"
  printf '%s\n' "$wanted" >"$ARM64_ROOT/.packages"
}
