#!/usr/bin/env bash
# Builds the images of images.debian.env from Debian's and npm's packages, with no image registry.
#
#   packaging/images-debian.sh            builds what is missing, or was built from other inputs
#   packaging/images-debian.sh --module   the same, but those of images.module.env from their Go modules
#   packaging/images-debian.sh … --force  builds all of it again, with the newest packages
#
# Needs Debian or Ubuntu, root (mmdebstrap makes a root file system) and a Docker engine.
set -euo pipefail
unset CDPATH
# What goes into an image is read there by users of its own.
umask 022
cd -- "$(dirname -- "$0")/.."

packages_dir=.lab/debian
certificates=/etc/ssl/certs/ca-certificates.crt
base_suite=bookworm # on Debian; on Ubuntu the machine's own release
base_image=prometheus-lab/debian-base:latest

fail() {
  echo "images-debian: $*" >&2
  exit 1
}

# Runs a command in silence; shows what it said only if it fails.
quietly() {
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "this failed, its own words are above: $*"
  }
}

# Prints the value of the variable $1 in the file $2.
tag_of() {
  local tag
  tag=$(sed -n "s/^$1=//p" "$2")
  [[ -n $tag ]] || fail "$2 does not set $1"
  printf '%s\n' "$tag"
}

# Runs the command $2…, which tags a new image as $1, and deletes the image that had the tag before,
# unless a container still uses it.
replace() {
  local image=$1 old
  shift
  old=$(docker image inspect --format '{{ .Id }}' "$image" 2>/dev/null || true)
  quietly "$@"
  [[ -z $old || $old == "$(docker image inspect --format '{{ .Id }}' "$image")" ]] ||
    docker image rm "$old" >/dev/null 2>&1 || true
}

# Prints the label $2 of the image $1; nothing if there is no such image.
label_of() {
  docker image inspect --format "{{ index .Config.Labels \"$2\" }}" "$1" 2>/dev/null || true
}

is_current() { [[ $force == no && $(label_of "$1" prometheus-lab.inputs) == "$inputs" ]]; }

# What the images are made of, as far as it is known without a network: a hash.
hash_inputs() {
  {
    cat "$0" packaging/go-programs.sh packaging/images/* "$certificates"
    echo "$architecture $registry $node_image"
  } | sha256sum | cut -c 1-16
}

build_base() {
  echo "building $base_image"
  command -v mmdebstrap >/dev/null || {
    quietly apt-get -qq update
    DEBIAN_FRONTEND=noninteractive quietly apt-get -qq install --yes --no-install-recommends mmdebstrap
  }
  local suite
  packaging/debian-packages.sh --sources "$base_suite" >"$work/sources.list"
  suite=$(awk '{ print $(NF - 1); exit }' "$work/sources.list")
  quietly mmdebstrap --variant=minbase --include=ca-certificates \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="copy-in $certificates $(dirname "$certificates")" \
    "$suite" "$work/base.tar" "$work/sources.list"
  replace "$base_image" docker import --change "LABEL prometheus-lab.inputs=$inputs" "$work/base.tar" "$base_image"
  rm "$work/base.tar"
}

# Lays out the official node binary and npm, from npm's packages, for the major version $1.
add_node() {
  local cpu
  case $architecture in
    amd64) cpu=x64 ;;
    arm64) cpu=arm64 ;;
    *) fail "npm has no node binary for $architecture; amd64 and arm64 are possible" ;;
  esac
  mkdir "$work/packed"
  (cd "$work/packed" && quietly npm pack --silent "node-linux-$cpu@$1" npm@11)
  tar -xzf "$work/packed"/node-linux-*.tgz -C "$context" --strip-components=2 package/bin/node
  mkdir "$context/npm"
  tar -xzf "$work/packed"/npm-*.tgz -C "$context/npm" --strip-components=1
  rm -r "$work/packed"
  # This machine may reach another registry than npm's own; a build must ask the same one.
  echo "registry=$registry" >"$context/npmrc"
  cp packaging/images/node-entrypoint.sh "$context/"
  version=$("$context/node" --version)
  version=${version#v}
}

# Lays out the programs $2… of the Debian package $1, and what they read at run time; a program may be renamed as new=old.
add_debian() {
  local package=$1 program
  shift
  packaging/debian-packages.sh "$packages_dir" "$package" promtool busybox-static
  for program in busybox "$@"; do
    cp "$packages_dir/root/usr/bin/${program#*=}" "$context/${program%=*}"
  done
  # Not every program reads files.
  mkdir -p "$packages_dir/root/usr/share/prometheus"
  cp -R "$packages_dir/root/usr/share/prometheus" "$context/share"
  version=$(cat "$packages_dir/root/.packages/$package")
}

# Lays out the programs $2… of $1, a line of the table in packaging/go-programs.sh. They need no libc.
add_module() {
  local folder program
  folder=$(packaging/go-programs.sh "$1")
  packaging/debian-packages.sh "$packages_dir" busybox-static
  cp "$packages_dir/root/usr/bin/busybox" "$context/"
  shift
  for program; do cp "$folder/$program" "$context/"; done
  mkdir "$context/share"
  version=$("$folder/$1" --version 2>&1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
}

# Builds the image $2 for the target $1 of the Dockerfile; the rest lays out the build context.
build() {
  local target=$1 image=$2
  shift 2
  ! is_current "$image" || return 0
  is_current "$base_image" || [[ $base_built == yes ]] || build_base
  base_built=yes

  echo "building $image"
  context=$work/context
  mkdir "$context"
  "$@"
  [[ $version. == "${image#*:}".* ]] ||
    echo "images-debian: $image holds version $version, which its tag does not say: adjust images.*.env" >&2
  replace "$image" docker build --pull=false --no-cache --target "$target" --build-arg "BASE=$base_image" --tag "$image" \
    --label "prometheus-lab.inputs=$inputs" --label "org.opencontainers.image.version=$version" \
    --file packaging/images/Dockerfile "$context"
  rm -r "$context"
}

force=no
module=no
for option; do
  case $option in
    --force) force=yes ;;
    --module) module=yes ;;
    *) fail "usage: packaging/images-debian.sh [--module] [--force]" ;;
  esac
done
[[ $(id -u) -eq 0 ]] || fail "needs root, to make a root file system with mmdebstrap; run it with sudo"
for tool in apt-get dpkg; do
  command -v "$tool" >/dev/null || fail "needs $tool, which only Debian, Ubuntu and their kin have"
done
command -v npm >/dev/null || fail "needs npm, to fetch node's own binary; Debian's package npm will do"
[[ -r $certificates ]] || fail "needs $certificates; the package ca-certificates brings it"
timeout 20 docker info >/dev/null 2>&1 || fail "no Docker engine answers; on a test machine .ci/docker.sh installs and starts one"

# What cannot be built here is said before anything is.
if [[ $module == yes ]]; then
  for name in prometheus thanos victoriametrics; do packaging/go-programs.sh "$name" >/dev/null || exit; done
fi

node_image=$(tag_of NODE_IMAGE images.debian.env)
alertmanager_image=$(tag_of ALERTMANAGER_IMAGE images.debian.env)
pushgateway_image=$(tag_of PUSHGATEWAY_IMAGE images.debian.env)
blackbox_image=$(tag_of BLACKBOX_IMAGE images.debian.env)
architecture=$(dpkg --print-architecture)
registry=$(npm config get registry 2>/dev/null)
inputs=$(hash_inputs)

mkdir -p .lab
work=$(mktemp -d "$PWD/.lab/images.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
[[ $force == no ]] || packages_dir=$work/debian
base_built=no
backend_images=()

build node "$node_image" add_node "${node_image#*:}"
if [[ $module == yes ]]; then
  prometheus_image=$(tag_of PROMETHEUS_IMAGE images.module.env)
  build prometheus "$prometheus_image" add_module prometheus prometheus promtool
  thanos_image=$(tag_of THANOS_IMAGE images.module.env)
  build thanos "$thanos_image" add_module thanos thanos
  victoriametrics_image=$(tag_of VICTORIAMETRICS_IMAGE images.module.env)
  build victoriametrics "$victoriametrics_image" add_module victoriametrics victoria-metrics
  backend_images=("$thanos_image" "$victoriametrics_image")
else
  prometheus_image=$(tag_of PROMETHEUS_IMAGE images.debian.env)
  build prometheus "$prometheus_image" add_debian prometheus prometheus promtool
fi
build alertmanager "$alertmanager_image" add_debian prometheus-alertmanager alertmanager=prometheus-alertmanager amtool
build pushgateway "$pushgateway_image" add_debian prometheus-pushgateway pushgateway=prometheus-pushgateway
build blackbox "$blackbox_image" add_debian prometheus-blackbox-exporter blackbox_exporter=prometheus-blackbox-exporter

for image in "$node_image" "$prometheus_image" "$alertmanager_image" "$pushgateway_image" "$blackbox_image" \
  "${backend_images[@]}"; do
  printf '%-42s %-14s %s\n' "$image" "$(label_of "$image" org.opencontainers.image.version)" \
    "$(docker image ls --format '{{.Size}}' "$image")"
done

# After a sudo the folder still belongs to whoever has the clone.
chown -R --reference=. .lab
