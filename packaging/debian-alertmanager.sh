#!/bin/sh
# Makes the Alertmanager of Debian's package run where it was unpacked without root.
#
#   debian-alertmanager.sh LAB    unpacked in LAB/debian/root; creates the command LAB/bin/alertmanager
#
# Debian's build reads its templates from /usr/share/prometheus/alertmanager and does not start without
# them; no setting changes that, and only root can put files there. So a copy of the binary gets another
# path of exactly the same length in its place, /proc/self/cwd (the folder it is started in), and the
# command starts it in the folder that holds the templates.
set -eu
unset CDPATH
cd -- "$1"

templates=/usr/share/prometheus/alertmanager
started_in=/proc/self/cwd/./././././././././.
[ ${#templates} -eq ${#started_in} ]

mkdir -p bin
# LC_ALL=C: bytes, not characters. GNU sed, which Debian has, leaves all other bytes as they are.
LC_ALL=C sed "s|$templates|$started_in|g" debian/root/usr/bin/prometheus-alertmanager >"bin/patched.$$"
cat >"bin/command.$$" <<END
#!/bin/sh
unset CDPATH
bin=\$(cd "\$(dirname "\$0")" && pwd)
cd "\$bin/../debian/root$templates" && exec "\$bin/alertmanager.patched" "\$@"
END
chmod 755 "bin/patched.$$" "bin/command.$$"
mv "bin/patched.$$" bin/alertmanager.patched
mv "bin/command.$$" bin/alertmanager
