import type { CodesOf } from '../../kit/errors/code.js';
import { refusal } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** cluster.toml itself. */
export const clusterInventoryTexts = defineTexts({
  'inventory-missing': refusal(
    'There is no inventory {file}.',
    "L'inventaire {file} n'existe pas.",
    'bbb2pod cluster init --from /etc/haproxy/haproxy.cfg > {file}   (or give --inventory FILE)',
    'bbb2pod cluster init --from /etc/haproxy/haproxy.cfg > {file}   (ou donnez --inventory FICHIER)',
  ),
  'cluster-init-unknown': refusal(
    '{source} is no haproxy.cfg, no settings_local.py and holds no /etc/jitsi.',
    "{source} n'est ni un haproxy.cfg, ni un settings_local.py, et ne contient pas de /etc/jitsi.",
    'Name the file itself (settings end in .py), or a directory with NODE/etc/jitsi/….',
    'Nommez le fichier lui-même (les réglages finissent par .py), ou un répertoire avec NŒUD/etc/jitsi/….',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof clusterInventoryTexts>, true> {}
}
