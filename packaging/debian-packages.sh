#!/bin/sh
# Brings packages of Debian into a folder, with no root and without installing anything.
#
#   packaging/debian-packages.sh DEST PACKAGE…    unpacks into DEST/root, keeps the archives in DEST/cache
#   packaging/debian-packages.sh --sources SUITE  prints the apt sources that it would read for SUITE
#
# The mirror is the one that this machine's own apt uses. On Debian the packages come from the
# suite below, whatever the machine runs: they need nothing newer than libc 2.34. On Ubuntu they
# come from the machine's own release. What is there already stays as it is: delete DEST to
# have newer versions. DEST/root/.packages has one file for each package, holding its version.
set -eu
unset CDPATH

suite=forky

fail() {
  echo "debian-packages: $*" >&2
  exit 1
}

# Runs an apt command with the configuration in $work/apt.conf; its output is shown if it fails.
quietly() {
  APT_CONFIG=$work/apt.conf "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    return 1
  }
}

# Writes an apt configuration that lives below $work: how to fetch (proxies, certificates) is taken
# from the machine; sources, lists and hooks are not. Keep the machine's sources with $1 = own.
configure() {
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  : >"$work/status"
  {
    apt-config dump | grep '^Acquire::'
    cat <<CONF
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
APT::Sandbox::User "root";
Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$work/lists";
Dir::State::Status "$work/status";
Dir::Cache "$work";
Dir::Cache::Archives "$work/archives";
CONF
    [ "${1-}" = own ] || cat <<CONF
APT::Update::Error-Mode "any";
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
CONF
  } >"$work/apt.conf"
}

# Prints "origin suite component address" of everything that the machine's apt reads.
machine_sources() {
  # shellcheck disable=SC2016 # apt fills these in, not the shell
  apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '/^(Debian|Ubuntu) / && !seen[$0]++'
}

# Prints the lines of a sources.list for the suite $1 on Debian, for the machine's own on Ubuntu.
sources() {
  known=$(machine_sources)
  if [ -z "$known" ]; then
    # No lists yet, as in a fresh container: who is behind an address is in its Release file.
    configure own
    quietly apt-get update || fail "cannot read this machine's apt sources (apt's own words are above)"
    known=$(
      export APT_CONFIG="$work/apt.conf"
      machine_sources
    )
    [ -n "$known" ] || cat "$work/log" >&2
  fi
  for keys in debian ubuntu; do
    for end in gpg pgp; do
      file=/usr/share/keyrings/$keys-archive-keyring.$end
      [ ! -r "$file" ] || eval "${keys}_keys='[signed-by=$file] '"
    done
  done
  echo "$known" | awk -v suite="$1" -v debian="${debian_keys-}" -v ubuntu="${ubuntu_keys-}" '
    $1 == "Debian" && $3 == "main" && $2 !~ /-/ && !mirror { mirror = $4 }
    $1 == "Ubuntu" { own = own "deb " ubuntu $4 " " $2 " " $3 "\n" }
    END {
      if (mirror) print "deb " debian mirror " " suite " main"
      else if (own) printf "%s", own
      else exit 1
    }' || fail "this machine's apt sources name no Debian mirror with the component main, nor an Ubuntu one, that answers; add one to /etc/apt/sources.list.d"
}

workspace() {
  for tool in apt-get apt-config dpkg; do
    command -v "$tool" >/dev/null || fail "needs $tool, which only Debian, Ubuntu and their kin have"
  done
  work=$(mktemp -d "$1/tmp.XXXXXX" 2>/dev/null) || fail "cannot write to $1"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
}

readable_sources() {
  sed 's/^deb \(\[.*\] \)*//' "$work/sources.list" | paste -sd , -
}

# Downloads the packages named and merges them into $root. A package that the suite does not have
# is no mistake if another one brings the program of its name, as Ubuntu's prometheus does promtool.
fetch() {
  sources "$suite" >"$work/sources.list"
  configure
  quietly apt-get update || fail "cannot read the package lists of $(readable_sources) (apt's own words are above)"

  for package; do
    APT_CONFIG=$work/apt.conf apt-cache show "$package" >/dev/null 2>&1 || continue
    (cd "$work/archives" && quietly apt-get download "$package") ||
      fail "cannot download $package (apt's own words are above)"
  done

  mkdir "$work/root" "$work/root/.packages"
  for archive in "$work"/archives/*.deb; do
    [ -e "$archive" ] || break
    quietly dpkg -x "$archive" "$work/root" || fail "cannot unpack $(basename "$archive") (dpkg's own words are above)"
    dpkg-deb -f "$archive" Version >"$work/root/.packages/$(dpkg-deb -f "$archive" Package)"
  done
  for package; do
    [ ! -e "$work/root/.packages/$package" ] || continue
    [ -e "$work/root/usr/bin/$package" ] || [ -e "$root/usr/bin/$package" ] ||
      fail "there is no package $package in $(readable_sources)"
    echo "in another package" >"$work/root/.packages/$package"
  done

  # Each file arrives whole, by a link; the marks come last, so whatever has one is complete.
  mkdir -p "$dest/cache" "$root"
  mv -f "$work"/archives/*.deb "$dest/cache/" 2>/dev/null || true
  mv "$work/root/.packages" "$work/marks"
  cp -alf "$work/root/." "$root/"
  mkdir -p "$root/.packages"
  cp -alf "$work/marks/." "$root/.packages/"
}

case ${1-} in
  --sources)
    [ $# -eq 2 ] || fail "--sources needs the name of a suite, for example: --sources bookworm"
    workspace "${TMPDIR:-/tmp}"
    sources "$2"
    exit
    ;;
  '' | -*) fail "usage: packaging/debian-packages.sh DEST PACKAGE… | --sources SUITE" ;;
esac
[ $# -ge 2 ] || fail "name at least one package after $1"

mkdir -p "$1" 2>/dev/null || fail "cannot create the folder $1"
dest=$(cd "$1" && pwd)
root=$dest/root
shift

for package; do
  shift
  [ -e "$root/.packages/$package" ] || set -- "$@" "$package"
done
[ $# -gt 0 ] || exit 0

workspace "$dest"
fetch "$@"
