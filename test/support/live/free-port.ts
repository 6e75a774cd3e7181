import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';

/** A TCP port of 127.0.0.1 that nobody listens on right now, and that no outgoing connection will take. */
export const freePort = async (): Promise<number> => (await freePorts(1))[0] ?? 0;
