import { expect, it } from 'vitest';
import { redactText } from '../../../src/kit/config/redact.js';
import { salvageConfiguration } from '../../../src/kit/config/salvage.js';

const salvage = (text: string, environment: Record<string, string> = {}) =>
  salvageConfiguration({
    file: { path: '/etc/bbb2pod.toml', text },
    environment,
    readSecretFile: (file) => {
      if (file === '/smtp') return 'smtp://u:from-a-file-1@mail\n';
      throw new Error('ENOENT');
    },
  });

it('reads what tells of a night beside anything that is wrong', () => {
  const { state_dir, timezone, mail, noMail } = salvage(
    'state_dir = "/s"\ntimezone = "Nowhere/At_all"\nnight = 3\n[pod]\nadmin_id = "x"\n' +
      '[mail]\nto = ["a@x.fr", "b@x.fr"]\nform = "c@x.fr"\nsmtp_file = "/smtp"\n',
  );
  expect([state_dir, timezone, mail.to, noMail]).toEqual(['/s', 'Europe/Paris', 'a@x.fr, b@x.fr', null]);
  expect(mail.smtp.reveal()).toBe('smtp://u:from-a-file-1@mail');
});

it('says why nobody can be mailed, where somebody was to be', () => {
  expect(salvage('[mail]\nto = 3\n').noMail).toMatch(/^mail\.to: /);
  expect(salvage('mail = "a@x.fr"\n').noMail).toBe('mail: not a section');
  expect(salvage('[mail]\nto = "a@x.fr"\nsmtp = 25\n').noMail).toMatch(/^mail\.smtp: /);
  expect(salvage('[mail]\nto = "a@x.fr"\nsmtp_file = "/gone"\n').noMail).toContain('/gone');
  expect(salvage('[mail]\nfrom = 3\n').noMail).toBeNull();
  expect(salvage('state_dir = 3\n').state_dir).toBeUndefined();
  expect(() => salvage('[mail\n')).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});

it('knows the environment, and the secrets of what is refused', () => {
  const { mail } = salvage('nite = 1\n[bbb.old]\nsecret = "not-to-be-shown-7"\n', {
    BBB2POD_MAIL_TO: 'a@x.fr',
    BBB2POD_POD_DATABASE: 'postgresql://pod:nor-this-one-8@db/pod',
  });
  expect(mail.to).toBe('a@x.fr');
  expect(redactText('x not-to-be-shown-7 nor-this-one-8')).toBe('x *** ***');
});
