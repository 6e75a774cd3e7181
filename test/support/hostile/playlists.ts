/* Texts that ffmpeg takes for a list of other media when it looks into a file (libavformat 5.1: hls.c, dashdec.c,
   concatdec.c, sdp via rtsp.c, img2dec.c, and lists of other players), whatever the file is called. */

/** One hostile text. */
export interface Playlist {
  readonly kind: string;
  readonly text: string;
}

/**
 * Every kind of list, each naming a file of this machine or an address.
 * @param target `file:///…`, an absolute path, or `http://…`
 */
export function playlistsOf(target: string): Playlist[] {
  const plain = target.replace(/^file:\/\//, '');
  const hls = (uri: string, head = ''): string =>
    `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-TARGETDURATION:10\n${head}#EXTINF:10.0,\n${uri}\n#EXT-X-ENDLIST\n`;
  const dash = (inside: string): string =>
    `<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S" minBufferTime="PT2S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">\n<Period duration="PT10S"><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1000" codecs="avc1.4d401e" width="640" height="360">${inside}</Representation></AdaptationSet></Period></MPD>\n`;
  return [
    { kind: 'hls', text: hls(target) },
    { kind: 'hls-concat', text: hls(`concat:${plain}|${plain}`) },
    { kind: 'hls-subfile', text: hls(`subfile,,start,0,end,0,,:${plain}`) },
    { kind: 'hls-crypto', text: hls(`crypto+${target}`) },
    {
      kind: 'hls-key',
      text: hls(target, `#EXT-X-KEY:METHOD=AES-128,URI="${target}",IV=0x00000000000000000000000000000000\n`),
    },
    { kind: 'hls-map', text: hls(target, `#EXT-X-MAP:URI="${target}"\n`) },
    { kind: 'hls-master', text: `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n${target}\n` },
    {
      kind: 'hls-bytes',
      text: `#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n#EXT-X-BYTERANGE:100000@0\n${target}\n`,
    },
    { kind: 'dash', text: dash(`<BaseURL>${target}</BaseURL>`) },
    {
      kind: 'dash-list',
      text: dash(`<SegmentList duration="10"><SegmentURL media="${target}"/></SegmentList>`),
    },
    {
      kind: 'dash-template',
      text: dash(
        `<SegmentTemplate media="${target}" initialization="${target}" duration="10" timescale="1"/>`,
      ),
    },
    { kind: 'concat', text: `ffconcat version 1.0\nfile '${plain}'\n` },
    { kind: 'concat-options', text: `ffconcat version 1.0\nfile '${target}'\noption safe 0\n` },
    {
      kind: 'sdp',
      text: 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
    },
    { kind: 'm3u', text: `#EXTM3U\n${plain}\n` },
    { kind: 'pls', text: `[playlist]\nFile1=${target}\nNumberOfEntries=1\n` },
    { kind: 'smil', text: `<smil><body><video src="${target}"/></body></smil>\n` },
    {
      kind: 'imf',
      text: `<AssetMap xmlns="http://www.smpte-ra.org/schemas/429-9/2007/AM"><AssetList><Asset><Id>urn:uuid:1</Id><ChunkList><Chunk><Path>${plain}</Path></Chunk></ChunkList></Asset></AssetList></AssetMap>\n`,
    },
    { kind: 'subtitle', text: '1\n00:00:00,000 --> 00:00:10,000\nMARKER\n' },
    { kind: 'plain', text: 'A text of fifty-five bytes that is no medium at all...\n' },
  ];
}

/** What a published medium or a video to claim may be called. */
export const MEDIA_NAMES = ['webcams.webm', 'webcams.mp4', 'audio.ogg', 'video-0.m4v', 'audio.mp3', 'x.mkv'];
