#!/bin/sh
# Opens the menu; files and folders given to it are checked. For selfeval.desktop, and to be run in a terminal.
here=$(dirname "$(readlink -f "$0")")
for program in "$HOME/.local/share/selfeval/bin/selfeval" "$here/../.venv/bin/selfeval"; do
    if [ -x "$program" ]; then
        exec "$program" menu "$@"
    fi
done
echo "这台电脑上还没有装好程序。请先运行安装包里的 install.sh。"
printf "按回车关闭本窗口。"
read -r _
exit 4
