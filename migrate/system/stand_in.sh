#!/bin/sh
# Stands in for a program that reaches a machine or a cluster while a script is rehearsed. It notes its name and first argument in
# MIGRATE_STAND_INS. `sudo` runs what it is given as the user that it is. `yq -i EXPRESSION FILE` adds the expression to the file
# as a comment: both sides get the same. Everything else does nothing, and succeeds.
name=${0##*/}
printf '%s %s\n' "$name" "$1" >>"$MIGRATE_STAND_INS"
case $name in
sudo)
	while [ $# -gt 0 ]; do
		case $1 in
		-*) shift ;;
		*=*) export "$1" && shift ;;
		*) break ;;
		esac
	done
	if [ $# -gt 0 ]; then exec "$@"; fi
	;;
yq)
	if [ "$1" = -i ]; then
		shift
		for file; do :; done
		if [ -f "$file" ]; then printf '# %s\n' "$1" >>"$file"; else exit 1; fi
	fi
	;;
esac
exit 0
