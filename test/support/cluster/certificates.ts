import { writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.js';

/** A throw-away authority, and certificates for the names of the bench. */
export function createAuthority(directory: string): { file: string } {
  const file = path.join(directory, 'ca.pem');
  run(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30']
      .concat(['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=bench authority'])
      .concat(['-addext', 'basicConstraints=critical,CA:TRUE']),
    directory,
  );
  return { file };
}

/** Writes `NAME.pem` (certificate and key together, as HAProxy reads it) and returns its path. */
export function issueCertificate(
  directory: string,
  name: string,
  options: { names: string[]; days: number },
): string {
  writeFileSync(
    path.join(directory, `${name}.ext`),
    `subjectAltName=${options.names.map((n) => `DNS:${n}`).join(',')}\nbasicConstraints=CA:FALSE\n`,
  );
  run(
    'openssl',
    ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'].concat([
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${options.names[0]}`,
    ]),
    directory,
  );
  run(
    'openssl',
    ['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'].concat([
      '-days',
      String(options.days),
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    ]),
    directory,
  );
  const file = path.join(directory, `${name}.pem`);
  writeFileSync(
    file,
    readFileSync(path.join(directory, `${name}.crt`), 'utf8') +
      readFileSync(path.join(directory, `${name}.key`), 'utf8'),
  );
  return file;
}
