import { lineOfVariable, readEnvironment } from '../esup-runner/read-environment.js';
import { isExample, lintFinding, type LintFile, type LintResult, type LintTree } from './lint-file.js';
import { describeDifference, type HashSecret } from './lint-jitsi-secret.js';
import { OUR } from './placed.js';

/** Whether a text is a .env of docker-jitsi-meet (stable-6826 and later, env.example). */
export const isJitsiEnvironment = (text: string): boolean =>
  /^[ \t]*(?:export\s+)?(?:JVB_AUTH_PASSWORD|JICOFO_AUTH_PASSWORD)\s*=/m.test(text);

interface Environment {
  readonly node: string;
  readonly file: LintFile;
  readonly values: Readonly<Record<string, string>>;
}

/* Defaults of docker-jitsi-meet's docker-compose.yml and jvb/rootfs/defaults/jvb.conf. */
const DEFAULTS: Readonly<Record<string, string>> = {
  XMPP_AUTH_DOMAIN: 'auth.meet.jitsi',
  XMPP_INTERNAL_MUC_DOMAIN: 'internal-muc.meet.jitsi',
  JVB_AUTH_USER: 'jvb',
  JVB_BREWERY_MUC: 'jvbbrewery',
};
const CONTAINER = 'xmpp.meet.jitsi';
const isComputed = (value: string): boolean => /\$[{(A-Z]|\{\{/.test(value);

/** Judges the .env of docker-jitsi-meet: alone, and those of bridges on other machines against the server's. */
export function lintJitsiDocker(trees: readonly LintTree[], hash: HashSecret): LintResult[] {
  const all = trees.flatMap(({ node, files }) =>
    files
      .filter(({ text }) => isJitsiEnvironment(text))
      .map((file): Environment => ({ node, file, values: readEnvironment(file.text) })),
  );
  const isBridge = ({ values }: Environment): boolean => {
    const server = values['XMPP_SERVER'] ?? CONTAINER;
    return server !== CONTAINER && server !== '';
  };
  const servers = all.filter((one) => !isBridge(one) && one.values['JICOFO_AUTH_PASSWORD'] !== undefined);
  const [server] = servers;
  return all.flatMap((one) => [
    ...lintSecrets(one),
    ...(server !== undefined && servers.length === 1 && one !== server && one.node !== server.node
      ? lintBridge(one, server, hash)
      : []),
  ]);
}

const at = ({ node, file }: Environment, key: string) => ({
  ...{ ...OUR, node, file },
  line: lineOfVariable(file.text, key),
});

/** Containers of docker-jitsi-meet stop at an empty password and at `passw0rd` (10-config of prosody, jicofo, jvb). */
function lintSecrets(own: Environment): LintResult[] {
  if (isExample(own.file)) return [];
  return ['JICOFO_AUTH_PASSWORD', 'JVB_AUTH_PASSWORD'].flatMap((key) => {
    const value = own.values[key];
    if (value === undefined || !/^(passw0rd|change[-_ ]?me|)$/i.test(value)) return [];
    return [lintFinding('J16-container-empty', { ...at(own, key), parameters: { key } })];
  });
}

function lintBridge(own: Environment, server: Environment, hash: HashSecret): LintResult[] {
  const results: LintResult[] = [];
  for (const [key, standard] of Object.entries(DEFAULTS)) {
    const value = own.values[key] || standard;
    const wanted = server.values[key] || standard;
    if (isComputed(value) || isComputed(wanted) || value.toLowerCase() === wanted.toLowerCase()) continue;
    results.push(
      lintFinding('J16-container', {
        ...at(own, key),
        parameters: { key, value, wanted, server: server.node },
      }),
    );
  }
  const asked = own.values['XMPP_SERVER'] ?? CONTAINER;
  if (/^(localhost|127\.[\d.]+|)$/.test(asked) || asked === CONTAINER)
    results.push(
      lintFinding('J16-container', {
        ...at(own, 'XMPP_SERVER'),
        parameters: {
          key: 'XMPP_SERVER',
          value: asked === '' ? CONTAINER : asked,
          wanted: server.values['PUBLIC_URL'] ?? server.node,
          server: server.node,
        },
      }),
    );
  const key = 'JVB_AUTH_PASSWORD';
  const password = own.values[key] ?? '';
  const secret = server.values[key] ?? '';
  if (
    password !== '' &&
    secret !== '' &&
    ![password, secret].some(isComputed) &&
    hash(password) !== hash(secret)
  )
    results.push(
      lintFinding('J16-container-secret', {
        ...at(own, key),
        parameters: { key, server: server.node, difference: describeDifference(password, secret) },
      }),
    );
  return results;
}
