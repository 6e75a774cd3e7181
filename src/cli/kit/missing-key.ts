import type { OperatorError } from '../../kit/errors/operator-error.js';
import { tomlKey } from '../../kit/config/toml-key.js';
import type { Context } from './context.js';
import { configurationTexts } from '../../kit/errors/configuration.js';

/**
 * Says which key a command cannot do without, in which file, or by which environment variable.
 * @param section as it is loaded: `pod`, `bbb.default`, `bbb.old`. Variables exist for unnamed sections only.
 */
export function missingKey({ loaded }: Pick<Context, 'loaded'>, section: string, key: string): OperatorError {
  const [kind = '', name] = section.split(/\.(.*)/s);
  const isNamed = name !== undefined && name !== 'default';
  const heading = section === 'bbb.default' || name === undefined ? kind : `${kind}.${tomlKey(name)}`;
  const parameters = {
    key: `[${heading}] ${key}`,
    file: loaded.file ?? 'bbb2pod.toml',
  };
  return isNamed
    ? configurationTexts.configNamedKeyMissing(parameters)
    : configurationTexts.configKeyMissing({
        ...parameters,
        environment: `BBB2POD_${kind.toUpperCase()}_${key.toUpperCase()}`,
      });
}

/** A value that this command cannot do without. @throws OperatorError config-key-missing, config-named-key-missing */
export function required<T>(
  context: Pick<Context, 'loaded'>,
  section: string,
  key: string,
  value: T | undefined,
): T {
  if (value === undefined) throw missingKey(context, section, key);
  return value;
}
