# Shared by ./run and ./test: progress, set-up, and what to say when something is missing. Sourced, not run.
# shellcheck shell=bash

cache="$root/.cache"
logs="$cache/logs"
mkdir -p "$logs"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"
export CARGO_TERM_COLOR=never npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false
PATH="$HOME/.cargo/bin:$PATH"

say() { printf '%s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }
seconds() { date +%s; }

# Ends the script with what is missing and how to get it.
die() { printf '\n%s\n' "$*" >&2; exit 1; }

# Runs a command with its output in a log; shows a running clock on a terminal, and the end of the log on failure.
# quietly NAME COMMAND...
quietly() {
  local name=$1 log start pid status
  shift
  log="$logs/$(printf '%s' "$name" | tr -c 'a-zA-Z0-9\n' '-').log"
  start=$(seconds)
  if [ -t 1 ]; then
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r  %-58s %4ss' "$name" "$(($(seconds) - start))"
      sleep 1
    done
    wait "$pid"
    status=$?
    printf '\r'
  else
    "$@" >"$log" 2>&1 </dev/null
    status=$?
  fi
  if [ "$status" -eq 0 ]; then
    printf '  %-58s %4ss ok\n' "$name" "$(($(seconds) - start))"
  else
    printf '  %-58s %4ss FAILED\n' "$name" "$(($(seconds) - start))"
    tail -n "${LOG_LINES:-60}" "$log" | sed 's/^/    | /'
    say "    (all of it: ${log#"$root"/})"
  fi
  return "$status"
}

may_install() { have apt-get && { [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt_updated=
# Debian packages, if they may be installed here.
apt_install() {
  may_install || return 1
  if [ -z "$apt_updated" ]; then
    quietly "package lists" as_root apt-get update || return 1
    apt_updated=1
  fi
  quietly "install $*" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Whether a package can be installed here.
apt_has() {
  may_install || return 1
  [ -n "$apt_updated" ] || { quietly "package lists" as_root apt-get update && apt_updated=1; } || return 1
  LC_ALL=C apt-cache policy "$1" | grep -q 'Candidate: [0-9]'
}

need_compiler() {
  { have cc && have c++ && have make; } || apt_install build-essential ||
    die "A C compiler is missing. Install it: apt-get install build-essential"
}

# Rust 1.90 or newer: the edition and the dependencies need it. Debian 12 has none, so rustup's own installer is the
# last resort; it touches nothing but the home folder.
need_rust() {
  if ! have cargo && apt_has rustup; then
    apt_install rustup && quietly "Rust toolchain" rustup default stable
  fi
  if ! have cargo && { have curl || apt_install curl ca-certificates; }; then
    quietly "Rust toolchain" bash -o pipefail -c \
      "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal -c clippy -c rustfmt --no-modify-path"
  fi
  have cargo || die "Rust is missing. Install it as https://rustup.rs says, then run this again."
  local minor
  minor=$(cargo --version | sed -E 's/^cargo 1\.([0-9]+).*/\1/')
  [ "$minor" -ge 90 ] || die "Rust 1.$minor is too old; 1.90 or newer is needed: rustup update stable"
}

node_is_new_enough() { have node && node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)'; }

# Node 20.19 or newer; distributions often have an older one, which can still fetch a newer one by npm.
need_node() {
  PATH="$cache/node/node_modules/.bin:$PATH"
  node_is_new_enough && have npm && return
  have npm || apt_install npm || die "Node.js is missing. Install Node.js 20.19 or newer, then run this again."
  node_is_new_enough || quietly "Node.js 22" npm install --prefix "$cache/node" node@22 ||
    die "Node.js is too old. Install Node.js 20.19 or newer, then run this again."
  hash -r
}

# A Python environment of our own with the given requirements. python_env NAME FILE; sets $python.
python_env() {
  local home="$cache/python-$1" stamp
  stamp="$home/$(sha256sum "$2" | cut -c1-16)"
  if ! have python3 || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    apt_install python3 python3-venv || return 1
  fi
  if [ ! -e "$stamp" ]; then
    rm -rf "$home"
    quietly "Python environment $1" sh -c "python3 -m venv '$home' && '$home/bin/pip' install -q --disable-pip-version-check -r '$2'" || return 1
    touch "$stamp"
  fi
  python="$home/bin/python"
}

find_chromium() {
  local each
  for each in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    # Ubuntu's chromium-browser is a stub that asks for snap.
    if [ -n "$each" ] && have "$each" && "$each" --version >/dev/null 2>&1; then
      CHROMIUM=$(command -v "$each")
      export CHROMIUM
      return 0
    fi
  done
  return 1
}

need_chromium() { find_chromium || { apt_install chromium fonts-noto-cjk && find_chromium; }; }

# Debian's PostgreSQL, whose programs are not on the search path.
find_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 | grep -q .; }
need_postgres() { find_postgres || { apt_install postgresql && find_postgres; }; }

# The packages of the lock file, installed once per lock file.
node_packages() {
  local stamp
  stamp="$cache/npm-$(sha256sum package-lock.json | cut -c1-16)"
  if [ ! -e "$stamp" ] || [ ! -d node_modules ]; then
    quietly "npm packages" npm ci --no-progress || return 1
    rm -f "$cache"/npm-*
    touch "$stamp"
  fi
}

# The console, built again only when its sources have changed.
console() {
  local sources stamp
  sources=$(find console clients/ts proto package-lock.json -type f -not -path '*/node_modules/*' \
    -not -path '*/dist/*' -not -path '*/gen/*' | LC_ALL=C sort | xargs -d '\n' cat | sha256sum | cut -c1-16)
  stamp="$cache/console-$sources"
  if [ ! -e "$stamp" ] || [ ! -e console/dist/index.html ]; then
    quietly "build the console" npm run build || return 1
    rm -f "$cache"/console-*
    touch "$stamp"
  fi
}
