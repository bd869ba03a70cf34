# Sourced by the scripts beside it: strict mode, the top of the checkout, and how to speak.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
top=$PWD
tools=$top/.tools/bin
export CGO_ENABLED="${CGO_ENABLED:-0}"

say() { printf '==> %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# Go packages of ours; node modules bring Go files of their own.
packages() { go list "$@" ./... | grep -v '/node_modules/'; }

# tested_with TAGS: packages that have other files with the tags than without.
tested_with() {
  local form='{{.ImportPath}} {{.GoFiles}} {{.TestGoFiles}} {{.XTestGoFiles}}'
  comm -13 <(go list -f "$form" ./... | sort) <(go list -tags "$1" -f "$form" ./... | sort) | cut -d' ' -f1 | grep -v '/node_modules/' || true
}
