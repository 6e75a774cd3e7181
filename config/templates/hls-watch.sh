#!/bin/sh
# Removes playlists that no longer move (source stopped, transcoder hung), so that no viewer is shown a picture
# that stands still behind an HTTP 200, and the fronts turn to the other ingest. Written by `bbb2pod cluster render`.
while :; do
    find '{{hlsPath}}' -maxdepth 1 -name '*_*.m3u8' ! -newermt '-{{staleSeconds}} seconds' -delete 2>/dev/null
    # A master without any rendition left goes, too.
    for master in '{{hlsPath}}'/*.m3u8; do
        case "$master" in *_*.m3u8 | *'*'*) continue ;; esac
        stream=${master%.m3u8}
        set -- "$stream"_*.m3u8
        [ -e "$1" ] || rm -f "$master"
    done
    sleep 1
done
