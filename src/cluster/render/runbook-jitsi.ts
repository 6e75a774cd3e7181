import { authDomainOf, breweryOf, nicknameOf, type JitsiInventory } from '../jitsi/inventory.js';
import type { RenderedFile, Templates } from './layout.js';
import { addresses, nodeRunbook, openPorts, rolePage } from './runbook.js';

/** Runbooks of the JMS (with the rehearsal) and of each bridge, and the pages for adding and removing one. */
export const jitsiRunbooks = (jitsi: JitsiInventory, templates: Templates): RenderedFile[] => [
  jmsRunbook(jitsi, templates),
  ...Object.keys(jitsi.jvbs).map((name) => jvbRunbook(name, jitsi, templates)),
  rolePage(templates, 'add-jvb'),
  rolePage(templates, 'remove-jvb'),
];

const jmsRunbook = (jitsi: JitsiInventory, templates: Templates): RenderedFile =>
  nodeRunbook(templates, 'jms', 'jms', {
    domain: jitsi.domain,
    address: jitsi.jms.address,
    ports: openPorts([
      { from: [], to: `tcp dport { 80, ${jitsi.jms.https_port} }` },
      { from: addresses(jitsi.jvbs), to: `tcp dport ${jitsi.jms.xmpp_port}` },
    ]),
    jvbUser: jitsi.jvb_user,
    authDomain: authDomainOf(jitsi),
    brewery: breweryOf(jitsi),
    jicofoUrl: jitsi.jms.jicofo_url,
    bridges: Object.entries(jitsi.jvbs).map(([name, jvb]) => ({ bridge: nicknameOf(name, jvb) })),
  });

function jvbRunbook(name: string, jitsi: JitsiInventory, templates: Templates): RenderedFile {
  const jvb = jitsi.jvbs[name];
  return nodeRunbook(templates, 'jvb', name, {
    domain: jitsi.domain,
    address: jvb?.address ?? name,
    ports: openPorts([{ from: [], to: `udp dport ${jvb?.media_port ?? 10_000}` }]),
    jmsAddress: jitsi.jms.address,
    xmppPort: jitsi.jms.xmpp_port,
    passwordGiven: jitsi.jvb_password !== undefined,
    restUrl: jvb?.rest_url ?? 'http://127.0.0.1:8080',
  });
}
