import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** R01 to R09, R19, R35: esup-runner's manager. */
export const runnerManagerTexts = defineTexts({
  R01: property(
    'The manager answers',
    'Le gestionnaire répond',
    'GET /manager/health (/api/health after 1.7.1) without a token: a manager that lives says 401 in JSON. Everything else follows from it, so it is told first.',
    'GET /manager/health (/api/health après 1.7.1) sans jeton : un gestionnaire vivant répond 401 en JSON. Tout le reste en dépend, il est donc dit en premier.',
  ),
  'R01-silent': say(
    'critical',
    'The manager {manager} does not answer: {detail}',
    'Le gestionnaire {manager} ne répond pas : {detail}',
    'On {host}: systemctl --user -M {user}@.host restart esup-runner-manager; journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service -n 50',
    'Sur {host} : systemctl --user -M {user}@.host restart esup-runner-manager ; journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service -n 50',
  ),
  R02: property(
    'It is esup-runner that answers there',
    "C'est bien esup-runner qui répond là",
    'HTML, 404 or a redirect at /manager/health and /api/health come from a proxy, a wrong path or another program.',
    "Du HTML, un 404 ou une redirection à /manager/health et /api/health viennent d'un mandataire, d'un mauvais chemin ou d'un autre programme.",
  ),
  'R02-other': say(
    'critical',
    '{manager} is not an esup-runner manager: its health page answers {what}',
    "{manager} n'est pas un gestionnaire esup-runner : sa page d'état répond {what}",
    'curl -si {manager}/api/version; correct [esup_runner.manager] url here and, in Pod, Admin > Runner managers > url',
    'curl -si {manager}/api/version ; corrigez [esup_runner.manager] url ici et, dans Pod, Admin > Gestionnaires de runners > url',
  ),
  R03: property(
    'The token travels in TLS',
    'Le jeton voyage en TLS',
    'Chain, name and days left of the manager’s certificate. http:// beyond the loopback shows the token, which may do everything, to the network.',
    'Chaîne, nom et jours restants du certificat du gestionnaire. http:// au-delà de la boucle locale montre au réseau le jeton, qui peut tout.',
  ),
  'R03-invalid': say(
    'critical',
    'The certificate of {manager} is refused: {reason}',
    'Le certificat de {manager} est refusé : {reason}',
    'certbot renew; openssl s_client -connect {endpoint} -servername {name} </dev/null',
    'certbot renew ; openssl s_client -connect {endpoint} -servername {name} </dev/null',
  ),
  'R03-soon': say(
    'warning',
    'The certificate of {manager} ends in {days} days',
    'Le certificat de {manager} expire dans {days} jours',
    'certbot renew',
  ),
  'R03-plain': say(
    'warning',
    'The token of {manager} crosses the network in clear',
    'Le jeton de {manager} traverse le réseau en clair',
    'Put nginx with a certificate before it (bbb2pod cluster render writes the location), then https:// in Admin > Runner managers',
    'Mettez devant lui nginx avec un certificat (bbb2pod cluster render écrit la location), puis https:// dans Admin > Gestionnaires de runners',
  ),
  R04: property(
    'The token is accepted',
    'Le jeton est accepté',
    'GET /manager/health or /api/health with the token of the inventory, else with the one that Pod’s table holds. When both are known and differ, Pod’s is tried too.',
    "GET /manager/health ou /api/health avec le jeton de l'inventaire, sinon avec celui de la table de Pod. Si les deux sont connus et diffèrent, celui de Pod est essayé aussi.",
  ),
  'R04-refused': say(
    'critical',
    'The manager refuses the token ({status})',
    'Le gestionnaire refuse le jeton ({status})',
    'AUTHORIZED_TOKENS__pod in {root}/manager/.env must equal the token in Admin > Runner managers (50 characters at most: openssl rand -hex 24), then: systemctl --user -M {user}@.host restart esup-runner-manager',
    'AUTHORIZED_TOKENS__pod dans {root}/manager/.env doit être le jeton de Admin > Gestionnaires de runners (50 caractères au plus : openssl rand -hex 24), puis : systemctl --user -M {user}@.host restart esup-runner-manager',
  ),
  'R04-pod': say(
    'critical',
    'The manager refuses Pod’s own token ({status}); that of the inventory is accepted',
    "Le gestionnaire refuse le jeton de Pod ({status}) ; celui de l'inventaire est accepté",
    'Admin > Runner managers > {name}: give it the value of AUTHORIZED_TOKENS__pod in {root}/manager/.env, then "Test connection"',
    'Admin > Gestionnaires de runners > {name} : donnez-lui la valeur de AUTHORIZED_TOKENS__pod de {root}/manager/.env, puis « Tester la connexion »',
  ),
  'R04-no-token': say(
    'info',
    'No token is known: health, registered runners and tasks were not tested',
    "Aucun jeton n'est connu : santé, runners enregistrés et tâches n'ont pas été testés",
    'token_file under [esup_runner.manager], or [pod] database in bbb2pod.toml (Pod’s own token is then used)',
    'token_file sous [esup_runner.manager], ou [pod] database dans bbb2pod.toml (le jeton de Pod sert alors)',
  ),
  R05: property(
    'The manager is healthy',
    'Le gestionnaire est en bonne santé',
    'The status of /manager/health, or of /api/health on newer managers.',
    'L’état de /manager/health, ou de /api/health sur les versions récentes.',
  ),
  'R05-unhealthy': say(
    'critical',
    'The manager says of itself: {status}',
    'Le gestionnaire dit de lui-même : {status}',
    'On {host}: journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service -n 50; cd {root}/manager && uv run scripts/check_config.py',
    'Sur {host} : journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service -n 50 ; cd {root}/manager && uv run scripts/check_config.py',
  ),
  R06: property(
    'Runners are registered',
    'Des runners sont enregistrés',
    '/api/runners. Without any, the manager answers 503 and everything waits in Pod.',
    '/api/runners. Sans aucun, le gestionnaire répond 503 et tout attend dans Pod.',
  ),
  'R06-none': say(
    'critical',
    'No runner is registered with the manager',
    "Aucun runner n'est enregistré auprès du gestionnaire",
    'On each runner: MANAGER_URL and RUNNER_TOKEN in {root}/runner/.env; systemctl --user -M {user}@.host restart esup-runner-runner; journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 50',
    'Sur chaque runner : MANAGER_URL et RUNNER_TOKEN dans {root}/runner/.env ; systemctl --user -M {user}@.host restart esup-runner-runner ; journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 50',
  ),
  R07: property(
    'As many runners as expected',
    'Autant de runners que prévu',
    'Registered instances against those of the inventory (maintenance aside).',
    "Instances enregistrées face à celles de l'inventaire (hors maintenance).",
  ),
  'R07-fewer': say(
    'warning',
    '{count} of {expected} runner instances registered; missing: {missing}',
    '{count} instances de runner enregistrées sur {expected} ; manquent : {missing}',
    'RUNNER_MONITORING=True in {root}/runner/.env restarts dead instances; now: systemctl --user -M {user}@.host restart esup-runner-runner',
    'RUNNER_MONITORING=True dans {root}/runner/.env relance les instances mortes ; maintenant : systemctl --user -M {user}@.host restart esup-runner-runner',
  ),
  R08: property(
    'Heartbeats arrive',
    'Les battements arrivent',
    'A runner says every 15 s that it lives; the manager forgets it after 60 s. Clocks that differ by more than half a minute are told as well.',
    "Un runner dit toutes les 15 s qu'il vit ; le gestionnaire l'oublie après 60 s. Un écart d'horloge de plus d'une demi-minute est dit aussi.",
  ),
  'R08-late': say(
    'warning',
    'The last heartbeat of {subject} is {age} s old',
    'Le dernier battement de {subject} date de {age} s',
    'On the runner: curl -sI {manager}/api/version; timedatectl; journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 50',
    'Sur le runner : curl -sI {manager}/api/version ; timedatectl ; journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 50',
  ),
  'R08-clock': say(
    'warning',
    'The clock of the manager differs from this machine’s by {seconds} s',
    "L'horloge du gestionnaire diffère de {seconds} s de celle de cette machine",
    'timedatectl; apt install chrony, on both',
    'timedatectl ; apt install chrony, sur les deux',
  ),
  R09: property(
    'Manager and runners have one version',
    'Gestionnaire et runners ont une même version',
    'info.version of /openapi.json of all. MAJOR.MINOR must be equal: the manager answers 409 to any other runner. Where the documentation is private the version is not told.',
    "info.version de /openapi.json de tous. MAJEUR.MINEUR doit être égal : le gestionnaire répond 409 à tout autre runner. Là où la documentation est privée, la version n'est pas dite.",
  ),
  'R09-differ': say(
    'critical',
    '{subject} has version {version}, the manager {expected}: it is refused (409)',
    '{subject} a la version {version}, le gestionnaire {expected} : il est refusé (409)',
    'On both, cd {root} && git pull, then in manager/ and runner/: make sync init create-service; restart both units',
    'Sur les deux, cd {root} && git pull, puis dans manager/ et runner/ : make sync init create-service ; relancez les deux unités',
  ),
  R19: property(
    'The API’s documentation is private',
    "La documentation de l'API est privée",
    'GET /docs without a token.',
    'GET /docs sans jeton.',
  ),
  'R19-public': say(
    'info',
    '{manager}/docs shows the API to everybody',
    "{manager}/docs montre l'API à tout le monde",
    'API_DOCS_VISIBILITY=private in {root}/manager/.env, then restart the manager',
    'API_DOCS_VISIBILITY=private dans {root}/manager/.env, puis relancez le gestionnaire',
  ),
  R35: property(
    'Results reach Pod',
    'Les résultats arrivent à Pod',
    'Tasks of status warning in the last day: encoded, but Pod did not take the news; the manager tries five times in 13 minutes. Older ones are not counted.',
    "Tâches à l'état warning du dernier jour : encodées, mais Pod n'a pas pris la nouvelle ; le gestionnaire essaie cinq fois en 13 minutes. Les plus anciennes ne comptent pas.",
  ),
  'R35-warnings': say(
    'critical',
    '{count} {count:task|tasks} finished and not taken by Pod: {detail}',
    '{count} {count:tâche finie|tâches finies} et non {count:prise|prises} par Pod : {detail}',
    'bbb2pod cluster check --only R27,R28,R29; then uwsgi’s harakiri and nginx’ proxy_read_timeout on Pod: the import happens inside that request (3600 s)',
    "bbb2pod cluster check --only R27,R28,R29 ; puis harakiri d'uwsgi et proxy_read_timeout de nginx sur Pod : l'import se fait dans cette requête (3600 s)",
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerManagerTexts>, true> {}
}
