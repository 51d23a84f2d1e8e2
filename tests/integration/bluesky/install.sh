#!/usr/bin/env bash
# Install what network.js needs, once per lock file: PostgreSQL and the locked packages.
# Prints the folder that holds node_modules; ends with 75 and a sentence where it cannot.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/heartshare"

lacking() { echo "$1" >&2; exit 75; }

install_from_debian() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq >&2 && apt-get install -y -qq "$@" >&2
}

ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
  || install_from_debian postgresql \
  || lacking "needs PostgreSQL: apt-get install postgresql"
command -v npm >/dev/null || install_from_debian nodejs npm libnode-dev \
  || lacking "needs npm: apt-get install nodejs npm libnode-dev"
command -v c++ >/dev/null && command -v make >/dev/null \
  || install_from_debian build-essential \
  || lacking "needs a C++ compiler: apt-get install build-essential"

digest="$(cat "$here"/package.json "$here"/package-lock.json <(node --version) | sha256sum)"
target="$cache/bluesky-${digest:0:16}"
if [ ! -d "$target" ]; then
  mkdir -p "$cache"
  partial="$(mktemp -d "$cache/.bluesky-XXXXXX")"
  trap 'rm -rf "$partial"' EXIT
  cp "$here"/package.json "$here"/package-lock.json "$partial"
  cd "$partial"
  # Of all install scripts only that of SQLite's binding is run; it compiles the binding
  # against the headers that come with node, if they are there.
  headers="$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")"
  [ ! -f "$headers/include/node/node.h" ] || export npm_config_nodedir="$headers"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 \
    || lacking "npm could not install the packages of $here/package-lock.json"
  JOBS=max npm rebuild better-sqlite3 --loglevel=error >&2
  node -e 'new (require("better-sqlite3"))(":memory:")' >&2
  mv -T "$partial" "$target" 2>/dev/null || [ -d "$target" ]
fi
echo "$target"
