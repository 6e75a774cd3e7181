import { randomBytes } from 'node:crypto';
import tls from 'node:tls';
import type { CertificateFacts } from '../../check/web-facts.js';
import type { XmppAccount } from '../../jitsi/gather.js';
import type { BreweryOccupant, XmppLoginFacts } from '../../jitsi/facts.js';
import type { Secret } from '../../../kit/config/secret.js';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';
import { connect, type Dialogue } from '../../../kit/adapters/network/dialogue.js';
import { describeCertificate } from '../network/web.js';
import { escapeXml, findElement, findElements, StanzaStream, type Stanza } from './stanza-stream.js';
import { words } from '../../words.js';

const JOIN_MS = 1200;

/**
 * Logs in as a bridge does (STARTTLS, then SASL PLAIN inside TLS) and lists the brewery's occupants.
 * Joins without the `stats` element, which jicofo takes for no bridge (docs/domain/cluster.md, "Jitsi"), and leaves.
 */
export async function loginAsBridge(account: XmppAccount, signal: AbortSignal): Promise<XmppLoginFacts> {
  const dialogue = await connect(account, signal);
  const facts = { mechanisms: [] as string[], certificate: null as CertificateFacts | null };
  const at = (
    stage: XmppLoginFacts['stage'],
    refusal: string | null,
    occupants: readonly BreweryOccupant[] = [],
  ): XmppLoginFacts => ({ stage, refusal, ...facts, occupants });
  try {
    const stream = new StanzaStream(dialogue);
    const features = await stream.open(account.domain);
    if (features.name === 'stream:error') return at('connected', condition(features));
    if (findElement(features, 'starttls') === null) return at('connected', 'no-starttls');
    facts.certificate = await startTls(stream, dialogue, account.domain);
    const secured = await stream.open(account.domain);
    if (secured.name === 'stream:error') return at('starttls', condition(secured));
    facts.mechanisms = findElements(secured, 'mechanism').map(({ text }) => text);
    if (account.password === null) return at('starttls', null);
    const refusal = await authenticate(stream, account.username, account.password, facts.mechanisms);
    if (refusal !== null) return at('starttls', refusal);
    await stream.open(account.domain);
    if (account.room === null) return at('authenticated', null);
    const joined = await joinBrewery(stream, account.room);
    return 'refusal' in joined ? at('authenticated', joined.refusal) : at('joined', null, joined.occupants);
  } finally {
    dialogue.close();
  }
}

async function startTls(stream: StanzaStream, dialogue: Dialogue, name: string): Promise<CertificateFacts> {
  stream.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const answer = await stream.next(() => true);
  if (answer.name !== 'proceed')
    throw new AdapterError('tls', `the server refuses STARTTLS (${answer.name})`);
  const socket = tls.connect({ socket: dialogue.socket, servername: name, rejectUnauthorized: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  dialogue.upgrade(socket);
  return describeCertificate(socket, name);
}

async function authenticate(
  stream: StanzaStream,
  username: string,
  password: Secret,
  mechanisms: readonly string[],
): Promise<string | null> {
  if (!mechanisms.includes('PLAIN')) return 'no-plain-mechanism';
  const token = Buffer.from(`\0${username}\0${password.reveal()}`).toString('base64');
  stream.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${token}</auth>`);
  const answer = await stream.next(({ name }) => name === 'success' || name === 'failure');
  return answer.name === 'success' ? null : condition(answer);
}

async function joinBrewery(
  stream: StanzaStream,
  room: string,
): Promise<{ occupants: BreweryOccupant[] } | { refusal: string }> {
  stream.send(
    "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" +
      `<resource>bbb2pod-check-${randomBytes(4).toString('hex')}</resource></bind></iq>`,
  );
  await stream.next(({ name, attributes }) => name === 'iq' && attributes['id'] === 'bind');
  const nickname = `bbb2pod-check-${randomBytes(4).toString('hex')}`;
  stream.send(
    `<presence to='${escapeXml(`${room}/${nickname}`)}'><x xmlns='http://jabber.org/protocol/muc'>` +
      "<history maxstanzas='0'/></x></presence>",
  );
  // A room on a component that does not exist is looked for on other servers, for a long time.
  const late = new Promise<null>((resolve) => {
    setTimeout(() => {
      resolve(null);
    }, JOIN_MS).unref();
  });
  const seen = new Map<string, { jids: Set<string>; hasStatistics: boolean; version: string | null }>();
  for (;;) {
    const presence = await Promise.race([stream.next(({ name }) => name === 'presence'), late]);
    if (presence === null) return { refusal: 'no answer: no such component' };
    if (presence.attributes['type'] === 'error')
      return { refusal: condition(findElement(presence, 'error') ?? presence) };
    if (findElements(presence, 'status').some(({ attributes }) => attributes['code'] === '110')) break;
    remember(seen, presence);
  }
  stream.send(`<presence type='unavailable' to='${escapeXml(`${room}/${nickname}`)}'/></stream:stream>`);
  return {
    occupants: [...seen].map(([name, { jids, ...rest }]) => ({
      nickname: name,
      jids: [...jids].sort(),
      ...rest,
    })),
  };
}

function remember(
  seen: Map<string, { jids: Set<string>; hasStatistics: boolean; version: string | null }>,
  presence: Stanza,
): void {
  const nickname = (presence.attributes['from'] ?? '').split('/').slice(1).join('/');
  if (presence.attributes['type'] === 'unavailable' || nickname.startsWith('bbb2pod-check-')) return;
  const occupant = seen.get(nickname) ?? { jids: new Set<string>(), hasStatistics: false, version: null };
  seen.set(nickname, occupant);
  for (const { attributes } of findElements(presence, 'item')) {
    if (attributes['jid'] !== undefined) occupant.jids.add(attributes['jid']);
  }
  const statistics = findElement(presence, 'stats');
  occupant.hasStatistics ||= statistics !== null;
  const version = findElements(presence, 'stat').find(({ attributes }) => attributes['name'] === 'version');
  occupant.version ??= version?.attributes['value'] ?? null;
}

/** The condition element of an error, failure or stream error: `not-authorized`, `host-unknown`. */
const condition = (stanza: Stanza): string =>
  stanza.children.find(({ name }) => name !== 'text')?.name ?? words.refusedWithoutReason();
