import { configurationTexts } from '../../kit/errors/configuration.js';
import os from 'node:os';
import path from 'node:path';
import type { SourceServer } from '../../bbb-server/recording-source.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import type { Context } from '../kit/context.js';
import { bbbHttpSettings } from './bbb-http.js';
import { missingKey, required } from '../kit/missing-key.js';

export interface ServerChoice {
  /** Names of [bbb.NAME] sections; all when empty. */
  readonly names: readonly string[];
  /** `--insecure`: accept any certificate. */
  readonly insecure?: boolean;
  /** Servers without URL or secret are passed over, and there may be none: a saved answer is read instead. */
  readonly optional?: boolean;
}

/**
 * The configured BBB servers, each with an HTTP adapter of its own, closed with the command.
 * @throws OperatorError config-key-missing, config-named-key-missing
 */
export async function openServers(
  context: Context,
  { names, insecure = false, optional = false }: ServerChoice,
): Promise<SourceServer[]> {
  const { openHttp } = await import('../../kit/adapters/http/open-http.js');
  const configuredNames = Object.keys(context.configuration.bbb);
  const unknown = names.find((name) => !configuredNames.includes(name));
  // A name beside others that exist would else be left out in silence.
  if (unknown !== undefined && configuredNames.length > 0 && !optional)
    throw configurationTexts.usageInvalid({
      detail: `no server ${unknown} is configured. There are: ${configuredNames.join(', ')}.`,
    });
  const sections = Object.entries(context.configuration.bbb).filter(
    ([name, { url, secret }]) =>
      (names.length === 0 || names.includes(name)) &&
      (!optional || (url !== undefined && secret !== undefined)),
  );
  if (sections.length === 0 && !optional) throw missingKey(context, `bbb.${names[0] ?? 'default'}`, 'url');
  return sections.map(([name, section]) => {
    const url = required(context, `bbb.${name}`, 'url', section.url);
    const secret = required(context, `bbb.${name}`, 'secret', section.secret);
    const http = openHttp({
      ...bbbHttpSettings(context, section),
      insecure,
      onRetry: ({ reason, attempt }) => context.log('warn', `try ${attempt} failed: ${reason}`),
    });
    context.closeWith(() => http.close());
    return { name, url, secret, checksum: section.checksum, http, pageSize: section.page_size };
  });
}

/** Spools live under the state directory; where that cannot be written (a plan by an unprivileged user), in the temporary one. */
export async function spoolDirectory(context: Context): Promise<string> {
  const own = path.join(context.stateDirectory, 'spool');
  try {
    makeDirectory(own);
    return own;
  } catch {
    return path.join(os.tmpdir(), `bbb2pod-spool-${process.getuid?.() ?? 0}`);
  }
}
