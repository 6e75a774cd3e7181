import { Flags, type Interfaces } from '@oclif/core';
import { inventoryFlag } from './flags.js';

/** What `cluster check` takes. */
export const clusterCheckFlags = {
  ...inventoryFlag,
  only: Flags.string({ description: 'these checks only', helpValue: 'S09,P07' }),
  explain: Flags.string({ description: 'tell the whole story of a check', helpValue: 'S09' }),
  passive: Flags.boolean({ description: 'write nothing anywhere: heartbeats only, no XMPP login' }),
  probe: Flags.boolean({ description: 'also write a sentinel file on the share and a probe key in Redis' }),
  timeout: Flags.integer({ default: 8, min: 2, description: 'the whole check, in seconds' }),
  nagios: Flags.boolean({
    description: 'one line with perfdata; 0/1/2/3 as monitoring plugins',
    exclusive: ['json'],
  }),
  prometheus: Flags.boolean({ description: "text for node_exporter's textfile collector" }),
  junit: Flags.boolean({ description: 'JUnit XML' }),
  verbose: Flags.boolean({ char: 'v', description: 'evidence, notes, and everything that was contacted' }),
  watch: Flags.boolean({ description: 'check again and again; differences are marked with *' }),
  interval: Flags.integer({ default: 10, min: 1, description: 'seconds between two checks of --watch' }),
  until: Flags.option({ options: ['ok', 'crit'] as const, description: 'stop as soon as that is so' })(),
  root: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: "lint a node's /etc tree, without network",
    helpValue: 'NAME=DIR',
  }),
  file: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'lint haproxy.cfg, nginx.conf, settings_local.py or read jicofo.log',
    helpValue: 'FILE',
  }),
};

export type ClusterCheckFlags = Interfaces.InferredFlags<typeof clusterCheckFlags>;
