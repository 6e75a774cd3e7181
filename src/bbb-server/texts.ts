import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What a BBB server or a playback page answers. */
export const texts = defineTexts({
  'playback-url-unknown': refusal(
    'This is no playback URL, published folder, archive or recordID: {url}',
    'Ni URL de lecture, ni dossier publié, ni archive, ni recordID : {url}',
    'Copy the link that BigBlueButton gives, e.g. https://HOST/playback/presentation/2.3/RECORDID',
    'Copiez le lien donné par BigBlueButton, p. ex. https://HÔTE/playback/presentation/2.3/RECORDID',
  ),
  'playback-format-other': say(
    'error',
    '{url} plays the format {format}; only presentation and video can be converted.',
    '{url} lit le format {format} ; seuls presentation et video se convertissent.',
    'Give the link of the presentation or video format of this recording.',
    'Donnez le lien du format presentation ou video de cet enregistrement.',
  ),
  'playback-token-spent': say(
    'error',
    'The server refused the link {url} with status {status}: its token is spent or has expired.',
    'Le serveur a refusé le lien {url} (statut {status}) : son jeton est utilisé ou périmé.',
    'Ask for a new link (each serves once, for some minutes), or give the recordID and configure [bbb].',
    'Demandez un nouveau lien (il ne sert qu’une fois, quelques minutes), ou donnez le recordID avec [bbb].',
  ),
  'live-bbb-unreachable': say(
    'error',
    'BigBlueButton does not answer {call}: {detail}',
    'BigBlueButton ne répond pas à {call} : {detail}',
    'Running lives go on; look at the server: bbb2pod doctor',
    'Les directs en cours continuent ; regardez le serveur : bbb2pod doctor',
  ),
  'live-bbb-refused': say(
    'error',
    'BigBlueButton refuses {call}: {key}',
    'BigBlueButton refuse {call} : {key}',
    'Check bbb.secret and bbb.checksum: bbb2pod doctor',
    'Vérifiez bbb.secret et bbb.checksum : bbb2pod doctor',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
