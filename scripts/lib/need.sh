# Sourced by the scripts: what a machine must have, installed where that can be done, else named in one sentence.

need() { # COMMAND SENTENCE
  command -v "$1" > /dev/null || { echo "${0##*/}: $1 is missing: $2" >&2; exit 1; }
}

need_build_tools() {
  need java "install a JDK, 17 or newer (Debian: openjdk-17-jdk)"
  need mvn "install Maven, 3.8 or newer (Debian: maven)"
  need node "install Node, 20 or newer (Debian: nodejs)"
  need npm "install npm (Debian: npm)"
  need_npm
  export PATH="$PWD/node_modules/.bin:$PATH" # the pinned Node and wrangler, not the host's
  # Quiet and offline: no metrics, no error reports, no look for updates, no log files.
  export WRANGLER_SEND_METRICS=false WRANGLER_SEND_ERROR_REPORTS=false WRANGLER_HIDE_BANNER=true
  export WRANGLER_WRITE_LOGS=false WRANGLER_NO_SKILLS_UPDATE_PROMPTS=true CLOUDFLARE_CF_FETCH_ENABLED=false
}

need_npm() {
  if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "installing npm packages…" >&2
    mkdir -p build
    npm ci --no-audit --no-fund > build/npm.log 2>&1 || {
      cat build/npm.log >&2
      echo "${0##*/}: npm ci failed (above): fix what it names and try again" >&2
      exit 1
    }
  fi
}

need_debian() { # PACKAGE…
  local missing=() package
  for package in "$@"; do
    dpkg -s "$package" > /dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "installing ${missing[*]}…" >&2
  mkdir -p build
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  { "${root[@]}" apt-get update -qq && "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"; } > build/apt.log 2>&1 || {
    tail -n 20 build/apt.log >&2
    echo "${0##*/}: apt-get could not install ${missing[*]} (above): install them by hand and try again" >&2
    exit 1
  }
}
