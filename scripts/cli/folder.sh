# Whether the lab can write where it keeps things. Source shell.sh and where.sh first.
# shellcheck shell=sh disable=SC2154

# require_own_folder: fails at once where the lab cannot write to its own folder. By trying it: on a read-only, a full or
# a rationed disk the rights of a folder say nothing.
require_own_folder() {
  words=$(LC_ALL=C mkdir -p "$lab_folder" 2>&1) || fail "cannot create the folder $lab_folder in $PWD$(reason_of "$words" .)"
  # An empty file has room on a full disk.
  words=$({ LC_ALL=C cp README.md "$lab_folder/try.$$" && rm "$lab_folder/try.$$"; } 2>&1) || {
    rm -f "$lab_folder/try.$$"
    # What stops the lab and deletes its data makes room: it must not wait for some.
    case $command:$words in down:*'No space left'* | clean:*'No space left'* | down:*'quota exceeded'* | clean:*'quota exceeded'*) return 0 ;; esac
    fail "cannot write to $lab_folder in $PWD$(reason_of "$words" "$lab_folder")"
  }
  for path in .lab .lab/* "$lab_folder"/* "$lab_folder"/data/* "$lab_folder"/logs/*; do
    case $path in */images-* | */debian | */bin) continue ;; esac
    [ ! -e "$path" ] || [ -w "$path" ] || {
      words=$(LC_ALL=C touch -c "$path" 2>&1) || true
      fail "cannot write to $path$(reason_of "$words" "$path")"
    }
  done
}

# require_programs_start: fails where nothing can be started that lies there, as on a disk that is mounted with noexec.
require_programs_start() {
  case $command in down | clean) return 0 ;; esac
  printf '#!/bin/sh\n' >"$lab_folder/try.$$"
  chmod +x "$lab_folder/try.$$"
  started=0
  "$lab_folder/try.$$" 2>/dev/null || started=$?
  rm "$lab_folder/try.$$"
  [ "$started" -eq 0 ] ||
    fail "programs cannot be started from $PWD: is its disk mounted with noexec? Move the clone to another disk, or try RUNTIME=compose"
}

# reason_of WORDS PATH: how the sentence ends that it cannot be written: why, by the system's own words, and what helps.
reason_of() {
  case $1 in
    *'Read-only file system'*) echo ': its disk is mounted read-only; clone the lab to a disk that can be written' ;;
    *'No space left'*) echo ': its disk is full (df -h . shows it); make room, then try again' ;;
    *'quota exceeded'*) echo ': your quota on its disk is used up (quota -s shows it); make room, then try again' ;;
    *'Permission denied'* | *'not permitted'* | '')
      if [ "$(owner_of "$2")" = "$(id -un)" ]; then
        echo ", whose rights forbid it (ls -ld $2); to change them: chmod -R u+rwX $2"
      else
        [ "$2" = . ] || set -- "$1" "$2" .lab
        echo ", which $(owner_of "$2") owns; to have it back: sudo chown -R $(id -un) ${3-$2}"
      fi
      ;;
    *) printf ': %s\n' "$1" | tail -n 1 ;;
  esac
}

# shellcheck disable=SC2012 # stat(1) differs between Linux and macOS
owner_of() { ls -ld -- "$1" | awk '{ print $3 }'; }
