/** What a child may know of our environment. Our own BBB2POD_* values and everybody's tokens stay here. */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|FONTCONFIG_[A-Z]+|SSL_CERT_(FILE|DIR)|(https?|no|all)_proxy)$/i;

/** The clean environment of a child, with what the caller adds. */
export function cleanEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && INHERITED.test(name)) kept[name] = value;
  }
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...kept, ...added };
}
