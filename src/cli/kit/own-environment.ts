type Environment = Readonly<Record<string, string>>;

const own: Record<string, string> = {};

/**
 * The `BBB2POD_*` values we were started with, secrets among them. The first call takes them out of our environment, so
 * that no library which starts a program on its own (fluent-ffmpeg does) hands them on.
 */
export function takeOwnEnvironment(): Environment {
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith('BBB2POD_') || name === 'BBB2POD_LANG' || value === undefined) continue;
    own[name] = value;
    Reflect.deleteProperty(process.env, name);
  }
  return own;
}
