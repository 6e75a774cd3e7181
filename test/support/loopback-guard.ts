import { guardAddresses } from '../../src/kit/adapters/http/address-guard.js';

/** For tests whose servers stand on this machine, at ports that nobody configured. */
export const loopbackGuard = guardAddresses({ allowHosts: ['127.0.0.1', 'localhost', '[::1]'] });
