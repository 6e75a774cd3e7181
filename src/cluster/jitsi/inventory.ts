import { z } from 'zod';
import { secret } from '../../kit/config/sections/values.js';
import { host, machineKeys, nodes, port, word } from '../inventory/values.js';

const jmsNode = z.strictObject({
  ...machineKeys,
  https_port: port(443),
  xmpp_port: port(5222),
  /** jicofo's REST listens on the node's loopback: reachable from there, or through a tunnel. */
  jicofo_url: z.string().default('http://127.0.0.1:8888'),
  /** What its name must resolve to, for clients. */
  public_address: host().optional(),
});
const jvbNode = z.strictObject({
  ...machineKeys,
  media_port: port(10_000),
  /** MUC_NICKNAME; unique per bridge. Default: the node's name. */
  nickname: word().optional(),
  /** Private REST. It listens on the bridge's loopback unless opened to the supervision network. */
  rest_url: z.string().default('http://127.0.0.1:8080'),
  /** Behind NAT: the address of the machine and the one that clients see. */
  private_address: host().optional(),
  public_address: host().optional(),
});
export type JmsNode = z.infer<typeof jmsNode>;
export type JvbNode = z.infer<typeof jvbNode>;

/** `[jitsi]`: one Jitsi Meet server (JMS) and its videobridges (JVB). */
export const jitsiSection = z.strictObject({
  domain: host(),
  /** Default JvbBrewery@internal.auth.DOMAIN. */
  brewery: z.string().optional(),
  /** XMPP domain of bridges and jicofo. Default auth.DOMAIN. */
  auth_domain: host().optional(),
  ca_file: z.string().optional(),
  jvb_user: word().default('jvb'),
  jvb_password: secret().optional(),
  jicofo_password: secret().optional(),
  /** STUN servers (host:port) for bridges behind NAT that do not give private_address and public_address. */
  stun: z.array(z.string()).default([]),
  jms: jmsNode,
  jvbs: nodes(jvbNode),
  expected: z
    .strictObject({
      participants: z.number().int().positive().optional(),
      /** Participants of the usual room, for the rate that each receives. */
      room_size: z.number().int().min(3).default(20),
      jvbs: z.number().int().nonnegative().optional(),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      certificate_days: z.number().positive().default(21),
      stress_warning: z.number().positive().default(0.8),
      stress_critical: z.number().positive().default(1),
      ice_failed_warning_percent: z.number().positive().default(5),
      ice_failed_critical_percent: z.number().positive().default(20),
    })
    .prefault({}),
});
export type JitsiInventory = z.infer<typeof jitsiSection>;

/** The brewery as configured, or Jitsi's own name for it. */
export const breweryOf = (jitsi: JitsiInventory): string =>
  jitsi.brewery ?? `JvbBrewery@internal.auth.${jitsi.domain}`;
export const authDomainOf = (jitsi: JitsiInventory): string => jitsi.auth_domain ?? `auth.${jitsi.domain}`;
export const nicknameOf = (name: string, jvb: JvbNode): string => jvb.nickname ?? name;
