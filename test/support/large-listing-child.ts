/* A sample server with very many recordings, in a process of its own: sends its URL when it listens. */
import { startSampleServer, type SampleServerOptions } from '../../src/bbb-server/sample/sample-server.js';
import { parseRecordings } from '../../src/bbb-server/parse-recordings.js';
import type { SampleRecording } from '../../src/bbb-server/sample/sample-recordings.js';
import { manyRecordings } from './many-recordings.js';

const [count = '1000', paging = 'obeyed'] = process.argv.slice(2);
const recordings: SampleRecording[] = [];
await parseRecordings(withVideo(manyRecordings(Number(count))), {
  source: 'bench',
  server: 'default',
  onRecording: (recording, node) => recordings.push({ recording, node }),
});
const server = await startSampleServer({
  secret: 'bench',
  recordings,
  paging: paging as NonNullable<SampleServerOptions['paging']>,
});
process.send?.({ url: server.url });
process.on('disconnect', () => process.exit(0));

/** Every recording has two formats, as since BBB 2.6 many do. */
async function* withVideo(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const chunk of chunks)
    yield chunk.replaceAll(
      /<format><type>presentation<\/type><url>([^<]*)presentation\/2\.3\/([^<]*)<\/url>/g,
      '<format><type>video</type><url>$1video/$2/</url><length>60</length></format>$&',
    );
}
