import type { Inventory } from '../inventory/schema.js';
import { REAL_LAYOUT, type Layout, type RenderedFile, type Templates } from './layout.js';
import { renderBalancer } from './render-balancer.js';
import { renderBroadcast } from './render-broadcast.js';
import { renderBackend, renderWorker } from './render-encoding.js';
import { renderIngest } from './render-ingest.js';
import { renderJms, renderJvb } from './render-jitsi.js';
import { renderEsupRunner } from './render-runner.js';
import { renderSource } from './render-source.js';
import { renderRunbooks } from './runbooks.js';

/** Every configuration file and runbook of the inventory. Pure: the same inventory gives the same files. */
export function renderCluster(
  inventory: Inventory,
  templates: Templates,
  layout: Layout = REAL_LAYOUT,
): RenderedFile[] {
  const { streaming, jitsi, encoding, esup_runner: esupRunner } = inventory;
  const files: RenderedFile[] = [];
  if (streaming !== undefined) {
    for (const name of Object.keys(streaming.balancers))
      files.push(...renderBalancer(name, streaming, templates, layout));
    for (const name of Object.keys(streaming.ingests))
      files.push(...renderIngest(name, streaming, templates, layout));
    for (const name of Object.keys(streaming.broadcasts))
      files.push(...renderBroadcast(name, streaming, templates, layout));
    files.push(...renderSource(streaming, templates));
  }
  if (jitsi !== undefined) {
    files.push(...renderJms(jitsi, templates));
    for (const name of Object.keys(jitsi.jvbs)) files.push(...renderJvb(name, jitsi, templates));
  }
  if (encoding !== undefined) {
    files.push(...renderBackend(encoding, templates));
    for (const name of Object.keys(encoding.workers)) files.push(...renderWorker(name, encoding, templates));
  }
  if (esupRunner !== undefined) files.push(...renderEsupRunner(esupRunner, templates));
  return [...files, ...renderRunbooks(inventory, templates)];
}
