import { escapeXml } from '../timeline/xml-tree.js';
import type { ChatEntry, Presentation } from '../timeline/presentation.js';
import { chatColumn, withoutNames } from './chat-column.js';
import type { Layout, Rectangle } from './layout.js';

export interface ScenePageFacts {
  readonly presentation: Presentation;
  readonly layout: Layout;
  readonly chat: readonly ChatEntry[];
  /** Names in the chat are replaced by numbers. */
  readonly anonymous: boolean;
}

/** Paths of the loopback feeder that the page asks for, below its secret prefix. */
export const feederPaths = { page: 'page', visit: 'visit/', file: 'file/', font: 'font/' } as const;

/** Policy of the page: no script but ours, nothing from anywhere but the feeder. */
export const pagePolicy = (nonce: string): string =>
  [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'unsafe-inline'`,
    `img-src 'self'`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');

/**
 * The page that shows any state on demand: `load(visit)` fetches a slide with its drawings, `show(state)` changes
 * the picture at once. It knows nothing of time.
 */
export function scenePage({ presentation, layout, chat, anonymous }: ScenePageFacts, nonce: string): string {
  const { box } = layout;
  const tldraw = presentation.generation !== 'classic';
  return `<!DOCTYPE html>
<html><head><meta charset="utf-8"><style>
${FONTS}
html,body{margin:0;padding:0;width:${layout.size.width}px;height:${layout.size.height}px;overflow:hidden;background:${layout.background}}
body{font-family:Arial,"Liberation Sans",sans-serif}
.abs{position:absolute;overflow:hidden}
#box{background:${layout.boxColour}}
</style></head><body>
${box === null ? '' : `<div id="box" class="abs" style="${place(box)}">${tldraw ? '<div id="frame"><div id="layer" style="transform-origin:0 0"><img id="page" alt=""></div></div>' : ''}<svg id="slide" style="position:absolute;left:0;top:0" width="${box.width}" height="${box.height}" preserveAspectRatio="none"><defs><clipPath id="clip"><rect id="cliprect"/></clipPath></defs><g id="clipped" clip-path="url(#clip)"><image id="picture" preserveAspectRatio="none"/><g id="drawings"></g></g></svg></div>`}
${layout.chat === null ? '' : chatColumn(layout, layout.chat, anonymous ? withoutNames(chat) : chat)}
<script nonce="${escapeXml(nonce)}">
const generation=${JSON.stringify(presentation.generation)};
${CLIENT}
</script></body></html>`;
}

export const place = ({ x, y, width, height }: Rectangle): string =>
  `left:${x}px;top:${y}px;width:${width}px;height:${height}px`;

const FONTS = [
  ['tldraw_draw', 'Shantell_Sans-Normal-SemiBold.woff2'],
  ['tldraw_sans', 'IBMPlexSans-Medium.woff2'],
  ['tldraw_serif', 'IBMPlexSerif-Medium.woff2'],
  ['tldraw_mono', 'IBMPlexMono-Medium.woff2'],
  ['Caveat Brush', 'caveat-brush-latin-400-normal.woff2'],
]
  .map(([name = '', file = '']) => `@font-face{font-family:"${name}";src:url(${feederPaths.font}${file})}`)
  .join('\n');

// Runs in the browser. The player's tldraw stands on whole pixels and
// shows the slide as an HTML picture (one unit in with tldraw 2); its older SVG does neither. The fractions of a pixel
// are measured on pictures of the player: texts of slides must stand on the same raster. Images are decoded before a state is shown, so that no half-loaded slide is drawn.
const CLIENT = String.raw`
const $=id=>document.getElementById(id);
const visits=new Map();
const file=path=>'file/'+path.split('/').map(encodeURIComponent).join('/');
const decode=async url=>{const image=new Image();image.src=url;try{await image.decode()}catch{}};
async function load(number){
  if(visits.has(number))return;
  const visit=await (await fetch('visit/'+number)).json();
  const source='<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'+visit.drawings.map(d=>'<g>'+d+'</g>').join('')+'</svg>';
  const parsed=new DOMParser().parseFromString(source,'image/svg+xml');
  let nodes=[];
  if(!parsed.querySelector('parsererror'))nodes=[...parsed.documentElement.children].map(n=>document.importNode(n,true));
  const waits=[];
  for(const node of nodes)for(const image of node.querySelectorAll('image')){const path=image.getAttribute('href');if(path){const url=file(path);image.setAttribute('href',url);waits.push(decode(url))}}
  if(visit.href)waits.push(decode(file(visit.href)));
  for(const font of visit.fonts||[])waits.push(document.fonts.load('20px "'+font+'"').catch(()=>{}));
  await Promise.all(waits);
  visits.clear();
  visits.set(number,{...visit,nodes});
}
let shown=null;
function show(state){
  const box=$('slide');
  if(box){
    const slide=state.slide,visit=slide?visits.get(slide.visit):null;
    const picture=$('picture'),drawings=$('drawings');
    if(!visit){$('clipped').style.display='none';if($('frame'))$('frame').style.display='none';shown=null}
    else{
      $('clipped').style.display='';
      if(shown!==visit){
        if(generation!=='classic'){$('page').src=visit.href?file(visit.href):'';}
        else picture.setAttribute('href',visit.href?file(visit.href):'');
        for(const name of['x','y','width','height'])picture.setAttribute(name,visit.picture[name]);
        shown=visit;
      }
      const v=slide.view,rect=$('cliprect');
      const w=box.clientWidth||Number(box.getAttribute('width')),h=box.clientHeight||Number(box.getAttribute('height'));
      const zoom=Math.min(w/v.width,h/v.height),whole=generation==='classic'?n=>n:Math.round;
      const left=whole((w-v.width*zoom)/2),top=whole((h-v.height*zoom)/2);
      if(generation!=='classic'){
        const frame=$('frame'),two=generation==='tldraw2',zoomed=v.width<visit.picture.width-1;
        const inset=two?1-0.27/zoom:0,right=inset+(zoomed?0.32/zoom:0),down=inset+(zoomed?(two?0.17:0.32)/zoom:0);
        frame.style.cssText='position:absolute;overflow:hidden;left:'+left+'px;top:'+top+'px;width:'+v.width*zoom+'px;height:'+v.height*zoom+'px';
        $('layer').style.transform='scale('+zoom+') translate('+(-v.x)+'px,'+(-v.y)+'px)';
        $('page').style.cssText='position:absolute;left:0;top:0;width:'+visit.picture.width+'px;height:'+visit.picture.height+'px;transform:translate('+right+'px,'+down+'px)';
      }
      box.setAttribute('viewBox',[v.x-left/zoom,v.y-top/zoom,w/zoom,h/zoom].join(' '));
      for(const name of['x','y','width','height'])rect.setAttribute(name,v[name]);
      drawings.replaceChildren(...slide.drawings.map(i=>visit.nodes[i]).filter(Boolean));
    }
  }
  if(typeof showChat==='function')showChat(state.due);
  return true;
}
const chatEntries=[...document.querySelectorAll('.entry')];
let chatShown='';
function showChat(due){
  const list=$('chat');
  if(!list||chatShown===String(due))return;
  chatShown=String(due);
  chatEntries.forEach((entry,i)=>entry.classList.toggle('future',i>=due));
  const last=chatEntries[due-1];
  list.scrollTop=last?Math.max(0,last.offsetTop+last.offsetHeight-list.clientHeight+Number(list.dataset.pad)):0;
}
`;
