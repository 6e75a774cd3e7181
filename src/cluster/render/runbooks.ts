import type { Inventory } from '../inventory/schema.js';
import type { RenderedFile, Templates } from './layout.js';
import { encodingRunbooks } from './runbook-encoding.js';
import { esupRunnerRunbooks } from './runbook-runner.js';
import { jitsiRunbooks } from './runbook-jitsi.js';
import { streamingRunbooks } from './runbook-streaming.js';

/** One RUNBOOK.md per node, and one page per role for adding and removing a node. */
export function renderRunbooks(
  { streaming, jitsi, encoding, esup_runner: esupRunner }: Inventory,
  templates: Templates,
): RenderedFile[] {
  return [
    ...(streaming === undefined ? [] : streamingRunbooks(streaming, templates)),
    ...(jitsi === undefined ? [] : jitsiRunbooks(jitsi, templates)),
    ...(encoding === undefined ? [] : encodingRunbooks(encoding, templates)),
    ...(esupRunner === undefined ? [] : esupRunnerRunbooks(esupRunner, templates)),
  ];
}
