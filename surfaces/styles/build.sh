#!/bin/sh
# Rebuilds ../static/page.css from the SCSS beside this file. Needs npm; nothing else of Afloat does.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/*.scss "$here"/package.json "$here"/package-lock.json "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund >/dev/null
npm run --silent build
cp page.css "$here/../static/page.css"
