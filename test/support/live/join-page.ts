import type { StandInMeeting } from './bbb-stand-in.js';

/**
 * What a listener's browser sees: the markers of the real client (data-test, #message-input), a moving picture
 * on the meeting's colour and, once the audio is joined, the meeting's tone in an <audio> fed by a MediaStream.
 */
export const joinPage = (facts: {
  meeting: StandInMeeting;
  token: string;
  waiting: boolean;
}): string => `<!doctype html>
<html><head><meta charset="utf-8"><title>stand-in</title><style>
  html,body{margin:0;height:100%;overflow:hidden;background:${facts.meeting.colour}} canvas{position:fixed;inset:0;width:100vw;height:100vh}
  #panel{position:fixed;right:0;top:0;width:25vw;background:#fff}
</style></head><body><div id="app"></div><script>
const token = ${JSON.stringify(facts.token)}, waiting = ${facts.waiting}, dialog = ${JSON.stringify(facts.meeting.audio)};
const say = (what, text) => fetch('/html5client/say?what=' + what + '&sessionToken=' + token, { method: 'POST', body: text || '' });
const app = document.getElementById('app');
function add(tag, marker, text, click) {
  const element = document.createElement(tag);
  if (marker) element.dataset.test = marker;
  element.textContent = text || '';
  if (click) element.onclick = click;
  app.append(element);
  return element;
}
function playTone() {
  const context = new AudioContext();
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  const out = context.createMediaStreamDestination();
  oscillator.frequency.value = ${facts.meeting.toneHz};
  gain.gain.value = 0.3;
  oscillator.connect(gain).connect(out);
  oscillator.start();
  const audio = document.createElement('audio');
  audio.id = 'remote-media';
  audio.srcObject = out.stream;
  document.body.append(audio);
  audio.play();
  document.querySelectorAll('.audio-dialog').forEach((e) => e.remove());
  say('audio');
}
function draw() {
  const canvas = document.createElement('canvas');
  app.append(canvas);
  canvas.width = 320; canvas.height = 180;
  const pen = canvas.getContext('2d');
  let x = 0;
  const paint = () => {
    pen.fillStyle = window.flash ? '#fff' : ${JSON.stringify(facts.meeting.colour)};
    pen.fillRect(0, 0, 320, 180);
    pen.fillStyle = '#fff';
    pen.fillRect(x = (x + 2) % 320, 80, 12, 20);
    pen.fillStyle = '#ff0'; // the lowest lines: a picture cut off below lacks them
    pen.fillRect(0, 170, 320, 10);
    requestAnimationFrame(paint);
  };
  paint();
}
function chatPanel() {
  const input = add('textarea', null);
  input.id = 'message-input';
  input.style.cssText = 'position:fixed;bottom:0;right:0;width:60px;height:16px';
  const send = add('button', 'sendMessageButton', 's', () => { say('chat', input.value); input.value = ''; });
  send.style.cssText = 'position:fixed;bottom:0;right:70px;width:16px;height:16px';
}
const events = new EventSource('/html5client/events?sessionToken=' + token);
events.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  if (event.type === 'flash') {
    window.flash = true;
    setTimeout(() => (window.flash = false), 3000);
  }
  if (event.type === 'ended') {
    document.querySelectorAll('audio').forEach((a) => { a.pause(); a.remove(); });
    app.innerHTML = '';
    add('div', 'meetingEndedModal', 'This session has ended');
    events.close();
  }
};
if (waiting) {
  add('div', 'guestMessage', 'Please wait for a moderator');
} else {
  draw();
  chatPanel();
  add('div', 'presentationTitle', '');
  const button = (marker, next) => { const b = add('button', marker, marker, next); b.className = 'audio-dialog'; b.style.cssText = 'position:fixed;top:40%;left:40%'; return b; };
  if (dialog === 'auto') setTimeout(playTone, 300);
  if (dialog === 'listen-only') button('listenOnlyBtn', playTone);
  if (dialog === 'help-listen-only') button('helpListenOnlyBtn', playTone);
  if (dialog === 'join-audio') {
    const open = button('joinAudio', () => { open.remove(); button('joinEchoTestButton', playTone); });
  }
}
</script></body></html>`;
