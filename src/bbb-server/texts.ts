import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What a BBB server or a playback page answers. */
export const texts = defineTexts({
  'playback-url-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'This is no playback URL, published folder, archive or recordID: {url}',
      remedy: 'Copy the link that BigBlueButton gives, e.g. https://HOST/playback/presentation/2.3/RECORDID',
    },
    fr: {
      text: 'Ni URL de lecture, ni dossier publié, ni archive, ni recordID : {url}',
      remedy:
        'Copiez le lien donné par BigBlueButton, p. ex. https://HÔTE/playback/presentation/2.3/RECORDID',
    },
  },
  'playback-format-other': {
    severity: 'error',
    en: {
      text: '{url} plays the format {format}; only presentation and video can be converted.',
      remedy: 'Give the link of the presentation or video format of this recording.',
    },
    fr: {
      text: '{url} lit le format {format} ; seuls presentation et video se convertissent.',
      remedy: 'Donnez le lien du format presentation ou video de cet enregistrement.',
    },
  },
  'playback-token-spent': {
    severity: 'error',
    en: {
      text: 'The server refused the link {url} with status {status}: its token is spent or has expired.',
      remedy:
        'Ask for a new link (each serves once, for some minutes), or give the recordID and configure [bbb].',
    },
    fr: {
      text: 'Le serveur a refusé le lien {url} (statut {status}) : son jeton est utilisé ou périmé.',
      remedy:
        'Demandez un nouveau lien (il ne sert qu’une fois, quelques minutes), ou donnez le recordID avec [bbb].',
    },
  },
  'live-bbb-unreachable': {
    severity: 'error',
    en: {
      text: 'BigBlueButton does not answer {call}: {detail}',
      remedy: 'Running lives go on; look at the server: bbb2pod doctor',
    },
    fr: {
      text: 'BigBlueButton ne répond pas à {call} : {detail}',
      remedy: 'Les directs en cours continuent ; regardez le serveur : bbb2pod doctor',
    },
  },
  'live-bbb-refused': {
    severity: 'error',
    en: {
      text: 'BigBlueButton refuses {call}: {key}',
      remedy: 'Check bbb.secret and bbb.checksum: bbb2pod doctor',
    },
    fr: {
      text: 'BigBlueButton refuse {call} : {key}',
      remedy: 'Vérifiez bbb.secret et bbb.checksum : bbb2pod doctor',
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
