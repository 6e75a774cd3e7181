import { defineCodes } from '../define.js';

/** cluster.toml itself. */
export const clusterInventoryCodes = defineCodes({
  'inventory-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'There is no inventory {file}.',
      remedy: 'bbb2pod cluster init --from /etc/haproxy/haproxy.cfg > {file}   (or give --inventory FILE)',
    },
    fr: {
      text: "L'inventaire {file} n'existe pas.",
      remedy:
        'bbb2pod cluster init --from /etc/haproxy/haproxy.cfg > {file}   (ou donnez --inventory FICHIER)',
    },
  },
});
