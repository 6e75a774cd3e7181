import { authDomainOf, breweryOf, nicknameOf, type JitsiInventory } from '../jitsi/inventory.js';
import { fillTemplate, quoted } from './fill-template.js';
import { templateOf, type RenderedFile, type Templates } from './layout.js';

/** Stands where a secret is not in the inventory; the runbook names each one. */
export const MISSING_SECRET = 'CHANGE-ME';

/** Our part of jicofo's configuration: included by the package's own file, which keeps its other blocks. */
export const renderJms = (jitsi: JitsiInventory, templates: Templates): RenderedFile[] => [
  {
    node: 'jms',
    path: 'etc/jitsi/jicofo/bbb2pod.conf',
    text: fillTemplate(templateOf(templates, 'jicofo.conf'), {
      domain: jitsi.domain,
      domainQuoted: quoted(jitsi.domain),
      authDomain: quoted(authDomainOf(jitsi)),
      clientProxy: quoted(`focus.${jitsi.domain}`),
      brewery: quoted(breweryOf(jitsi)),
      // Without it the package's own line stays in force.
      password:
        jitsi.jicofo_password === undefined ? '' : `password = ${quoted(jitsi.jicofo_password.reveal())}`,
    }),
    mode: 0o600,
  },
];

/** jvb.conf of one bridge, its UDP buffers and its file limit. */
export function renderJvb(name: string, jitsi: JitsiInventory, templates: Templates): RenderedFile[] {
  const jvb = jitsi.jvbs[name];
  if (jvb === undefined) return [];
  const rest = new URL(jvb.rest_url);
  return [
    {
      node: name,
      path: 'etc/jitsi/videobridge/jvb.conf',
      text: fillTemplate(templateOf(templates, 'jvb.conf'), {
        node: name,
        domain: jitsi.domain,
        jmsAddress: quoted(jitsi.jms.address),
        authDomain: quoted(authDomainOf(jitsi)),
        jvbUser: quoted(jitsi.jvb_user),
        jvbPassword: quoted(jitsi.jvb_password?.reveal() ?? MISSING_SECRET),
        brewery: quoted(breweryOf(jitsi)),
        nickname: quoted(nicknameOf(name, jvb)),
        mediaPort: jvb.media_port,
        restHost: quoted(rest.hostname),
        restPort: rest.port === '' ? 8080 : Number(rest.port),
        mapping: mapping(jitsi, jvb),
      }),
      mode: 0o600,
    },
    {
      node: name,
      path: 'etc/sysctl.d/20-jvb-udp-buffers.conf',
      text: templateOf(templates, 'jvb-sysctl.conf'),
      mode: 0o644,
    },
    {
      node: name,
      path: 'etc/systemd/system/jitsi-videobridge2.service.d/limits.conf',
      text: '# bbb2pod cluster render\n[Service]\nLimitNOFILE=65000\n',
      mode: 0o644,
    },
  ];
}

/** Behind NAT a bridge must say which address clients see: given, or learnt from a STUN server of ours. */
function mapping(
  jitsi: JitsiInventory,
  jvb: { private_address?: string | undefined; public_address?: string | undefined },
): string {
  const { private_address: inside, public_address: outside } = jvb;
  if (inside !== undefined && outside !== undefined)
    return `static-mappings = [{ local-address = ${quoted(inside)}, public-address = ${quoted(outside)} }]\nstun.addresses = []`;
  return `stun.addresses = [${jitsi.stun.map(quoted).join(', ')}]`;
}
