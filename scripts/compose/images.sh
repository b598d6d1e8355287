# When an image is built: where what goes into it differs from what it was built from. Source docker.sh first.
# shellcheck shell=sh disable=SC2154

# What the images were built from, a line IMAGE HASH ID each; all labs of a clone share them. No label of the image says it: a build from the
# cache that changes nothing would make another image, and the service would start again.
built=.lab/built
newline='
'

# built_from FILE…: a line SERVICE IMAGE DOCKERFILE for each service that these compose files build.
built_from() {
  awk '
    /^  [a-z][a-z-]*:/ { service = $1; sub(":", "", service) }
    $1 == "image:" { image = $2 }
    $1 == "dockerfile:" { print service, image, $2 }' "$@"
}

# copied_by DOCKERFILE…: a line DOCKERFILE FILE, a tab between, for each file that goes into its image: itself, and what it
# copies, as .dockerignore leaves it. All of them at once: a process takes longer than what it does here.
copied_by() (
  words=$(awk '$1 == "COPY" && !/--from=/ { for (i = 2; i < NF; i++) if ($i !~ /^--/) print FILENAME, $i }' "$@")
  copies=''
  for dockerfile; do copies="$copies$dockerfile	$dockerfile$newline"; done
  while read -r dockerfile pattern; do
    # A pattern, such as scripts/cli/*.ts, stands for its files.
    for path in $pattern; do
      set -- "$@" "$path"
      copies="$copies$dockerfile	$path$newline"
    done
  done <<END
$words
END
  set -f
  {
    printf '%s\n' "$copies"
    # shellcheck disable=SC2046 # What the context leaves out anywhere; whole folders of its top are not copied.
    find "$@" $(sed -n 's|^[*][*]/\(.*\)|-name \1 -prune -o|p' .dockerignore) -type f -print | LC_ALL=C sort -u
  } | awk -F '\t' '
    $0 == "" { next }
    NF == 2 { by[$2] = by[$2] "\t" $1; next }
    # A file goes where it is copied itself, or a folder above it.
    {
      for (path = $0; ; sub("/[^/]*$", "", path)) {
        count = split(by[path], dockerfiles)
        for (i = 2; i <= count; i++) if (!seen[dockerfiles[i], $0]++) print dockerfiles[i] "\t" $0
        if (path !~ "/") break
      }
    }'
)

# sum: reads names, each ended by a zero byte; prints a checksum and a name for each of these files.
sum() {
  if has sha256sum; then xargs -0 sha256sum; elif has shasum; then xargs -0 shasum -a 256; else xargs -0 cksum; fi
}

# list_images: sets `images` to a line NAME:TAG ID for each image that Docker has.
list_images() { images=$(call_docker 30 image ls --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}') || exit 1; }

# id_of IMAGE: nothing where there is none of that name.
id_of() {
  case ${1##*/} in *:*) ;; *) set -- "$1:latest" ;; esac
  all=$newline$images$newline
  from=${all#*"$newline$1 "}
  [ "$from" = "$all" ] || printf '%s\n' "${from%%"$newline"*}"
}

# hashes_of DOCKERFILE…: a line DOCKERFILE HASH each: of everything that goes into its image, each file by its name and
# content, and what its arguments name, since a base image of the same name may be another one.
hashes_of() {
  inputs=$lab_folder/inputs
  copied_by "$@" >"$inputs"
  cut -f 2 "$inputs" | LC_ALL=C sort -u >"$inputs.files"
  tr '\n' '\0' <"$inputs.files" | sum >"$inputs.sums"
  {
    awk '$1 == "ARG" { sub(/[^A-Z_].*/, "", $2); if (!seen[FILENAME, $2]++) print FILENAME, $2 }' "$@" |
      while read -r dockerfile name; do
        eval "image=\${$name-}"
        printf '%s\t%s=%s %s\n' "$dockerfile" "$name" "$image" "$(id_of "$image")"
      done
    # A name that holds more than letters may be written in another way beside its sum: lines say which is whose.
    paste "$inputs.files" "$inputs.sums" | awk -F '\t' 'NR == FNR { sum[$1] = $2; next } { print $1 "\t" sum[$2] }' - "$inputs"
  } >"$inputs.all"
  for dockerfile; do printf '%s\n' "$dockerfile"; done |
    awk -F '\t' -v out="$inputs." 'NR == FNR { file[$1] = out NR; next } { print $2 >file[$1] }' - "$inputs.all"
  count=0
  for dockerfile; do
    count=$((count + 1))
    printf '%s\0' "$inputs.$count"
  done | sum | while read -r hash _; do
    echo "$1 $hash"
    shift
  done
}

# find_stale: reads lines of built_from; prints SERVICE IMAGE HASH for each whose image is to be built.
find_stale() {
  wanted=$(cat)
  # shellcheck disable=SC2046 # names without spaces
  set -- $(printf '%s\n' "$wanted" | awk 'NF && !seen[$3]++ { print $3 }')
  [ $# -gt 0 ] || return 0
  hashes=$(hashes_of "$@")
  known=$newline$(cat "$built" 2>/dev/null || true)$newline
  while read -r service image dockerfile; do
    hash=${newline}$hashes$newline
    hash=${hash#*"$newline$dockerfile "}
    hash=${hash%%"$newline"*}
    id=$(id_of "$image")
    case $id:$known in
      :*) ;;
      *"$newline$image $hash $id$newline"*) continue ;;
    esac
    echo "$service $image $hash"
  done <<END
$wanted
END
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
