# When an image is built: where what goes into it differs from what it was built from. Source docker.sh first.
# shellcheck shell=sh disable=SC2154

# What the images were built from, a line IMAGE HASH ID each; all labs of a clone share them. No label of the image says it: a build from the
# cache that changes nothing would make another image, and the service would start again.
built=.lab/built

# built_from FILE…: a line SERVICE IMAGE DOCKERFILE for each service that these compose files build.
built_from() {
  awk '
    /^  [a-z][a-z-]*:/ { service = $1; sub(":", "", service) }
    $1 == "image:" { image = $2 }
    $1 == "dockerfile:" { print service, image, $2 }' "$@"
}

# files_in DOCKERFILE: the file itself, and every file that it copies, as .dockerignore leaves them.
files_in() (
  echo "$1"
  # shellcheck disable=SC2046 # a pattern, such as scripts/cli/*.ts, stands for its files
  set -- $(awk '$1 == "COPY" && !/--from=/ { for (i = 2; i < NF; i++) if ($i !~ /^--/) print $i }' "$1")
  [ $# -gt 0 ] || return 0
  set -f
  # shellcheck disable=SC2046 # What the context leaves out anywhere; whole folders of its top are not copied.
  find "$@" $(sed -n 's|^[*][*]/\(.*\)|-name \1 -prune -o|p' .dockerignore) -type f -print | LC_ALL=C sort -u
)

# sum: reads names, each ended by a zero byte; prints a checksum and a name for each of these files.
sum() {
  if has sha256sum; then xargs -0 sha256sum; elif has shasum; then xargs -0 shasum -a 256; else xargs -0 cksum; fi
}

# list_images: sets `images` to a line NAME:TAG ID for each image that Docker has.
list_images() { images=$(call_docker 30 image ls --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}') || exit 1; }

# id_of IMAGE: nothing where there is none of that name.
id_of() {
  case ${1##*/} in *:*) set -- "$1" ;; *) set -- "$1:latest" ;; esac
  printf '%s\n' "$images" | wanted=$1 awk '$1 == ENVIRON["wanted"] { print $2; exit }'
}

# hash_of DOCKERFILE: of everything that goes into its image: each file by its name and content, and what its
# arguments name, since a base image of the same name may be another one.
hash_of() {
  {
    # shellcheck disable=SC2013 # they are single words
    for name in $(sed -n 's/^ARG \([A-Z_]*\).*/\1/p' "$1" | sort -u); do
      eval "image=\${$name-}"
      printf '%s=%s %s\n' "$name" "$image" "$(id_of "$image")"
    done
    files_in "$1" | tr '\n' '\0' | sum
  } >"$lab_folder/inputs"
  printf '%s\0' "$lab_folder/inputs" | sum | cut -d ' ' -f 1
}

# find_stale: reads lines of built_from; prints SERVICE IMAGE HASH for each whose image is to be built.
find_stale() {
  while read -r service image dockerfile; do
    hash=$(hash_of "$dockerfile")
    id=$(id_of "$image")
    [ -n "$id" ] && grep -qxF "$image $hash $id" "$built" 2>/dev/null || echo "$service $image $hash"
  done
}

# note_built LINES: keeps what these images were built from, by lines of find_stale.
note_built() {
  list_images
  {
    grep -vF "$(printf '%s\n' "$1" | awk '{ print $2 " " }')" "$built" 2>/dev/null || true
    printf '%s\n' "$1" | while read -r _ image hash; do echo "$image $hash $(id_of "$image")"; done
  } >"$lab_folder/built.new"
  mv "$lab_folder/built.new" "$built"
}

# take_engine: lays the engine of the lab in a tab, where it has been compiled, beside what it is made from, so that the
# guide's image can take it.
take_engine() {
  engine=$(sh tab/engine/build.sh --kept 2>/dev/null) || return 0
  kept=tab/engine/kept
  [ ! -e "$kept/prometheus-lab/${engine##*/}" ] || return 0
  rm -rf "$kept" "$kept.new"
  mkdir -p "$kept.new/prometheus-lab"
  cp -R "$engine" "$kept.new/prometheus-lab/"
  mv "$kept.new" "$kept"
}

# build_stale LINES ARGUMENT…: builds what lines of find_stale name, by Compose with these arguments; nothing where
# there are none.
build_stale() {
  stale=$1
  shift
  [ -n "$stale" ] || return 0
  names=$(printf '%s\n' "$stale" | awk '{ print $1 }')
  # shellcheck disable=SC2086
  say "lab: building the images of" $names
  # shellcheck disable=SC2086
  compose_unpublished 3600 "$@" build $names >"$lab_folder/build.log" 2>&1 || explain_build
  note_built "$stale"
}

explain_build() {
  if grep -qiE 'failed to resolve source metadata|failed to do request|pull access denied|no such host|i/o timeout|TLS handshake' "$lab_folder/build.log"; then
    tail -n 3 "$lab_folder/build.log" >&2
    fail 'the images cannot be pulled: is the image registry reachable? Without one: make images-debian, then make up again'
  fi
  tail -n 25 "$lab_folder/build.log" >&2
  fail "the images could not be built; the whole log is in $lab_folder/build.log"
}
