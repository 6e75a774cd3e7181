import { createHash } from 'node:crypto';

/** A getRecordings answer of any size, generated as it is read: about 2.2 kB per recording, as Moodle 4.5 makes them. */
export async function* manyRecordings(count: number, perChunk = 20): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<response><returncode>SUCCESS</returncode><recordings>\n';
  for (let from = 0; from < count; from += perChunk) {
    let text = '';
    for (let n = from; n < Math.min(count, from + perChunk); n++) text += oneRecording(n);
    yield text;
  }
  yield '</recordings></response>\n';
}

/** Same number, same recording; 25 sessions share an activity, starts are spread over five years. */
export function oneRecording(n: number): string {
  const activity = Math.floor(n / 25);
  const startAt = 1_600_000_000_000 + ((n * 7_919) % 150_000_000) * 1000;
  const id = `${createHash('sha1').update(`meeting ${n}`).digest('hex')}-${startAt}`;
  const meetingId = `${createHash('sha1').update(`activity ${activity}`).digest('hex')}-${activity}-${activity}[0]`;
  const url = `https://bbb.univ.example/playback/presentation/2.3/${id}`;
  return `<recording><recordID>${id}</recordID><meetingID>${meetingId}</meetingID><internalMeetingID>${id}</internalMeetingID><name>Cours n° ${n} – algorithmique &amp; structures</name><isBreakout>false</isBreakout><published>true</published><state>published</state><startTime>${startAt}</startTime><endTime>${startAt + 3_600_000}</endTime><participants>31</participants><metadata><bbb-origin>Moodle</bbb-origin><bbb-origin-version>4.5.6 (Build: 20250811)</bbb-origin-version><bbb-origin-server-name>moodle.univ.example</bbb-origin-server-name><bbb-origin-server-common-name/><bbb-origin-tag>moodle-mod_bigbluebuttonbn (2024100700)</bbb-origin-tag><bbb-context>Algorithmique &amp; structures «avancées» – L2</bbb-context><bbb-context-id>${activity}</bbb-context-id><bbb-context-name>Algorithmique &amp; structures «avancées» – L2</bbb-context-name><bbb-context-label>INF201</bbb-context-label><bbb-recording-name>CM ${n}</bbb-recording-name><bbb-recording-description>Séance enregistrée</bbb-recording-description><bbb-recording-tags/></metadata><playback><format><type>presentation</type><url>${url}</url><processingTime>4911</processingTime><length>60</length><size>52428800</size><preview><images>${`<image width="176" height="136" alt="Diapositive">https://bbb.univ.example/presentation/${id}/presentation/d2d9a672040fbde2a47a10bf6c37b6a4b5ae187f-1600000000/thumbnails/thumb-1.png</image>`.repeat(4)}</images></preview></format></playback></recording>\n`;
}
