#!/bin/sh
# Makes all renditions of one stream and its HLS files, as MediaMTX asks when a source is there (runOnReady); it is
# stopped with the source. Written by `bbb2pod cluster render`.
stream=${1##*/}
case $stream in '' | *[!A-Za-z0-9_.-]*) exit 2 ;; esac
hls='{{hlsPath}}'
# One process makes all, so that their key frames fall on the same instants.
{{ffmpeg}} &
worker=$!
trap 'kill "$worker" 2>/dev/null' EXIT
trap 'exit 0' INT TERM
# The master is there while a rendition is; hls-watch takes it away with the last one.
while kill -0 "$worker" 2>/dev/null; do
    for playlist in "$hls/${stream}"_*.m3u8; do
        [ -e "$playlist" ] && [ ! -e "$hls/$stream.m3u8" ] && {
            cat > "$hls/.$stream.new" <<END
{{master}}
END
            mv "$hls/.$stream.new" "$hls/$stream.m3u8"
        }
        break
    done
    sleep 1
done
wait "$worker"
