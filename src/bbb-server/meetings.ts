import { XMLParser } from 'fast-xml-parser';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { MeetingFacts, Participant } from '../live/live.js';
import type { LiveCall } from './bbb-api.js';
import type { LiveApi } from './live-api.js';
import { asRecord } from '../kit/record.js';
import { texts } from './texts.js';

const parser = new XMLParser({
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  isArray: (name) => name === 'meeting' || name === 'attendee',
});

type Tree = Readonly<Record<string, unknown>>;

/**
 * Every meeting of the server (getMeetings).
 * @throws OperatorError live-bbb-unreachable, live-bbb-refused: never an empty list in their place.
 */
export async function listMeetings(api: LiveApi, signal: AbortSignal): Promise<MeetingFacts[]> {
  const answer = await call(api, 'getMeetings', new URLSearchParams(), signal);
  const meetings = asRecord(answer['meetings'])['meeting'];
  return Array.isArray(meetings) ? meetings.map((meeting) => readMeeting(asRecord(meeting))) : [];
}

/** One meeting with its participants (getMeetingInfo); null when BBB says, with notFound, that there is none. */
export async function findMeeting(
  api: LiveApi,
  meetingId: string,
  signal: AbortSignal,
): Promise<MeetingFacts | null> {
  try {
    return readMeeting(
      await call(api, 'getMeetingInfo', new URLSearchParams({ meetingID: meetingId }), signal),
    );
  } catch (error) {
    if (
      error instanceof OperatorError &&
      error.code === 'live-bbb-refused' &&
      error.parameters['key'] === 'notFound'
    )
      return null;
    throw error;
  }
}

/** A signed call whose answer is SUCCESS. @throws OperatorError live-bbb-unreachable, live-bbb-refused {key} */
export async function call(
  api: LiveApi,
  name: LiveCall,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Tree> {
  const { status, text } = await api.get(name, query, signal);
  const broken = (detail: string): OperatorError => texts.liveBbbUnreachable({ call: name, detail });
  if (status !== 200) throw broken(`status ${status}`);
  // The parser accepts a cut answer in silence; half a list of meetings would end the other half's lives.
  if (!/^(?:<\?xml[^>]*>)?\s*<response>[\s\S]*<\/response>$/.test(text.trim()))
    throw broken('the answer is not XML');
  const answer = asRecord(asRecord(parser.parse(text))['response']);
  const returncode = answer['returncode'];
  if (returncode === 'SUCCESS') return answer;
  if (returncode !== 'FAILED') throw broken('the answer is not of BigBlueButton');
  throw texts.liveBbbRefused({
    call: name,
    key: asText(answer['messageKey']).slice(0, 100),
  });
}

function readMeeting(meeting: Tree): MeetingFacts {
  const attendees = asRecord(meeting['attendees'])['attendee'];
  return {
    meetingId: asText(meeting['meetingID']),
    internalMeetingId: asText(meeting['internalMeetingID']),
    name: asText(meeting['meetingName']),
    createTime: Number(asText(meeting['createTime'])) || 0,
    running: meeting['running'] === 'true' && meeting['hasBeenForciblyEnded'] !== 'true',
    participants: Array.isArray(attendees)
      ? attendees.map((attendee) => readAttendee(asRecord(attendee)))
      : [],
    attendeePassword: typeof meeting['attendeePW'] === 'string' ? meeting['attendeePW'] : null,
  };
}

const readAttendee = (attendee: Tree): Participant => ({
  userId: asText(attendee['userID']),
  name: asText(attendee['fullName']),
  listening: attendee['isListeningOnly'] === 'true' || attendee['hasJoinedVoice'] === 'true',
});

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
