import { defineWords } from '../../kit/output/define-words.js';

/** What the commands of `live` say around the coded texts. */
export const words = defineWords({
  // run.ts
  incidentSubject: ['bbb2pod live: {text}', 'bbb2pod live : {text}'],
  newIncidents: ['{count} new incidents', '{count} nouveaux incidents'],
  incidentsOf: ['server {server} ({host})', 'serveur {server} ({host})'],
  // by-hand.ts
  recordedIn: ['recorded in {recording}', 'enregistré dans {recording}'],
  // pause.ts
  showsMeeting: ['{id} shows its meeting.', '{id} montre sa session.'],
  showsPausePicture: [
    '{id} shows the pause picture. The meeting again: {resume}',
    '{id} montre l’image de pause. Pour revoir la session : {resume}',
  ],
  // gateway.ts
  listening: ['Listening on {address}.', 'À l’écoute sur {address}.'],
  // render/pass.ts
  anotherPass: [
    'Another pass is at work (process {process}); nothing done.',
    'Une autre passe est en cours (processus {process}) ; rien n’est fait.',
  ],
  nothingToDo: ['Nothing to do.', 'Rien à faire.'],
  startSlot: [
    'start    {id} in slot {slot}: {meetingName}',
    'démarre  {id} à la place {slot} : {meetingName}',
  ],
  close: ['close    {id}: {meetingName}', 'ferme    {id} : {meetingName}'],
  // render/status.ts
  nothingOnAir: ['Nothing is on air here.', "Rien n'est à l'antenne ici."],
  live: ['live', 'direct'],
  slot: ['slot', 'place'],
  state: ['state', 'état'],
  meeting: ['meeting', 'réunion'],
  since: ['since', 'depuis'],
  fps: ['fps', 'i/s'],
  speed: ['speed', 'vitesse'],
  drops: ['drops', 'pertes'],
  audio: ['audio', 'son'],
  people: ['people', 'présents'],
  viewers: ['viewers', 'spectateurs'],
  wait: ['wait     {id} ({reason}): {meetingName}', 'attend   {id} ({reason}) : {meetingName}'],
  stop: ['stop    ', 'arrête  '],
  finish: ['finish  ', 'termine '],
  restart: ['restart ', 'relance '],
  announce: ['announce', 'annonce '],
  targetState: ['{id} -> {shown}: {state}', '{id} -> {shown} : {state}'],
});
