import { lintFinding, type LintFile, type LintResult } from './lint-file.js';

/** What a jicofo.log tells of one bridge. Instants as the log writes them (its machine's time). */
export interface BridgeHistory {
  readonly jid: string;
  readonly nickname: string;
  readonly joins: number;
  readonly leaves: number;
  readonly lastJoin: string | null;
  readonly lastLeave: string | null;
  readonly present: boolean;
  /** It announced its stop before it went. */
  readonly planned: boolean;
  readonly lastLine: number;
}

/** 2020's `Jicofo 2020-05-06 12:00:00.123 INFO: [26] …` and today's `… INFO: [20] BridgeSelector…#95: …` alike. */
const LINE = /(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:[.,]\d+)?/;
const JOIN =
  /Added (?:a |the )?(?:new )?(?:video)?bridge\b|New bridge available|Adding (?:new )?(?:video)?bridge|bridge (?:is back|returned|rejoined)|re-?added (?:video)?bridge/i;
const LEAVE =
  /Removing JVB|Removed (?:video)?bridge|Lost (?:a|the)? ?bridge|Removing (?:video)?bridge|Bridge (?:went|is going) offline/i;
/** jicofo 1.0-1000 and later, BridgeSelector: a bridge that is being stopped says so before it goes. */
const STOPPING = /entered SHUTTING_DOWN|graceful shutdown/i;
const JID = /([\w.-]+@[\w.-]+\/[\w.:-]+)|(?:Added|Removing)[^:]*: *(jitsi-videobridge[\w.-]+)/;
const FLAPPING = 3;

/** Last entry, last departure and their number per bridge. */
export function readJicofoLog(text: string): BridgeHistory[] {
  const bridges = new Map<
    string,
    {
      joins: number;
      leaves: number;
      lastJoin: string | null;
      lastLeave: string | null;
      present: boolean | null;
      planned: boolean;
      lastLine: number;
    }
  >();
  text.split('\n').forEach((whole, i) => {
    // The address is searched at every place of a line: one without end would take for ever.
    const line = whole.slice(0, 4000);
    const joins = JOIN.test(line);
    const stopping = STOPPING.test(line);
    if (!joins && !stopping && !LEAVE.test(line)) return;
    const address = JID.exec(line);
    const jid = address?.[1] ?? address?.[2];
    const at = LINE.exec(line)?.[1] ?? null;
    if (jid === undefined) return;
    const bridge = bridges.get(jid) ?? {
      joins: 0,
      leaves: 0,
      lastJoin: null,
      lastLeave: null,
      present: null,
      planned: false,
      lastLine: 0,
    };
    bridges.set(jid, bridge);
    if (stopping && !joins) {
      bridge.planned = true;
      return;
    }
    // One departure writes two lines: "Removing JVB" and "Lost a bridge".
    if (!joins && bridge.present === false) return;
    bridge.present = joins;
    bridge.lastLine = i + 1;
    if (joins) {
      bridge.planned = false;
      bridge.joins++;
      bridge.lastJoin = at;
    } else {
      bridge.leaves++;
      bridge.lastLeave = at;
    }
  });
  return [...bridges].map(([jid, bridge]) => ({
    jid,
    nickname: jid.split('/')[1] ?? jid,
    ...bridge,
    present: bridge.present === true,
  }));
}

/** Findings of a jicofo.log: bridges that are gone, and those that come and go. */
export function lintJicofoLog(file: LintFile): LintResult[] {
  return readJicofoLog(file.text).flatMap((bridge) => {
    const at = {
      system: 'jitsi' as const,
      node: bridge.nickname,
      file,
      line: bridge.lastLine,
      parameters: {
        key: bridge.nickname,
        leaves: bridge.leaves,
        joined: bridge.lastJoin ?? '?',
        left: bridge.lastLeave ?? '?',
      },
    };
    if (bridge.leaves >= FLAPPING && !bridge.planned) return [lintFinding('J14-flapping', at)];
    if (!bridge.present) return [lintFinding(bridge.planned ? 'J14-stopped' : 'J14-gone', at)];
    return [lintFinding('J14-present', at)];
  });
}
