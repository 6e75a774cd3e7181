import { describe, expect, it } from 'vitest';
import { lintHaproxy } from '../../../src/cluster/lint/lint-haproxy.js';
import { fixDiffs } from '../../../src/cluster/lint/render-lint.js';
import { maskSecrets } from '../../../src/cluster/render/mask-secrets.js';

describe('masking secrets in lines that are shown', () => {
  it.each([
    ['stats auth supervision:S3cret word', 'stats auth supervision:***'],
    ['    stats  auth  a:S3cret', '    stats  auth  a:***'],
    [
      'org.jitsi.videobridge.xmpp.user.shard.PASSWORD=S3"cr\'et',
      'org.jitsi.videobridge.xmpp.user.shard.PASSWORD=***',
    ],
    ['PASSWORD=S3cret#more ', 'PASSWORD=***#*** '],
    ['shard { HOSTNAME="a", PASSWORD="S3cret" }', 'shard { HOSTNAME="a", PASSWORD=***'],
    ["    'PASSWORD': 'S3cret',", "    'PASSWORD': '***',"],
    ['export JVB_SECRET=S3cret', 'export JVB_SECRET=***'],
    ['  auth_pass S3cret', '  auth_pass ***'],
    ['url = "redis://:S3/cr@et@h:6379/5"', 'url = "redis://:***@h:6379/5"'],
    ['url = "redis://S3cret@h:6379/5"', 'url = "redis://***@h:6379/5"'],
    ['PASSWORD=', 'PASSWORD='],
    ['PASSWORD=""', 'PASSWORD=""'],
    ['server broadcast1 192.0.2.11:80 check', 'server broadcast1 192.0.2.11:80 check'],
  ])('%s', (line, masked) => {
    expect(maskSecrets(`before\n${line}\nafter`)).toBe(`before\n${masked}\nafter`);
  });

  it('holds in the patch of `cluster check --file haproxy.cfg`, whose context leaves out the statistics account, so that it applies as printed', () => {
    const text = [
      'backend media',
      '  stats auth supervision:S3cret',
      '  cookie SRV insert',
      '  server broadcast1 192.0.2.11:80 cookie broadcast1',
      '  server broadcast2 192.0.2.12:80 cookie broadcast2 check',
      '',
    ].join('\n');
    const patch = fixDiffs(lintHaproxy({ path: 'haproxy.cfg', text, mode: 0o640 }));
    expect(patch).toContain('+  server broadcast1 192.0.2.11:80 cookie broadcast1 check');
    expect(patch).not.toContain('stats auth');
    expect(patch).not.toContain('S3cret');
  });
});
