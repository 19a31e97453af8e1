#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh [--url URL] [--to FOLDER]: downloads the release at URL, checks it against its
# SHA256SUMS, and installs `weir` in FOLDER (by default ~/.local/bin). URL is the address of the
# release's files; scripts/release fills in the one that the release is published at. Needs curl or
# wget, tar and sha256sum; nothing is installed unless the checksum is right.
set -eu

url='@URL@'
folder="${HOME:-/usr/local}/.local/bin"

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "usage: install.sh [--url URL] [--to FOLDER]"
  case "$1" in
    --url) url="${2%/}" ;;
    --to) folder="$2" ;;
    *) fail "usage: install.sh [--url URL] [--to FOLDER]" ;;
  esac
  shift 2
done
case "$folder" in /*) ;; *) folder="$PWD/$folder" ;; esac
case "$url" in @*) fail "give the address of a release: --url URL" ;; esac

case "$(uname -s)" in
  Linux) ;;
  Darwin) fail "there is no release for macOS yet; see 'Get it' in README.md" ;;
  *) fail "there is no release for $(uname -s); on Windows, Weir runs in WSL and in Docker" ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) arch=x86_64 ;;
  aarch64 | arm64) arch=aarch64 ;;
  *) fail "there is no release for $(uname -m)" ;;
esac

# fetch NAME: downloads a file of the release into the present folder.
fetch() {
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --output "$1" "$url/$1"
  elif command -v wget >/dev/null; then
    wget --quiet --output-document="$1" "$url/$1"
  else
    fail "needs curl or wget"
  fi || fail "cannot download $url/$1"
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
fetch SHA256SUMS
archive="$(sed -n "s/^[0-9a-f]\{64\} [ *]\(weir-[0-9][0-9A-Za-z.+-]*-linux-$arch\.tar\.gz\)\$/\1/p" SHA256SUMS)"
[ "$(printf '%s\n' "$archive" | wc -w)" -eq 1 ] || fail "SHA256SUMS names no single archive for $arch"
fetch "$archive"
grep -F " $archive" SHA256SUMS | sha256sum -c - >/dev/null ||
  fail "$archive does not have the checksum that SHA256SUMS gives; nothing is installed"
tar -xzf "$archive"
mkdir -p "$folder"
# Not copied over the old one, which may be running.
cp "${archive%.tar.gz}/weir" "$folder/.weir.new"
chmod 755 "$folder/.weir.new"
mv -f "$folder/.weir.new" "$folder/weir"

version="$("$folder/weir" --version)" ||
  fail "$folder/weir can't be run; is $folder on a disk from which programs may not be run (noexec)?"
echo "$version is installed as $folder/weir"
case ":$PATH:" in
  *":$folder:"*) ;;
  *) echo "$folder is not on the PATH" ;;
esac
