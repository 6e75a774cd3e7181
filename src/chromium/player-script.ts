/* Runs in the player's page (bbb-playback and what keeps to its ids, classes and events): nothing of it is ours. */

/** Before the page's own scripts: does it listen to the event that moves slides without the videos? */
export const LISTENING = String.raw`
(() => {
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === 'bbbplaybacktimeupdate') window.__hears = true;
    return add.call(this, type, ...rest);
  };
})()`;

/** The player without its controls; videos that are laid over the pictures later leave their room empty. */
export const styleOf = (laid: boolean): string =>
  [
    '.top-bar,.bottom-content,.bottom-bar,.vjs-control-bar,.vjs-big-play-button,.vjs-loading-spinner,.vjs-text-track-display,.fullscreen-button,.application-control{display:none!important}',
    '#navbar,#copyright,.acorn-controls{display:none!important}',
    '.player-wrapper{padding:0!important}',
    '*{animation:none!important;transition:none!important;caret-color:transparent!important}',
    laid ? '#webcams video,#screenshare video,#video video,#deskshare-video{opacity:0!important}' : '',
  ].join('');

/** `survey()`: what the page shows, null while it loads. `step(seconds, seeks)`: the page at an instant. */
export const DRIVER = String.raw`
window.__bbb2pod = (() => {
  const first = (...selectors) => selectors.map((s) => document.querySelector(s)).find(Boolean) ?? null;
  const webcam = () => first('#webcams video', '#webcams audio', '#video video', '#video', 'video', 'audio');
  const screen = () => first('#screenshare video', '#deskshare-video video', 'video#deskshare-video');
  const placeOf = (video) => {
    // A video that is not shown yet will fill the first room around it.
    let room = video;
    while (room.parentElement && room.getBoundingClientRect().width === 0) room = room.parentElement;
    const box = room.getBoundingClientRect();
    return video.videoWidth > 0 && box.width > 0
      ? { x: box.x, y: box.y, width: box.width, height: box.height }
      : null;
  };
  const share = () => {
    const video = screen();
    const frame = video?.closest('#screenshare,#deskshare-video') ?? video;
    if (!frame || frame.classList.contains('inactive')) return false;
    const style = getComputedStyle(frame);
    return style.display !== 'none' && style.visibility !== 'hidden' && frame.getBoundingClientRect().width > 0;
  };
  const frames = async (count) => {
    for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  };
  const seek = (video, seconds) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the video did not seek to ' + seconds + ' s')), 10000);
      video.addEventListener('seeked', () => { clearTimeout(late); resolve(); }, { once: true });
      const player = video.closest('.video-js')?.player;
      if (player?.currentTime) player.currentTime(seconds);
      else video.currentTime = seconds;
    });
  return {
    survey() {
      const error = document.querySelector('#error .error-code');
      if (error) return { error: error.textContent.trim().slice(0, 40) };
      const video = webcam();
      if (!video || video.readyState < 1 || !Number.isFinite(video.duration)) return null;
      if (!first('#player', '#presentation', '#slide', '#playback-content')) return null;
      const screenshare = screen();
      if (screenshare && screenshare.currentSrc && screenshare.readyState < 1 && !screenshare.error) return null;
      const about = (v) => ({ address: v.currentSrc, place: placeOf(v) });
      return {
        title: (document.querySelector('.top-bar .title')?.textContent || document.title || '').trim().slice(0, 300),
        durationMs: Math.round(video.duration * 1000),
        webcam: about(video),
        share: screenshare && screenshare.currentSrc && screenshare.videoWidth > 0 ? about(screenshare) : null,
        hears: window.__hears === true,
      };
    },
    async step(seconds, seeks) {
      if (seeks) await Promise.all([webcam(), share() ? screen() : null].filter(Boolean).map((v) => seek(v, seconds)));
      else document.dispatchEvent(new CustomEvent('bbbplaybacktimeupdate', { detail: { time: seconds } }));
      await frames(3);
      const until = performance.now() + 5000;
      while ([...document.images].some((image) => !image.complete) && performance.now() < until) await frames(1);
      return { share: share() };
    },
  };
})()`;
