#!/bin/sh
# Fills in where a browser finds the guide, which was not known when the dashboards were made, then starts what is named.
set -eu
mkdir -p "$DASHBOARDS_PATH"
for file in "$GENERATED_PATH"/*.json; do
  sed "s|http://localhost:8080|$GUIDE_URL|g" "$file" >"$DASHBOARDS_PATH/${file##*/}"
done
exec "$@"
