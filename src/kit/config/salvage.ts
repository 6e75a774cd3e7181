import { messageOf, OperatorError, shownFailure } from '../errors/operator-error.js';
import { readTree, secretKeys, type Sources } from './load.js';
import { configurationSchema, type Configuration } from './schema.js';
import { Secret } from './secret.js';
import { isTree, readSecretFiles, type Tree } from './toml-file.js';

/** What a batch needs in order to tell how it ended. */
export type Telling = Pick<Configuration, 'state_dir' | 'timezone' | 'mail'>;

export interface Salvaged extends Telling {
  /** Why `[mail]`, which is there, cannot be used; null when it can, and when there is none. */
  readonly noMail: string | null;
}

/**
 * Of a configuration that is refused, the parts that tell how a night went: each key by itself, whatever is wrong
 * beside it. All other values of secret keys are remembered, so that no text quotes them.
 * @throws OperatorError config-invalid when it is no TOML at all.
 */
export function salvageConfiguration({ file, environment, readSecretFile }: Sources): Salvaged {
  const { tree } = readTree(file, environment);
  rememberSecrets(tree);
  const { shape } = configurationSchema;
  const { mail, noMail } = salvageMail(tree['mail'], readSecretFile);
  const stateDirectory = shape.state_dir.safeParse(tree['state_dir']);
  const timezone = shape.timezone.safeParse(tree['timezone']);
  return {
    state_dir: stateDirectory.success ? stateDirectory.data : undefined,
    timezone: timezone.success ? timezone.data : shape.timezone.parse(undefined),
    mail,
    noMail,
  };
}

const noMailSection = (): Configuration['mail'] => configurationSchema.shape.mail.parse(undefined);

function salvageMail(
  section: unknown,
  readSecretFile: Sources['readSecretFile'],
): { readonly mail: Configuration['mail']; readonly noMail: string | null } {
  const mail = noMailSection();
  if (section === undefined) return { mail, noMail: null };
  if (!isTree(section)) return { mail, noMail: 'mail: not a section' };
  const own: Tree = { ...section };
  if (own['to'] === undefined) return { mail, noMail: null };
  try {
    readSecretFiles({ mail: own }, new Set(['smtp']), readSecretFile);
  } catch (error) {
    return { mail, noMail: error instanceof OperatorError ? shownFailure(error).text : messageOf(error) };
  }
  const { shape } = configurationSchema.shape.mail.unwrap();
  const [to, from, smtp] = [
    shape.to.safeParse(Array.isArray(own['to']) ? own['to'].join(', ') : own['to']),
    shape.from.safeParse(own['from']),
    shape.smtp.safeParse(own['smtp']),
  ];
  if (!to.success) return { mail, noMail: `mail.to: ${to.error.issues[0]?.message ?? ''}` };
  // A server that nobody named must not get what was meant for another.
  if (!smtp.success) return { mail, noMail: `mail.smtp: ${smtp.error.issues[0]?.message ?? ''}` };
  return { mail: { ...mail, to: to.data, from: from.data, smtp: smtp.data }, noMail: null };
}

function rememberSecrets(tree: Tree): void {
  for (const [key, value] of Object.entries(tree)) {
    if (isTree(value)) rememberSecrets(value);
    else if (secretKeys.has(key))
      for (const each of [value].flat()) if (typeof each === 'string') new Secret(each);
  }
}
