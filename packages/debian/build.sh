#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# packages/debian/build.sh --version V --binary amd64|arm64=PATH --out DIR: packs a static binary as
# DIR/weir_V_ARCH.deb, which needs no other package. SOURCE_DATE_EPOCH is its date, and the same
# input gives the same bytes.
set -euo pipefail
shopt -s inherit_errexit

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../.." && pwd)"

usage() {
  echo "usage: packages/debian/build.sh --version V --binary amd64|arm64=PATH --out DIR" >&2
  exit 2
}

version='' binary='' out=''
while [ $# -ge 2 ]; do
  case "$1" in
    --version) version="$2" ;;
    --binary) binary="$2" ;;
    --out) out="$2" ;;
    *) usage ;;
  esac
  shift 2
done
arch="${binary%%=*}"
case "$arch" in amd64 | arm64) ;; *) usage ;; esac
if [ $# -ne 0 ] || [ -z "$version" ] || [ -z "$out" ]; then usage; fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
doc="$work/usr/share/doc/weir"
mkdir -p "$work/DEBIAN" "$doc"
install -D -m 755 "${binary#*=}" "$work/usr/bin/weir"
install -m 644 "$ROOT/README.md" "$doc/README.md"
gzip --no-name --best <"$ROOT/CHANGELOG.md" >"$doc/changelog.gz"
{
  printf '%s\n' \
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/' \
    'Upstream-Name: weir' '' 'Files: *' 'Copyright: The Weir authors' 'License: Apache-2.0' \
    'Comment: The full text is in /usr/share/common-licenses/Apache-2.0. weir licenses prints' \
    ' those of the libraries in the binary.'
} >"$doc/copyright"

# In KiB, of the files alone: the size of a folder depends on the file system.
size="$(find "$work/usr" -type f -printf '%s\n' | awk '{ sum += $1 } END { print int(sum / 1024) + 1 }')"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" \
  "$HERE/control" >"$work/DEBIAN/control"
(cd "$work" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$work/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$work"

mkdir -p "$out"
# The times of the files become SOURCE_DATE_EPOCH, too.
dpkg-deb --root-owner-group -Zxz --build "$work" "$out/weir_${version}_$arch.deb" >/dev/null
echo "$out/weir_${version}_$arch.deb"
