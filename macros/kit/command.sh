#!/bin/sh
# The command, from the folder that the installer made.
home=$(dirname "$(dirname "$(readlink -f "$0")")")
if [ -z "${SELFEVAL_SETTINGS:-}" ] && [ -f "$home/settings.toml" ]; then
    export SELFEVAL_SETTINGS="$home/settings.toml"
fi
exec "$home/python/bin/python3" -X utf8 -I -c 'from selfeval_xl.app.cli import main; main()' "$@"
