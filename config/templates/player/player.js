// Plays the live stream and goes on playing when a node or an ingest dies. Written by `bbb2pod cluster render`.
(() => {
  'use strict';
  const TEXTS = {
    fr: {
      waiting: 'La diffusion n’a pas encore commencé.',
      again: 'Reprise de la diffusion…',
      old: 'Ce navigateur ne sait pas lire cette diffusion.',
    },
    en: {
      waiting: 'The broadcast has not started yet.',
      again: 'Resuming the broadcast…',
      old: 'This browser cannot play this broadcast.',
    },
  };
  const texts = (navigator.language || '').toLowerCase().startsWith('fr') ? TEXTS.fr : TEXTS.en;
  document.documentElement.lang = texts === TEXTS.fr ? 'fr' : 'en';
  const video = document.getElementById('video');
  const message = document.getElementById('message');
  const say = (text) => {
    message.textContent = text;
  };

  let settings;
  let stream;
  let node = 0;
  let hls = null;
  let played = false;
  let seen = { at: 0, time: -1 };
  let retry = 0;
  let begun = 0; // beginnings without a moving picture since the last one

  const address = (i) => `${settings.nodes[i]}/hls/${stream}.m3u8`;

  // What stands still is left. Playing begins again with the first node whose playlist moves: nothing is torn down
  // and begun again against a node that gives nothing, and a node that is back is seen within a second.
  function next() {
    if (retry !== 0) return;
    say(played ? texts.again : texts.waiting);
    retry = setTimeout(look, 200);
  }

  // Once a second, all nodes: the next one first, the others a moment later.
  function look() {
    clearTimeout(retry);
    retry = setTimeout(look, 800 + Math.random() * 400);
    settings.nodes.forEach((_, k) => {
      const i = (node + 1 + k) % settings.nodes.length;
      moves(i).then(
        () => setTimeout(begin, k * 100, i),
        () => undefined,
      );
    });
  }

  function begin(i) {
    if (retry === 0) return; // another node was sooner
    node = i;
    start();
  }

  const marks = new Map();

  // Whether the playlist of a node moves: by its age where both dates can be read, else by another look.
  async function moves(i) {
    const ask = async (url) => {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), 2500);
      try {
        const answer = await fetch(url, { cache: 'no-store', signal: limit.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        return { answer, text: await answer.text() };
      } finally {
        clearTimeout(timer);
      }
    };
    let { answer, text } = await ask(address(i));
    if (!text.includes('#EXTINF')) {
      const first = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'));
      if (!first) throw new Error('empty');
      ({ answer, text } = await ask(new URL(first.trim(), answer.url)));
    }
    if (!text.includes('#EXTINF')) throw new Error('empty');
    const before = marks.get(i);
    marks.set(i, text);
    const target = Number((/#EXT-X-TARGETDURATION:(\d+)/.exec(text) || [])[1] || 3);
    const date = (name) => Date.parse(answer.headers.get(name) || '');
    const age = (date('date') - date('last-modified')) / 1000;
    if (Number.isNaN(age) ? before === text : age > 2 * target + 1) throw new Error('old');
  }

  function start() {
    clearTimeout(retry);
    retry = 0;
    begun += 1;
    seen = { at: Date.now(), time: video.currentTime };
    if (hls) hls.destroy();
    hls = null;
    if (!window.Hls || !window.Hls.isSupported()) {
      if (!video.canPlayType('application/vnd.apple.mpegurl')) {
        say(texts.old);
        return;
      }
      video.src = address(node);
      play();
      return;
    }
    hls = new window.Hls({
      liveSyncDurationCount: 3,
      liveMaxLatencyDurationCount: 8,
      maxLiveSyncPlaybackRate: 1.1,
      manifestLoadPolicy: quick(4000, 1),
      playlistLoadPolicy: quick(3000, 1),
      fragLoadPolicy: quick(6000, 2),
    });
    hls.on(window.Hls.Events.ERROR, (_, data) => {
      if (!data.fatal) return;
      if (data.type === window.Hls.ErrorTypes.MEDIA_ERROR && played && !hls.recovered) {
        hls.recovered = true;
        hls.recoverMediaError();
      } else next();
    });
    hls.attachMedia(video);
    hls.loadSource(address(node));
    play();
  }

  const quick = (ms, count) => ({
    default: {
      maxTimeToFirstByteMs: ms,
      maxLoadTimeMs: ms * 2,
      timeoutRetry: { maxNumRetry: count, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: count, retryDelayMs: 300, maxRetryDelayMs: 1000 },
    },
  });

  const play = () => {
    const asked = video.play();
    if (asked) asked.catch(() => undefined);
  };

  // A picture that moved is missed soon; one that begins may take its time, and more at each attempt, or a slow
  // line would be restarted for ever.
  const patience = () => settings.stallMs + (begun === 0 ? 0 : 3000 * Math.min(begun, 4));

  // Every half second: a picture that should move and does not is a fault, whatever the network says.
  function watch() {
    // hls.js nudges a stalled picture by tenths of a second: that is no movement.
    if (Math.abs(video.currentTime - seen.time) > 0.4) {
      if (seen.time >= 0 && !video.paused) {
        played = true;
        begun = 0;
        say('');
      }
      seen = { at: Date.now(), time: video.currentTime };
    } else if (!(video.paused && played) && Date.now() - seen.at > patience()) next();
  }

  // The network is back: not another second is waited.
  window.addEventListener('online', () => {
    if (settings && retry !== 0) look();
  });

  // Players without hls.js (Safari) tell faults here.
  video.addEventListener('error', () => {
    if (!hls && video.error) next();
  });

  const shuffled = (list) => {
    const left = [...list];
    const drawn = [];
    while (left.length > 0) drawn.push(...left.splice(Math.floor(Math.random() * left.length), 1));
    return drawn;
  };

  fetch('/sources.json', { cache: 'no-cache' })
    .then((answer) => answer.json())
    .then((read) => {
      settings = {
        ...read,
        nodes: read.direct ? [...shuffled(read.nodes), ''] : ['', ...shuffled(read.nodes)],
      };
      const asked = new URLSearchParams(location.search).get('stream');
      stream = settings.streams.includes(asked) ? asked : settings.streams[0];
      start();
      setInterval(watch, 500);
    })
    .catch(() => {
      say(texts.waiting);
      setTimeout(() => location.reload(), 5000);
    });
})();
