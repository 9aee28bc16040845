# shellcheck shell=bash
# Sourced by the other scripts: errors in two lines, and packages of the system where something is missing.

# error MESSAGE HINT: the two lines that every command of the project prints, then the end.
fail() {
  printf 'error: %s\nhint:  %s\n' "$1" "$2" >&2
  exit "${3:-1}"
}

offline() { [ "${PARE_OFFLINE:-0}" != 0 ] && [ -n "${PARE_OFFLINE:-}" ]; }

have() { command -v "$1" >/dev/null 2>&1; }

# as_root COMMAND...: runs it if we may, asks for no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# install_package WHAT DEBIAN_PACKAGE BREW_PACKAGE: brings what is missing, or says how to.
install_package() {
  local what=$1 debian=$2 brew=$3
  if offline; then
    fail "$what is missing, and PARE_OFFLINE forbids to install it" \
      "install the package $debian (Homebrew: $brew), or unset PARE_OFFLINE" 69
  fi
  if [ "$(uname -s)" = Darwin ]; then
    fail "$what is missing" "brew install $brew" 69
  fi
  if ! have apt-get; then
    fail "$what is missing, and this system has no apt-get" \
      "install the package that Debian calls $debian" 69
  fi
  echo "installing the system package $debian ($what)" >&2
  if [ -z "${PARE_APT_UPDATED:-}" ]; then
    as_root apt-get update -qq >&2 ||
      fail "$what is missing, and the package manager needs more rights (or its network)" \
        "sudo apt-get install $debian" 69
    PARE_APT_UPDATED=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$debian" >&2 ||
    fail "the package manager could not install $debian ($what)" "sudo apt-get install $debian" 69
}

# need COMMAND DEBIAN_PACKAGE BREW_PACKAGE
need() {
  have "$1" && return
  install_package "$1" "$2" "$3"
  have "$1" || fail "$1 is still missing after installing $2" "put $1 on PATH" 69
}

# The Swift compiler, 6.2 or newer; it comes from swift.org, no package manager has it.
need_swift() {
  have swift ||
    fail "swift not found on PATH" "install Swift 6.2 or newer from https://swift.org/install" 69
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  case "$version" in
    6.[01] | [0-5].*)
      fail "swift $version is too old" "install Swift 6.2 or newer from https://swift.org/install" 69 ;;
  esac
}

# SQLite's header and library, which the ledger of a sweep is built on; macOS has them in its SDK.
need_sqlite() {
  [ "$(uname -s)" = Darwin ] && return
  has_sqlite && return
  install_package "SQLite's header" libsqlite3-dev sqlite
  has_sqlite || fail "sqlite3.h is still missing after installing libsqlite3-dev" \
    "put sqlite3.h and libsqlite3.so where clang looks for them" 69
}

# The compiler that comes with Swift is the one that has to find it.
has_sqlite() {
  have clang || { [ -f /usr/include/sqlite3.h ]; return; }
  printf '#include <sqlite3.h>\nint main(void) { return sqlite3_libversion_number() == 0; }\n' |
    clang -x c - -lsqlite3 -o /dev/null 2>/dev/null
}

# The one set of flags that builds, tests and demos share, so that nothing is compiled twice.
swift_flags=(-c release -Xswiftc -enable-testing)
if offline; then
  swift_flags+=(--disable-automatic-resolution)
fi

# Hashing differs between Linux and macOS in name only.
sha256() {
  if have sha256sum; then sha256sum "$@"; else shasum -a 256 "$@"; fi | cut -d ' ' -f 1
}
