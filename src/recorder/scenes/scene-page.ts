import { escapeXml } from '../timeline/xml-tree.js';
import type { ChatEntry, Presentation } from '../timeline/presentation.js';
import { chatColumn, withoutNames } from './chat-column.js';
import { withoutSlides, type Layout, type Rectangle } from './layout.js';
import { GROUND } from './tldraw2-style.js';

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
    `img-src 'self' data:`,
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
${presentation.generation === 'tldraw2' ? '<svg width="0" height="0" style="position:absolute"><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse"/></svg>' : ''}
${box === null ? '' : `<div id="box" class="abs" style="${place(box)}">${tldraw ? '<div id="frame"><div id="layer" style="transform-origin:0 0"><img id="page" alt=""></div></div>' : ''}<svg id="slide" style="position:absolute;left:0;top:0" width="${box.width}" height="${box.height}" preserveAspectRatio="none"><defs><clipPath id="clip"><rect id="cliprect"/></clipPath></defs><g id="clipped" clip-path="url(#clip)"><image id="picture" preserveAspectRatio="none"/><g id="drawings"></g></g></svg></div>`}
${layout.chat === null ? '' : chatColumn(layout, layout.chat, anonymous ? withoutNames(chat) : chat)}
<script nonce="${escapeXml(nonce)}">
const chatRooms=${JSON.stringify({ usual: layout.chat, high: withoutSlides(layout).chat })};
const generation=${JSON.stringify(presentation.generation)},ground=${JSON.stringify(GROUND)},scale=${layout.scale};
${CLIENT}
</script></body></html>`;
}

export const place = ({ x, y, width, height }: Rectangle): string =>
  `left:${x}px;top:${y}px;width:${width}px;height:${height}px`;

const ALPHABETS = {
  latin: '',
  vietnamese: 'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+1EA0-1EF9,U+20AB',
  'latin-ext':
    'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0,U+2C60-2C7F,U+A720-A7FF',
  greek: 'U+0370-03FF',
  'greek-ext': 'U+1F00-1FFF',
  cyrillic: 'U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116',
  'cyrillic-ext': 'U+0460-052F,U+1C80-1C8A,U+20B4,U+2DE0-2DFF,U+A640-A69F',
} as const;
const EVERY_ALPHABET = Object.keys(ALPHABETS) as (keyof typeof ALPHABETS)[];

const FONTS = [
  ['tldraw_draw', 'Shantell_Sans-Normal-SemiBold.woff2'],
  ['tldraw_sans', 'IBMPlexSans-Medium.woff2'],
  ['tldraw_serif', 'IBMPlexSerif-Medium.woff2'],
  ['tldraw_mono', 'IBMPlexMono-Medium.woff2'],
  ...inAlphabets('Caveat Brush', ['latin', 'latin-ext']),
  ...inAlphabets('Source Sans Pro', EVERY_ALPHABET),
  ...inAlphabets('Crimson Pro', ['latin', 'latin-ext', 'vietnamese']),
  ...inAlphabets('Source Code Pro', EVERY_ALPHABET),
]
  .map(
    ([name = '', file = '', range = '']) =>
      `@font-face{font-family:"${name}";src:url(${feederPaths.font}${file});${range === '' ? '' : `unicode-range:${range}`}}`,
  )
  .join('\n');

/** The fonts of tldraw 1 come alphabet by alphabet, as the player has them from fonts.googleapis.com; each loads when a letter needs it. */
function inAlphabets(family: string, alphabets: readonly (keyof typeof ALPHABETS)[]): string[][] {
  const files = family.toLowerCase().replaceAll(' ', '-');
  return alphabets.map((name) => [family, `${files}-${name}-400-normal.woff2`, ALPHABETS[name]]);
}

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
  if(source.includes('url(#hatch)'))waits.push(hatchingsLoaded());
  const words=parsed.documentElement.textContent||' ';
  for(const font of visit.fonts||[])waits.push(document.fonts.load('20px "'+font+'"',words).catch(()=>{}));
  await Promise.all(waits);
  visits.clear();
  visits.set(number,{...visit,nodes});
}
// How far a drawing reaches; null where nobody knows (texts run over their boxes).
const bounds=new Map();
function boundsOf(visit,index){
  if(!bounds.has(visit))bounds.clear(),bounds.set(visit,new Map());
  const known=bounds.get(visit);
  if(!known.has(index)){
    const node=visit.nodes[index];
    if(!node||node.querySelector('foreignObject,text,image,svg,use'))known.set(index,null);
    else{
      const absent=!node.isConnected;
      if(absent)$('drawings').append(node);
      const {x,y,width,height}=node.getBBox();
      const line=Math.max(0,...[...node.querySelectorAll('*')].map(part=>parseFloat(getComputedStyle(part).strokeWidth)||0));
      if(absent)node.remove();
      // A corner's tip reaches four half widths at most.
      known.set(index,{left:x-2*line,top:y-2*line,right:x+width+2*line,bottom:y+height+2*line});
    }
  }
  return known.get(index);
}
// What of the slide's box holds all that changed, in pixels of the page; null when it is larger than a part.
function placeOf(visit,{zoom,left,top},v,changed,part,box){
  let from={x:Infinity,y:Infinity},to={x:-Infinity,y:-Infinity};
  for(const index of changed){
    const b=boundsOf(visit,index);
    if(!b)return null;
    from={x:Math.min(from.x,left+(b.left-v.x)*zoom),y:Math.min(from.y,top+(b.top-v.y)*zoom)};
    to={x:Math.max(to.x,left+(b.right-v.x)*zoom),y:Math.max(to.y,top+(b.bottom-v.y)*zoom)};
  }
  const place=(least,most,offset,length,side)=>{
    const [a,b]=[Math.max(least,0)+offset-MARGIN,Math.min(most,length)+offset+MARGIN];
    if(b-a>side||side>length)return null;
    return Math.max(2*Math.floor(offset/2),Math.min(2*Math.ceil((offset+length-side)/2),2*Math.round((a+b-side)/4)));
  };
  const x=place(from.x,to.x,box.x,box.width,part.width);
  const y=place(from.y,to.y,box.y,box.height,part.height);
  return x===null||y===null?null:{x,y};
}
// Smoothed edges, and the neighbours that a colour shares its samples with.
const MARGIN=6;
// In a page of its own: parts of several states, one below the other, each with what lies around it. Says where those are
// that could be shown, from the first on. All of them are of the same visit and view.
function parts(list,part){
  const {state}=list[0],frame=show(state),visit=visits.get(state.slide.visit);
  // A tldraw page that is zoomed sets letters by fractions of a pixel, which fall otherwise in another page.
  if(!visit||!frame||generation!=='classic'&&state.slide.view.width<visit.picture.width-1)return [];
  document.body.style.cssText='position:absolute;left:-20000px;top:0';
  const at=$('box'),box={x:at.offsetLeft,y:at.offsetTop,width:at.clientWidth,height:at.clientHeight};
  const places=[];
  for(const {state,changed} of list){
    const place=placeOf(visit,frame,state.slide.view,changed,part,box);
    if(!place)break;
    places.push(place);
  }
  // Behind them: to ask where something lies has all of it laid out that was changed before.
  places.forEach((place,i)=>{
    const tile=tileAt(i,part);
    show(list[i].state,tile);
    tile.box.style.left=box.x-place.x+part.around+'px';
    tile.box.style.top=box.y-place.y+part.around+'px';
  });
  return places;
}
const tiles=[];
function tileAt(number,{width,height,around}){
  if(!tiles[number]){
    const cut=document.createElement('div'),box=$('box').cloneNode(true),high=height+2*around;
    cut.style.cssText='position:absolute;overflow:hidden;left:0;top:'+number*high+'px;width:'+(width+2*around)+'px;height:'+high+'px';
    cut.append(box);
    document.documentElement.append(cut);
    const copies=new Map();
    let copied=null;
    tiles[number]={
      box,
      find:id=>id==='box'?box:box.querySelector('#'+id),
      shown:null,
      node:(visit,i)=>{
        if(copied!==visit)copies.clear(),copied=visit;
        if(!copies.has(i))copies.set(i,visit.nodes[i]?.cloneNode(true));
        return copies.get(i);
      },
    };
  }
  return tiles[number];
}
// Where a state is shown: the page, or a copy of its box.
const page={find:$,shown:null,node:(visit,i)=>visit.nodes[i]};
function show(state,on=page){
  let frame=null;
  const $=on.find,box=$('slide');
  if(box){
    const slide=state.slide,visit=slide?visits.get(slide.visit):null;
    const picture=$('picture'),drawings=$('drawings');
    if(!visit){$('clipped').style.display='none';if($('frame'))$('frame').style.display='none';on.shown=null}
    else{
      $('clipped').style.display='';
      if(on.shown!==visit){
        if(generation!=='classic'){$('page').src=visit.href?file(visit.href):'';}
        else picture.setAttribute('href',visit.href?file(visit.href):'');
        for(const name of['x','y','width','height'])picture.setAttribute(name,visit.picture[name]);
        on.shown=visit;
      }
      const v=slide.view,rect=$('cliprect');
      const w=Number(box.getAttribute('width')),h=Number(box.getAttribute('height'));
      const zoom=Math.min(w/v.width,h/v.height),whole=generation==='classic'?n=>n:Math.round;
      const left=whole((w-v.width*zoom)/2),top=whole((h-v.height*zoom)/2);
      frame={zoom,left,top};
      if(generation!=='classic'){
        const frame=$('frame'),two=generation==='tldraw2';
        const drift=two?driftAt(zoom):0,inset=two?1+drift:snappedAt(zoom);
        drawings.setAttribute('transform','translate('+drift+' '+drift+')');
        if(on.zoom!==zoom){
          on.zoom=zoom;
          if(two){
            drawings.style.setProperty('--outline',outlineAt(zoom));
            if(on===page)hatchAt(zoom);
            // What zooms with nothing is as large as in the player at 1280x720.
            drawings.style.setProperty('--unzoomed',scale/zoom);
          }else drawings.style.setProperty('--snapped',inset+'px');
        }
        frame.style.cssText='position:absolute;overflow:hidden;background:'+(two?ground:'#fafafa')+';left:'+left+'px;top:'+top+'px;width:'+v.width*zoom+'px;height:'+v.height*zoom+'px';
        $('layer').style.transform='scale('+zoom+') translate('+(-v.x)+'px,'+(-v.y)+'px)';
        $('page').style.cssText='position:absolute;left:0;top:0;width:'+visit.picture.width+'px;height:'+visit.picture.height+'px;transform:translate('+inset+'px,'+inset+'px)';
      }
      box.setAttribute('viewBox',[v.x-left/zoom,v.y-top/zoom,w/zoom,h/zoom].join(' '));
      for(const name of['x','y','width','height'])rect.setAttribute(name,v[name]);
      arrange(drawings,slide.drawings.map(i=>on.node(visit,i)).filter(Boolean));
    }
  }
  if(on===page){
    placeChat(state.hidden);
    showChat(state.due);
  }
  return frame;
}
// By how many units tldraw 2 stands beside where its numbers say: its layer of one pixel is zoomed about its middle, and moved against
// that (@bigbluebutton/editor 2.0.0-alpha.25, components/Canvas.tsx).
const driftAt=zoom=>(zoom<1?-2+(Math.max(0.1,zoom)-0.1)/0.9*2.125:0.125+(Math.min(8,zoom)-1)/7*0.375)+(1-zoom)/2/zoom;
// By how many units tldraw 1 has its slide beside its place: the picture stands on a whole unit within a shape that has 64 pixels
// or units around it, whichever is more (@tldraw/core 1.2x, hooks/useStyle.tsx).
const snappedAt=zoom=>{const around=64*Math.max(1,1/zoom);return Math.round(around)-around};
// Around words of tldraw 2: one unit of the page, two pixels at the most (@bigbluebutton/editor 2.0.0-alpha.24, editor.css).
const outlineAt=zoom=>[[0,-1],[0,1],[-1,-1],[1,-1],[1,1],[-1,1]].map(side=>side.map(n=>n*Math.min(1,2/zoom)+'px').join(' ')+' 0 '+ground).join();
// The player's hatching is a picture of 8 units by as many pixels as the next whole zoom has: lines taken out of a pale ground
// (@bigbluebutton/tldraw 2.0.0-alpha.25, shapes/shared/defaultStyleDefs). There is one of each zoom, for none may load late.
let hatchings=null,wholeZoom=1;
function hatchingsLoaded(){
  if(!hatchings){
    hatchings=Array.from({length:8},(_,i)=>{
      const image=document.createElementNS('http://www.w3.org/2000/svg','image');
      for(const name of['width','height'])image.setAttribute(name,8);
      image.setAttribute('href',hatching(8*(i+1)));
      $('hatch')?.append(image);
      return image;
    });
    hatchAt(wholeZoom);
  }
  return Promise.all(hatchings.map(image=>image.decode().catch(()=>{})));
}
function hatching(side){
  const canvas=document.createElement('canvas'),unit=side/12;
  canvas.width=canvas.height=side;
  const on=canvas.getContext('2d');
  on.fillStyle='#f8f9fa';
  on.fillRect(0,0,side,side);
  on.globalCompositeOperation='destination-out';
  on.lineCap='round';
  on.lineWidth=1.25*side/8;
  on.beginPath();
  for(const at of[1,5,9]){on.moveTo(at*unit,(at+2)*unit);on.lineTo((at+2)*unit,at*unit)}
  on.stroke();
  return canvas.toDataURL();
}
function hatchAt(zoom){
  wholeZoom=Math.min(8,Math.max(1,Math.ceil(zoom)));
  hatchings?.forEach((image,i)=>image.style.display=i+1===wholeZoom?'':'none');
}
// What stays is not touched: nothing of it is laid out again.
function arrange(group,nodes){
  const wanted=new Set(nodes);
  for(const node of [...group.childNodes])if(!wanted.has(node))node.remove();
  let next=group.firstChild;
  for(const node of nodes)if(node===next)next=next.nextSibling;else group.insertBefore(node,next);
}
const chatEntries=[...document.querySelectorAll('.entry')];
let chatShown='',chatHigh=false;
function placeChat(high){
  const list=$('chat');
  if(!list||chatHigh===Boolean(high))return;
  chatHigh=Boolean(high);
  chatShown='';
  const room=chatHigh?chatRooms.high:chatRooms.usual;
  list.style.top=room.y+'px';
  list.style.height=room.height+'px';
}
function showChat(due){
  const list=$('chat');
  if(!list||chatShown===String(due))return;
  chatShown=String(due);
  chatEntries.forEach((entry,i)=>entry.classList.toggle('future',i>=due));
  const last=chatEntries[due-1];
  list.scrollTop=last?Math.max(0,last.offsetTop+last.offsetHeight-list.clientHeight+Number(list.dataset.pad)):0;
}
`;
