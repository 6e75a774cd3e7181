import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** What a server may do instead of giving a file. */
export type Loss = '404' | 'empty' | 'html' | 'cut' | 'too-large' | 'page-as-medium';

export interface LossyServer {
  readonly url: string;
  /** Files that are lost from now on, by what their path ends with. */
  readonly losses: Map<string, Loss>;
  /** Paths asked so far. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/**
 * Serves a published recording as BigBlueButton's nginx does (location /presentation: plain files), and loses what it is
 * told to lose: absent, empty, a maintenance page, a connection that breaks off, a length beyond every limit.
 */
export async function startLossyServer(folder: string, recordId: string): Promise<LossyServer> {
  const losses = new Map<string, Loss>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    asked.push(name);
    const below = name.split(`/presentation/${recordId}/`)[1];
    const file = path.join(folder, below ?? 'nothing');
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    const loss = [...losses].find(([end]) => name.endsWith(end))?.[1];
    const page = '<html><body>Maintenance</body></html>';
    if (loss === '404' || (loss === undefined && (below === undefined || size === undefined)))
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>404</html>');
    else if (loss === 'empty') response.writeHead(200, { 'content-length': 0 }).end();
    else if (loss === 'html' || loss === 'page-as-medium')
      response
        .writeHead(200, {
          'content-type': loss === 'html' ? 'text/html' : 'application/octet-stream',
          'content-length': page.length,
        })
        .end(page);
    else if (loss === 'cut') {
      response.writeHead(200, { 'content-length': 5_000_000 });
      response.write(readFileSync(file).subarray(0, 20), () => response.destroy());
    } else if (loss === 'too-large') {
      response.writeHead(200, { 'content-length': 30e9 });
      response.write('x', () => response.destroy());
    } else {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
      createReadStream(file).pipe(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/playback/presentation/2.3/${recordId}`,
    losses,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
