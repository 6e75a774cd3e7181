import './phrases.js';
import { defineWords } from '../../kit/output/define-words.js';

/** What `demo` and `init` say. */
export const words = defineWords({
  rehearsal: [
    'Rehearsal in {directory}:\na sample BBB server, a Pod in SQLite, a Moodle in PostgreSQL.',
    "Répétition dans {directory} :\nun serveur BBB d'exemple, un Pod en SQLite, un Moodle en PostgreSQL.",
  ],
  stepPlan: ['What would be done. Nothing is written:', "Ce qui serait fait. Rien n'est écrit :"],
  stepReal: ['For real:', 'Pour de bon :'],
  stepAgain: ['A second run finds nothing to do:', 'Une deuxième exécution ne trouve rien à faire :'],
  stepUndo: ['Take it back, exactly:', 'Annuler, exactement :'],
  stepOnceMore: ['And give it again:', 'Et donner à nouveau :'],
  stepVideo: ['A presentation becomes a video:', 'Une présentation devient une vidéo :'],
  lookAt: ['All of it took {time}. Look at:', 'Le tout a pris {time}. À regarder :'],
  theVideo: ['  the video          {place}', '  la vidéo               {place}'],
  theReports: ['  the reports        {place}', '  les rapports           {place}'],
  theDatabase: ["  Pod's database     {place}", '  la base de Pod         {place}'],
  next: [
    'Next, on your Pod server: bbb2pod init, then bbb2pod doctor\n(README.md, "First migration").',
    'Ensuite, sur votre serveur Pod : bbb2pod init, puis bbb2pod doctor\n(docs/fr/guide.md).',
  ],
  // init
  wrote: ['Wrote {file} (mode {mode}).', 'Écrit : {file} (mode {mode}).'],
  filled: ['Filled in: {keys}.', 'Remplis : {keys}.'],
  hint: ['{hint}', '{hint}'],
  toDo: ['To do: {note}.', 'À faire : {note}.'],
  editNext: ['Next: edit it, then type: {command}', 'Ensuite : adaptez-le, puis tapez : {command}'],
});
