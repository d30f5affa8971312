#!/bin/sh
# Gives the browser tests a Chromium. Installs Debian's where one is missing and this machine allows it; where it does
# not, says so and ends well: the browser tests are then skipped, and say so again.
set -u

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1 && "$name" --version >/dev/null 2>&1; then
        exit 0
    fi
done

cannot() {
    echo "The browser tests will be skipped: there is no Chromium here, and $1." >&2
    echo "Install one yourself (Debian: apt-get install chromium fonts-noto-color-emoji), then run make test again." >&2
    exit 0
}

command -v apt-get >/dev/null 2>&1 || cannot "only Debian's apt-get is known to this script"
if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    cannot "installing it takes root"
fi

echo "Installing Chromium for the browser tests (once) ..."
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # $as_root is a command with its option, or nothing
if ! { timeout 300 $as_root apt-get update -qq && timeout 900 $as_root apt-get install -y -qq --no-install-recommends \
    chromium fonts-noto-core fonts-noto-color-emoji; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    cannot "apt-get could not install it (its last lines are above)"
fi
rm -f "$log"
chromium --version >/dev/null 2>&1 || cannot "what apt-get installed does not start"
