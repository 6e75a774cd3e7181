import { localized } from '../../kit/output/localized.js';
import { Expression, type Constants, type Literal } from '../../kit/config/init/literal.js';
import { tomlString, type FoundSystem } from './found-system.js';

/** Brokers by the settings that name them, with the queues that live there. */
const BROKERS = [
  { setting: 'ENCODING_TRANSCODING_CELERY_BROKER_URL', name: 'main', queues: ['encoding', 'transcripting'] },
  { setting: 'XAPI_CELERY_BROKER_URL', name: 'xapi', queues: ['xapi'] },
] as const;

/** Turns the constants of Pod's settings_local.py (read as literals, never run) into the encoding system. */
export function readPodSettings(path: string, constants: Constants): FoundSystem {
  const remarks: string[] = [];
  const text = (key: string): string | null => {
    const value: Literal | undefined = constants.get(key);
    if (value instanceof Expression)
      remarks.push(
        localized(
          `${key} is computed in ${path}: write its value by hand`,
          `${key} est calculé dans ${path} : écrivez sa valeur à la main`,
        ),
      );
    return typeof value === 'string' ? value : null;
  };
  const lines = [localized(`# From ${path}.`, `# De ${path}.`), '[encoding]'];
  const add = (key: string, value: string | null): void => {
    if (value !== null) lines.push(`${key} = ${tomlString(value)}`);
  };
  add('pod_url', text('POD_API_URL'));
  if (text('POD_API_TOKEN') !== null) {
    lines.push('#pod_token_file = "/etc/bbb2pod/pod.token"');
    remarks.push(
      localized(
        `POD_API_TOKEN was left in ${path}: put it in a file of mode 0600 and name it in pod_token_file`,
        `POD_API_TOKEN est resté dans ${path} : mettez-le dans un fichier de mode 0600 nommé par pod_token_file`,
      ),
    );
  }
  add('media_root', text('MEDIA_ROOT'));
  lines.push(`settings_file = ${tomlString(path)}`);
  if (constants.get('USE_XAPI') === true) {
    add('lrs_url', text('XAPI_LRS_URL'));
    add('lrs_login', text('XAPI_LRS_LOGIN'));
    if (text('XAPI_LRS_PWD') !== null) lines.push('#lrs_password_file = "/etc/bbb2pod/lrs.password"');
  }
  for (const { setting, name, queues } of BROKERS) {
    const url = text(setting);
    if (url === null) continue;
    const hasPassword = /:\/\/[^/]*@/.test(url);
    lines.push('', `[encoding.brokers.${name}]`);
    lines.push(hasPassword ? `url_file = "/etc/bbb2pod/broker-${name}.url"` : `url = ${tomlString(url)}`);
    lines.push(`queues = [${queues.map(tomlString).join(', ')}]`);
    if (hasPassword)
      remarks.push(
        localized(
          `${setting} holds a password: put the URL in /etc/bbb2pod/broker-${name}.url (mode 0600)`,
          `${setting} contient un mot de passe : mettez l'URL dans /etc/bbb2pod/broker-${name}.url (mode 0600)`,
        ),
      );
  }
  if (text('ENCODING_TRANSCODING_CELERY_BROKER_URL') === null)
    remarks.push(
      localized(
        `${path} names no broker for encoding: Pod encodes on its own machine, or by another file`,
        `${path} ne nomme aucun courtier pour l'encodage : Pod encode sur sa machine, ou par un autre fichier`,
      ),
    );
  lines.push(
    '',
    localized(
      '# settings_local.py knows nothing of the workers:',
      '# settings_local.py ne sait rien des workers :',
    ),
    '#[encoding.workers.encoder1]',
    '#address = "…"',
    '#queue = "encoding"',
  );
  return { system: 'encoding', text: `${lines.join('\n')}\n`, remarks: [...new Set(remarks)] };
}
