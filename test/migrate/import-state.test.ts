import { describe, expect, it } from 'vitest';
import { importStateOf } from '../../src/migrate/import-state.js';

describe('the state of an import in Pod', () => {
  it.each([
    [null, null, 'waiting'],
    ['', null, 'waiting'],
    [null, 3, 'imported'],
    ['Video file already uploaded to Pod', null, 'imported'],
    ['Fichier vidéo déjà téléversé sur Pod', null, 'imported'],
    ['Fichier vidéo déjà téléversé sur Pod'.normalize('NFD'), null, 'imported'],
    ['Convert web presentation to video in progress...', null, 'under-way'],
    ['Convert web presentation to video in progress…', null, 'under-way'],
    ['Conversion de la présentation web en vidéo en cours...', null, 'under-way'],
    ['Conversion de la présentation web en vidéo en cours…', null, 'under-way'],
    ['Impossible to upload to Pod the video, the link provided does not seem valid.', null, 'failed'],
    ['Impossible de télécharger sur Pod la vidéo, le lien fourni ne semble pas valide.', null, 'failed'],
    ['Convert web presentation to video in progress…', 3, 'imported'],
  ] as const)('%j, uploaded by %j: %s', (state, uploadedToPodById, expected) => {
    expect(importStateOf({ state, uploadedToPodById })).toBe(expected);
  });
});
