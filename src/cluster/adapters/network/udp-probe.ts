import { createSocket } from 'node:dgram';
import type { UdpState } from '../../jitsi/facts.js';

/**
 * Sends one datagram from a connected socket: only an ICMP refusal proves anything. A bridge never answers
 * a stranger (ice4j drops STUN requests of unknown users), so silence is "open or filtered".
 */
export async function probeUdp(
  target: { readonly host: string; readonly port: number; readonly waitMs: number },
  signal: AbortSignal,
): Promise<UdpState> {
  const socket = createSocket(target.host.includes(':') ? 'udp6' : 'udp4');
  try {
    return await new Promise<UdpState>((resolve, reject) => {
      const refused = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'ECONNREFUSED') resolve('closed');
        else reject(error);
      };
      socket.once('error', refused);
      signal.addEventListener('abort', () => {
        resolve('open-or-filtered');
      });
      socket.once('connect', () => {
        // A STUN binding request without credentials: harmless, and what a firewall expects on this port.
        socket.send(Buffer.from('000100002112a442bbb2bbb2bbb2bbb2bbb2bbb2', 'hex'));
        setTimeout(() => {
          resolve('open-or-filtered');
        }, target.waitMs).unref();
      });
      socket.connect(target.port, target.host);
    });
  } finally {
    socket.close();
  }
}
