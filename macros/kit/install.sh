#!/bin/sh
# Installs the program for the user who runs this, without network and without rights: sh install.sh
# Uses a Python placed beside this file: the folder python/, or the archive cpython-*-install_only.tar.gz as it is;
# else the newest one of this system.
set -u
cd "$(dirname "$(readlink -f "$0")")" || exit 5
unpacked=""
trap '[ -z "$unpacked" ] || rm -rf "$unpacked"' EXIT

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# A memory stick holds no links and may forbid to run programs, so an archive is unpacked in the user's own folder.
unpack() {
    for archive in cpython-3*.tar.gz python-3*.tar.gz; do
        [ -f "$archive" ] || continue
        unpacked=$(mktemp -d "$HOME/.selfeval-XXXXXX") && tar -xzf "$archive" -C "$unpacked" && return
    done
    return 1
}

if is_new_enough python/bin/python3; then
    exec python/bin/python3 -X utf8 -I files/install.py --python python "$@"
fi
if unpack && is_new_enough "$unpacked/python/bin/python3"; then
    "$unpacked/python/bin/python3" -X utf8 -I files/install.py --python "$unpacked/python" "$@"
    exit
fi
for name in python3.13 python3.12 python3.11 python3; do
    if is_new_enough "$name"; then
        exec "$name" -X utf8 -I files/install.py "$@"
    fi
done
cat files/no-python.txt
exit 4
