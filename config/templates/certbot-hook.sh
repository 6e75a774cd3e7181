#!/bin/sh
# Certbot runs this after each renewal: {{program}} wants chain and key in one file. Written by `bbb2pod cluster render`.
set -eu
case " $RENEWED_DOMAINS " in *' {{name}} '*) ;; *) exit 0 ;; esac
umask 077
mkdir -p '{{directory}}'
cat "$RENEWED_LINEAGE/fullchain.pem" "$RENEWED_LINEAGE/privkey.pem" > '{{certificate}}.new'
mv '{{certificate}}.new' '{{certificate}}'
{{reload}}
