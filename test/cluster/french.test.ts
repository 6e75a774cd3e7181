import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeContacts } from '../../src/cluster/check/contacts.js';
import { renderCheckTable } from '../../src/cluster/check/render-table.js';
import { resultsOf } from '../../src/cluster/check/cluster-result.js';
import { drainCommands, findTarget } from '../../src/cluster/drain/drain-plan.js';
import { loadInventory } from '../../src/cluster/inventory/load.js';
import { compareWithInventory } from '../../src/cluster/plan/compare.js';
import { demandsOf } from '../../src/cluster/plan/demand.js';
import { planEncoding, planJitsi, planStreaming } from '../../src/cluster/plan/plan-capacity.js';
import { renderPlan } from '../../src/cluster/plan/render-plan.js';
import { renderRunnerQueue } from '../../src/cluster/queue/render-runner-queue.js';
import { showIn } from '../../src/kit/language.js';
import { displayWidth } from '../../src/kit/output/text.js';

const inventory = loadInventory(
  { path: 'cluster.toml', text: readFileSync('config/cluster.example.toml', 'utf8') },
  () => '',
);
const questions = { viewers: 2000, participants: 100, minutesPerHour: 90 };

const tooWide = (text: string): string[] => text.split('\n').filter((line) => displayWidth(line) > 80);
/** Words of our own English headings and sentences; names, keys and commands are not among them. */
const ENGLISH =
  /\b(NODE|NODES|STATE|LOAD|DETAIL|WAITING|RUNNING|SINCE|viewers|needed|available|of overhead|per second|minutes per hour|measure:|assumed|Next|Contacted|wait until|not checked|warnings?|checks?(?! --)| in \d)\b/;

describe('in French', () => {
  beforeEach(() => showIn('fr'));
  afterEach(() => showIn('en'));

  it('a plan with its comparison and its table', () => {
    const demands = demandsOf(questions, inventory);
    const plans = {
      streaming: planStreaming(demands.streaming!),
      jitsi: planJitsi(demands.jitsi!),
      encoding: planEncoding(demands.encoding!),
    };
    const text = renderPlan(plans, compareWithInventory(plans, inventory), { table: true });
    expect(text.replaceAll(/bbb2pod [^\n]*/g, '')).not.toMatch(ENGLISH);
    expect(tooWide(text)).toEqual([]);
    expect(text).toContain('2 000 spectateurs à');
    expect(text).toContain('  requêtes                     1 333 par seconde');
  });

  it('a check with a finding', () => {
    const results = resultsOf('streaming');
    const found = results.found('S08-silent', 'broadcast1', {
      node: 'broadcast1',
      parameters: { detail: 'ECONNREFUSED' },
    });
    const text = renderCheckTable(
      { at: 0, ms: 1500, results: [found], contacts: [], memory: {} },
      { streaming: null, jitsi: null, pod: null, runners: null, maintenance: [] },
      { verbose: true },
    );
    expect(text).toContain('CRITIQUE S08');
    expect(text).toContain('1 critique, 0 alerte, 0 non vérifié, 1 contrôle en 1,5 s');
    expect(text).not.toMatch(ENGLISH);
    expect(
      describeContacts({ streaming: null, jitsi: null, pod: null, runners: null, maintenance: [] }, [], {}),
    ).toEqual([]);
  });

  it('the comments between the commands of a drain', () => {
    const lines = ['broadcast1', 'jvb1', 'encoder1'].flatMap((name) =>
      drainCommands(findTarget(inventory, name, null), 'drain', inventory),
    );
    const comments = lines.filter((line) => line.startsWith('#')).join('\n');
    expect(comments).not.toMatch(ENGLISH);
    expect(comments).toContain('attendre que rien ne soit actif');
  });

  it('the queue of esup-runner', () => {
    const task = {
      state: 'failed' as const,
      type: 'encoding',
      videoId: 7,
      recordingId: null,
      runner: 'r1',
      taskId: 'a',
      ageSeconds: 60,
      durationSeconds: 600,
      application: null,
      reason: 'ffmpeg',
    };
    const text = renderRunnerQueue(
      {
        manager: 'http://m:8081',
        types: [
          { type: 'encoding', running: 0, waiting: null, failed: 1, oldestWaitSeconds: null, runners: 1 },
        ],
        runners: [{ name: 'r1', state: 'busy', types: ['encoding'], taskId: null, sinceSeconds: null }],
        tasks: [task],
        remarks: [],
      },
      10,
    );
    expect(text).not.toMatch(ENGLISH);
    expect(text).toMatch(/r1 +occupé/);
    expect(text).toMatch(/échouée +encoding +vidéo 7/);
    expect(tooWide(text)).toEqual([]);
  });
});

describe('a plan', () => {
  it('names what it assumed, and nothing that was given', () => {
    const bare = demandsOf({ viewers: 100, minutesPerHour: 10 }, null);
    expect(planStreaming(bare.streaming!).assumed).toEqual([
      '--ladder',
      '--nic',
      '--balancer-nic',
      '--client-rate',
    ]);
    expect(planEncoding(bare.encoding!).assumed).toEqual(['--cores', '--core-minutes']);
    const whole = demandsOf({ minutesPerHour: 10, cores: 4, coreMinutes: 3 }, null);
    expect(planEncoding(whole.encoding!).assumed).toEqual([]);
    const text = renderPlan({ streaming: null, jitsi: null, encoding: planEncoding(bare.encoding!) }, [], {
      table: false,
    });
    expect(text).toContain('--cores, --core-minutes');
  });
});
