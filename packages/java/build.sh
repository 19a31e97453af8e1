#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# packages/java/build.sh --version V --binary ARCH=PATH… --out DIR [-- MAVEN-ARGUMENT…]: tests the
# extension, and writes into DIR what Maven Central takes: the jar with the binaries (ARCH is x86_64
# or aarch64) and the license, the jars of the sources and of the documentation, and the pom. The tests use the
# binary for this machine from the jar's own resources. The jars have the time SOURCE_DATE_EPOCH.
set -euo pipefail
shopt -s inherit_errexit

usage() {
  echo "usage: build.sh --version V --binary ARCH=PATH… --out DIR [-- MAVEN-ARGUMENT…]" >&2
  exit 2
}

version='' out='' binaries=()
while [ $# -gt 0 ]; do
  [ "$1" = -- ] && shift && break
  [ $# -ge 2 ] || usage
  case "$1" in
    --version) version="$2" ;;
    --out) out="$2" ;;
    --binary) binaries+=("$2") ;;
    *) usage ;;
  esac
  shift 2
done
if [ -z "$version" ] || [ -z "$out" ] || [ "${#binaries[@]}" -eq 0 ]; then
  usage
fi

source="$(dirname "$(realpath "${BASH_SOURCE[0]}")")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

for binary in "${binaries[@]}"; do
  case "$binary" in
    x86_64=* | aarch64=*) ;;
    *) usage ;;
  esac
  folder="$work/binaries/weir/linux-${binary%%=*}"
  mkdir -p "$folder"
  gzip --no-name --best <"${binary#*=}" >"$folder/weir.gz"
  sha256sum <"${binary#*=}" | cut -d' ' -f1 >"$folder/weir.sha256"
done

mkdir "$work/binaries/META-INF"
cp "$source/../../LICENSE" "$work/binaries/META-INF"

# A zip file's times begin in 1980.
time="$(date --utc --date="@${SOURCE_DATE_EPOCH:-315619200}" +%Y-%m-%dT%H:%M:%SZ)"
env --unset=WEIR_BINARY XDG_CACHE_HOME="$work/cache" mvn --batch-mode --file "$source/pom.xml" \
  -Drevision="$version" -Doutput="$work/target" -Dbinaries="$work/binaries" \
  -Dproject.build.outputTimestamp="$time" "$@" package

mkdir -p "$out"
cp "$work/target/weir-junit5-$version"{,-sources,-javadoc}.jar "$out"
# Maven Central's pom has the version itself in the place of the variable.
sed "s/\${revision}/$version/" "$source/pom.xml" >"$out/weir-junit5-$version.pom"
