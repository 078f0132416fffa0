#!/bin/sh
# Requests that fieldproof made of the pages, and what the pages promise of the answers.
# sh FILE [URL]
for tool in curl jq; do
  command -v "$tool" >/dev/null || { echo "this script needs $tool" >&2; exit 2; }
done
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
failures=0
name=

wrong() {
  failures=$((failures + 1))
  echo "FAILED  $name: $1"
}

# step NAME STATUSES ARGUMENT...: sends a request, and compares the status of the answer.
step() {
  name=$1
  wanted=$2
  shift 2
  : >"$folder/head"
  : >"$folder/body"
  status=$(curl -sS -g -D "$folder/head" -o "$folder/body" -w '%{http_code}' "$@")
  for pattern in $wanted; do
    # shellcheck disable=SC2254
    case $status in
      $pattern) return ;;
    esac
  done
  wrong "the status is $status in place of $wanted"
}

# told FILTER: a value of the last answer.
told() {
  jq -r "$1" "$folder/body" 2>/dev/null
}

# location: what follows the last slash of the header of that name.
location() {
  sed -n 's/^[Ll]ocation: *//p' "$folder/head" | tr -d '\r' | sed 's/[?#].*//; s|/*$||; s|.*/||'
}

# holds FILTER...: what is to be true of the last answer.
holds() {
  all=true
  for filter in "$@"; do
    all="($all) and ($filter)"
  done
  jq -e "$all" "$folder/body" >/dev/null 2>&1 && return
  for filter in "$@"; do
    jq -e "$filter" "$folder/body" >/dev/null 2>&1 || wrong "this does not hold: $filter"
  done
}

