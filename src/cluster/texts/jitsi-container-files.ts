import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** J16 in the .env of docker-jitsi-meet (`cluster check --root`, `--file .env`). */
export const jitsiContainerFileTexts = defineTexts({
  'J16-container': say(
    'critical',
    '{place}: {key} is {value}, and {server} has {wanted}: the bridge does not log in there',
    '{place} : {key} vaut {value}, et {server} a {wanted} : le pont ne s’y connecte pas',
    'The same {key} in both .env; docker compose up -d jvb',
    'Le même {key} dans les deux .env ; docker compose up -d jvb',
  ),
  'J16-container-secret': say(
    'critical',
    '{place}: {key} is not the one of {server}: {difference}',
    '{place} : {key} n’est pas celui de {server} : {difference}',
    'Copy it from the .env of {server}; docker compose up -d jvb',
    'Copiez-le du .env de {server} ; docker compose up -d jvb',
  ),
  'J16-container-empty': say(
    'critical',
    '{place}: {key} is empty or the one of the documentation: its container refuses to start',
    '{place} : {key} est vide ou celui de la documentation : son conteneur refuse de démarrer',
    './gen-passwords.sh; docker compose up -d',
    './gen-passwords.sh ; docker compose up -d',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof jitsiContainerFileTexts>, true> {}
}
