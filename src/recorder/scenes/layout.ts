import type { layoutNames } from '../../kit/config/sections/recorder.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

export type LayoutName = (typeof layoutNames)[number];
export type Background = 'dark' | 'light';

/** Where things stand in the picture. All rectangles are on even pixels, as 4:2:0 video wants them. */
export interface Layout {
  readonly name: LayoutName;
  readonly size: Size;
  /** CSS pixels per pixel of the player at 1280x720: sizes of texts follow it. */
  readonly scale: number;
  readonly background: string;
  /** Ground of the slides' box; null when the layout has no slides. */
  readonly boxColour: string;
  readonly box: Rectangle | null;
  readonly webcam: Rectangle | null;
  readonly chat: Rectangle | null;
  readonly dark: boolean;
}

export interface LayoutFacts {
  readonly name: LayoutName;
  readonly size: Size;
  readonly background: Background;
  readonly chat: boolean;
  /** Size of the webcam video; null when there is none worth showing. */
  readonly webcam: Size | null;
}

const even = (value: number): number => Math.max(0, Math.round(value / 2) * 2);

/** Places slides, webcam and chat. A layout gives the room of what does not exist to what does. */
export function planLayout(facts: LayoutFacts): Layout {
  switch (facts.name) {
    case 'player':
      return playerLayout(facts);
    case 'presentation':
      return presentationLayout(facts);
    case 'slides':
      return { ...common(facts), box: whole(facts.size), webcam: null, chat: null };
    case 'webcams':
      return facts.webcam === null
        ? { ...common(facts), box: whole(facts.size), webcam: null, chat: null }
        : { ...common(facts), box: null, webcam: fitInside(facts.webcam, whole(facts.size)), chat: null };
  }
}

const whole = ({ width, height }: Size): Rectangle => ({ x: 0, y: 0, width, height });

const common = ({ name, size, background }: LayoutFacts) => ({
  name,
  size,
  scale: Math.min(size.width / 1280, size.height / 720),
  background: background === 'dark' ? '#15191e' : '#ffffff',
  boxColour: background === 'dark' ? '#15191e' : '#f3f6f9',
  dark: background === 'dark',
});

/** bbb-playback 5 without its controls: side column a quarter wide; the bars' room (60 and 20) stays free. */
function playerLayout(facts: LayoutFacts): Layout {
  const { size } = facts;
  const base = { ...common(facts), background: '#ffffff', boxColour: '#f3f6f9', dark: false };
  const side = even(size.width / 4);
  const top = even(60 * base.scale);
  const bottom = even(20 * base.scale);
  const camera = { x: 0, y: 0, width: side, height: even((side * 3) / 4) };
  const chatTop = facts.webcam === null ? 0 : camera.height;
  return {
    ...base,
    box: { x: side, y: top, width: size.width - side, height: size.height - top - bottom },
    webcam: facts.webcam === null ? null : fitInside(facts.webcam, camera),
    chat: { x: 0, y: chatTop, width: side, height: size.height - chatTop },
  };
}

function presentationLayout(facts: LayoutFacts): Layout {
  const { size } = facts;
  const base = common(facts);
  if (facts.webcam === null && !facts.chat) return { ...base, box: whole(size), webcam: null, chat: null };
  const side = even(size.width * (facts.chat ? 0.25 : 0.2));
  const box = { x: 0, y: 0, width: size.width - side, height: size.height };
  const column = { x: box.width, y: 0, width: side, height: size.height };
  const webcam =
    facts.webcam === null
      ? null
      : fitInside(facts.webcam, { ...column, height: even(size.height / 2) }, true);
  const chatTop = webcam === null ? 0 : webcam.y + webcam.height;
  return {
    ...base,
    box,
    webcam,
    chat: facts.chat ? { ...column, y: chatTop, height: size.height - chatTop } : null,
  };
}

/** Where webcams and chat stand while the presentation is out of sight: webcams in its room, the chat beside them. */
export function withoutSlides(layout: Layout): Pick<Layout, 'webcam' | 'chat'> {
  const { box, webcam, chat, size } = layout;
  if (box === null || webcam === null) return { webcam, chat };
  return {
    webcam: fitInside(webcam, box),
    chat: chat === null ? null : { ...chat, y: 0, height: size.height },
  };
}

/** The largest rectangle of that shape inside, centred (or at the top), on even pixels. */
export function fitInside(shape: Size, room: Rectangle, atTop = false): Rectangle {
  const scale = Math.min(room.width / shape.width, room.height / shape.height);
  const width = Math.min(room.width, even(shape.width * scale));
  const height = Math.min(room.height, even(shape.height * scale));
  return {
    x: room.x + even((room.width - width) / 2 - 0.5),
    y: room.y + (atTop ? 0 : even((room.height - height) / 2 - 0.5)),
    width,
    height,
  };
}
