import { localized } from '../../kit/output/localized.js';
import { nodeName, tomlString, type FoundSystem, type SourceFile } from './found-system.js';

/** The /etc tree of one machine: `node` is its folder's name, or null for a tree given alone. */
export interface JitsiTree {
  readonly node: string | null;
  readonly files: readonly SourceFile[];
}

interface Account {
  host?: string;
  domain?: string;
  user?: string;
  rooms?: string;
  nickname?: string;
}

/** Reads /etc/jitsi of the JMS and of bridges, both generations: properties of 2020 and jvb.conf of today. */
export function readJitsiTrees(trees: readonly JitsiTree[]): FoundSystem {
  const machines = trees.map((tree) => ({
    node: tree.node,
    account: readAccount(tree),
    jicofo: textOf(tree, /jicofo\/jicofo\.conf$/),
  }));
  const server = machines.find(({ jicofo }) => jicofo !== null);
  const bridges = machines.filter((machine) => machine !== server && machine.account !== null);
  const brewery =
    /brewery-jid\s*=\s*"?([^"\s}]+)/.exec(server?.jicofo ?? '')?.[1] ?? bridges[0]?.account?.rooms ?? null;
  const domain =
    /xmpp-domain\s*=\s*"?([^"\s},]+)/.exec(server?.jicofo ?? '')?.[1] ??
    brewery?.replace(/^.*@internal\.auth\./i, '') ??
    'jitsi.example';
  const user = bridges.find(({ account }) => account?.user !== undefined)?.account?.user;
  const ordinary = `jvbbrewery@internal.auth.${domain}`;
  const lines = [
    '[jitsi]',
    `domain = ${tomlString(domain)}`,
    ...(brewery === null || brewery.toLowerCase() === ordinary.toLowerCase()
      ? []
      : [`brewery = ${tomlString(brewery)}`]),
    ...(user === undefined || user === 'jvb' ? [] : [`jvb_user = ${tomlString(user)}`]),
    '#jvb_password_file = "/etc/bbb2pod/jvb.secret"',
    '#jicofo_password_file = "/etc/bbb2pod/jicofo.secret"',
    '',
    '[jitsi.jms]',
    `address = ${tomlString(reachable(bridges.map(({ account }) => account?.host)) ?? domain)}`,
  ];
  const names = new Set<string>();
  for (const { node, account } of bridges) {
    const name = unique(nodeName(node ?? account?.nickname ?? 'jvb1'), names);
    lines.push(
      '',
      `[jitsi.jvbs.${name}]`,
      `address = ${tomlString(name)}   # ${localized('its full name or address', 'son nom complet ou son adresse')}`,
    );
    if (account?.nickname !== undefined && account.nickname !== name)
      lines.push(`nickname = ${tomlString(account.nickname)}`);
  }
  return {
    system: 'jitsi',
    text: `${lines.join('\n')}\n`,
    remarks: remarksOn(server !== undefined, bridges.length),
  };
}

function unique(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}-${i}`;
  taken.add(name);
  return name;
}

/** An address that other machines can use. */
const reachable = (hosts: readonly (string | undefined)[]): string | null =>
  hosts.find((host) => host !== undefined && host !== 'localhost' && !host.startsWith('127.')) ?? null;

const textOf = ({ files }: JitsiTree, name: RegExp): string | null =>
  files.find(({ path }) => name.test(path))?.text ?? null;

const KEYS = {
  HOSTNAME: 'host',
  DOMAIN: 'domain',
  USERNAME: 'user',
  MUC_JIDS: 'rooms',
  MUC_NICKNAME: 'nickname',
} as const;

/** The bridge's account; properties are read last, for they win where both exist. */
function readAccount(tree: JitsiTree): Account | null {
  const texts = [
    textOf(tree, /videobridge\/jvb\.conf$/),
    textOf(tree, /videobridge\/sip-communicator\.properties$/),
  ];
  if (texts.every((text) => text === null)) return null;
  const account: Account = {};
  for (const text of texts) {
    for (const [, key = '', value = ''] of (text ?? '').matchAll(
      /^[^#\n]*?(?:^|[.\s{])(HOSTNAME|DOMAIN|USERNAME|MUC_JIDS|MUC_NICKNAME)\s*[=:]\s*"?([^"\s}]+)/gim,
    ))
      account[KEYS[key.toUpperCase() as keyof typeof KEYS]] = value;
  }
  return account;
}

const remarksOn = (hasServer: boolean, bridges: number): string[] => [
  ...(hasServer
    ? []
    : [
        localized(
          'no jicofo.conf among the files: give the tree of the JMS, too',
          "pas de jicofo.conf parmi les fichiers : donnez aussi l'arbre du JMS",
        ),
      ]),
  ...(bridges === 0
    ? [
        localized(
          'no bridge among the files: give the tree of each (a folder per machine)',
          "pas de pont parmi les fichiers : donnez l'arbre de chacun (un dossier par machine)",
        ),
      ]
    : []),
  localized(
    'passwords were not copied: put them in files of mode 0600 and name them in jvb_password_file and jicofo_password_file',
    "les mots de passe n'ont pas été copiés : mettez-les dans des fichiers de mode 0600 nommés par jvb_password_file et jicofo_password_file",
  ),
];
