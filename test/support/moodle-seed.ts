/* A small university: one case per rule and trap of owners, each with the recording, its rows and who must own it. */
import { createHash } from 'node:crypto';
import type { Recording } from '../../src/bbb/recording.js';
import type { Seed, SeedRow } from './moodle-site.js';

const ROLE = { manager: 1, coursecreator: 2, editingteacher: 3, teacher: 4, student: 5, tutor: 9 } as const;
const CONTEXT = { system: 1, category: 11, course2: 32, course3: 33 } as const;

const PEOPLE: Readonly<Record<string, SeedRow>> = {
  guest: { id: 1, auth: 'manual' },
  admin: { id: 2, auth: 'manual' },
  anna: { id: 10 },
  bruno: { id: 11, auth: 'shibboleth', username: 'bruno@univ.example' },
  chloe: { id: 12, auth: 'ldap' },
  gone: {
    id: 13,
    deleted: 1,
    username: 'gone@univ.example.1700000000',
    email: 'd41d8cd98f00b204e9800998ecf8427e',
  },
  paused: { id: 14, suspended: 1 },
  barred: { id: 15, auth: 'nologin' },
  unsure: { id: 16, auth: 'email', confirmed: 0 },
  remote: { id: 17, auth: 'mnet', mnethostid: 3, username: 'anna' },
  lapsed: { id: 18 },
  maker: { id: 19, auth: 'oauth2', firstname: "Zoé 🎓 O'Brien", lastname: '"Zed" & Nuñez' },
  dean: { id: 20 },
  chief: { id: 21 },
  local: { id: 22 },
  pupil: { id: 23 },
  double: { id: 24, email: 'anna@univ.example' },
};

const idOf = (name: string): number => Number(PEOPLE[name]?.['id']);
const mod = (type: string, id: string | number) => ({
  selectiontype: type,
  selectionid: id,
  role: 'moderator',
});
const viewer = { selectiontype: 'all', selectionid: 'all', role: 'viewer' };
const user = (name: string, as: 'text' | 'number' = 'text') =>
  mod('user', as === 'text' ? String(idOf(name)) : idOf(name));
const rules = (...list: object[]): string => JSON.stringify([viewer, ...list]);
const teachers = rules(mod('role', String(ROLE.editingteacher)));

interface ActivityCase {
  readonly course?: 2 | 3;
  readonly participants?: string | null;
  readonly creator?: string | null;
  readonly intro?: string | null;
  readonly introformat?: number;
  readonly module?: 'none' | 'deleting' | 'hidden' | 'no-path';
  /** Shares the `meetingid` of that activity, as a restored copy does. */
  readonly seedOf?: string;
}

/** Teachers of course 2 are anna, bruno, lapsed (and accounts that cannot own); of course 3, chloe. */
const ACTIVITIES: Readonly<Record<string, ActivityCase>> = {
  byRole: { participants: teachers, intro: '' },
  byName: {
    participants: rules(user('bruno'), user('gone'), user('double', 'number'), mod('user', '999999')),
    intro: '<p>Séance du <b>lundi</b> 🎓 &amp; «TD»</p>',
  },
  byShortName: {
    participants: rules(mod('role', 'manager'), mod('role', 'nosuchrole')),
    creator: 'chloe',
    intro:
      "<p>Bienvenue.</p><br><p class='alert alert-dark'>Les enregistrements BigBlueButton sont sur <a class='alert-link' href='https://pod.univ.example/import_video/'>Pod</a>.</p>",
  },
  emptyText: { participants: '', intro: '<p>Podcast du cours et salle virtuelle</p>' },
  emptyList: {
    participants: '[]',
    creator: 'chloe',
    intro: "<p>Antislash \\ et % et _ et '; -- et ${x} et {{y}}</p>",
  },
  broken: {
    participants: '[{"selectiontype":"all"',
    creator: 'maker',
    intro: '<div class="indent">Été ① 😀</div>',
  },
  nothing: { participants: null, intro: null },
  everybody: { participants: JSON.stringify([mod('all', 'all')]), intro: '<p>Tous</p>' },
  everybodyAlone: {
    course: 3,
    participants: JSON.stringify([mod('all', 'all')]),
    creator: null,
    intro: '<p>a</p>',
  },
  group: {
    course: 3,
    participants: rules(mod('role', ROLE.teacher), mod('role', String(ROLE.tutor))),
    intro: '<p>Groupes</p>',
  },
  importer: { course: 3, participants: rules(user('pupil')), intro: '<p>Archives</p>' },
  automatic: {
    participants: rules(user('maker', 'number')),
    intro: 'Ligne 1\nLigne 2 <b>gras</b>',
    introformat: 0,
  },
  markdown: { participants: rules(user('maker')), intro: '# Titre\n\n* un\n* deux', introformat: 4 },
  plain: { participants: rules(user('maker')), intro: 'Texte <sans balise> & co', introformat: 2 },
  deleting: { participants: rules(user('bruno')), module: 'deleting', intro: '<p>Bientôt supprimée</p>' },
  orphan: { participants: rules(user('bruno')), module: 'none', intro: '<p>Orpheline</p>' },
  oldLogs: { participants: teachers, intro: '<p>Ancienne</p>' },
  asObject: {
    participants: JSON.stringify({ 0: viewer, 2: user('local'), 5: mod('role', String(ROLE.teacher)) }),
    intro: '<p>Objet</p>',
  },
  moduleRole: {
    participants: rules(mod('role', String(ROLE.tutor))),
    module: 'hidden',
    intro: '<p>Masquée</p>',
  },
  twoRoles: {
    course: 3,
    participants: rules(mod('role', '3'), mod('role', '1')),
    intro: '<p>Enseignants</p>',
  },
  copy: { participants: rules(user('local')), seedOf: 'byRole', intro: '<p>Copie</p>' },
  noPath: { participants: teachers, module: 'no-path', intro: '<p>Sans chemin</p>' },
  onlyViewers: { participants: JSON.stringify([viewer]), creator: 'maker', intro: '<p>v</p>' },
  onlyGone: { participants: rules(user('gone')), creator: 'gone', intro: '<p>g</p>' },
  noOne: { course: 3, participants: rules(user('paused')), creator: 'barred', intro: '<p>n</p>' },
  guestRule: { participants: rules(user('guest'), user('chloe')), intro: '<p>i</p>' },
  remoteRule: { participants: rules(user('remote'), user('chloe')), intro: '<p>m</p>' },
  viewerAfter: { participants: rules(user('anna'), { ...user('anna'), role: 'viewer' }), intro: '<p>w</p>' },
  students: { course: 3, participants: rules(mod('role', 'student')), intro: '<p>s</p>' },
  studentCreator: { participants: '[]', creator: 'pupil', intro: '<p>p</p>' },
  numericRole: { course: 3, participants: rules(mod('role', 3)), intro: '<p>r</p>' },
  system: {
    participants: rules(mod('role', String(ROLE.coursecreator))),
    creator: 'anna',
    intro: '<p>y</p>',
  },
  moved: { participants: rules(user('chloe')), intro: '<p>d</p>' },
  unclosed: { participants: rules(user('chloe')), intro: '<p>ouvert <!-- commentaire' },
};
const activityNames = Object.keys(ACTIVITIES);
export const activityId = (name: string): number => activityNames.indexOf(name) + 1;

const hex = (text: string): string => createHash('sha1').update(text).digest('hex');
const seedOf = (name: string): string => hex(`seed of ${ACTIVITIES[name]?.seedOf ?? name}`);
const courseOf = (name: string): number => ACTIVITIES[name]?.course ?? 2;
const meetingOf = (name: string, group: string): string =>
  `${seedOf(name)}-${courseOf(name)}-${activityId(name)}${group}`;

interface RowCase {
  readonly activity: string;
  readonly status: number;
  readonly imported?: 1;
  readonly headless?: 1;
  readonly group?: number | null;
}
export interface OwnerCase {
  readonly label: string;
  readonly rows: readonly RowCase[];
  readonly meetingId: string;
  readonly origin?: string;
  /** Pod user names to be, sorted; or the reason why nobody. */
  readonly owners: readonly string[] | string;
  /** The rule's code, when there is one owner or all by one rule. */
  readonly rule?: string;
  /** With moderator_scope = moodle, where it differs. */
  readonly wide?: readonly string[];
  /** Where plugin 2.4, which has no rows, says something else. */
  readonly old?: readonly string[] | string;
}

const row = (activity: string, status = 2, more: Partial<RowCase> = {}): RowCase => ({
  activity,
  status,
  ...more,
});
const simple = (
  label: string,
  activity: string,
  owners: OwnerCase['owners'],
  more: Partial<OwnerCase> = {},
): OwnerCase => ({
  label,
  rows: [row(activity)],
  meetingId: meetingOf(activity, '[0]'),
  owners,
  ...more,
});
const staff = ['anna', 'bruno@univ.example', 'lapsed'];
const byRole = {
  owners: staff,
  wide: [...staff, 'dean'],
  meetingId: meetingOf('byRole', '[0]'),
};

export const OWNER_CASES: readonly OwnerCase[] = [
  { label: 'status 2', rows: [row('byRole')], ...byRole, rule: 'owner-moodle-role' },
  { label: 'status 1, dismissed', rows: [row('byRole', 1)], ...byRole },
  { label: 'status 3, notified', rows: [row('byRole', 3)], ...byRole },
  { label: 'status 4, reset by a new server URL', rows: [row('byRole', 4)], ...byRole },
  { label: 'status 0, by its meetingID', rows: [row('byRole', 0)], ...byRole },
  {
    ...byRole,
    label: 'status 5, deleted',
    rows: [row('byRole', 5)],
    owners: 'skip-deleted-in-moodle',
    old: staff,
  },
  { label: 'two rows in one activity', rows: [row('byRole'), row('byRole', 1)], ...byRole },
  { label: 'an imported copy too', rows: [row('byRole'), row('importer', 2, { imported: 1 })], ...byRole },
  { label: 'an imported copy only', rows: [row('importer', 2, { imported: 1 })], ...byRole },
  {
    ...byRole,
    label: 'a restored copy shares it',
    rows: [row('byRole'), row('copy')],
    owners: [...staff, 'local'],
    wide: [...staff, 'dean', 'local'],
    old: staff,
  },
  {
    ...byRole,
    label: 'one copy deleted, the other not',
    rows: [row('byRole', 5), row('copy')],
    owners: ['local'],
    wide: ['local'],
    old: staff,
  },
  simple('named users, some gone', 'byName', ['bruno@univ.example', 'double'], { rule: 'owner-moodle-user' }),
  simple('role by short name, held above the course', 'byShortName', ['chloe'], {
    rule: 'owner-moodle-creator',
    wide: ['chief', 'dean'],
  }),
  simple('empty participants', 'emptyText', ['anna'], { rule: 'owner-moodle-default-creator' }),
  simple('empty list, creator not enrolled', 'emptyList', ['chloe'], { rule: 'owner-moodle-creator' }),
  simple('malformed JSON', 'broken', ['maker'], { rule: 'owner-moodle-default-creator' }),
  simple('NULL participants', 'nothing', ['anna'], { rule: 'owner-moodle-default-creator' }),
  simple('everybody is moderator', 'everybody', ['anna'], { rule: 'owner-moodle-creator' }),
  simple('everybody, no creator known', 'everybodyAlone', ['chloe'], { rule: 'owner-moodle-teacher' }),
  simple('group 1', 'group', ['local'], {
    rows: [row('group', 2, { group: 1 })],
    meetingId: meetingOf('group', '[1]'),
    wide: ['chief', 'local'],
  }),
  simple('group 2, group NULL in its row', 'group', ['maker'], {
    rows: [row('group', 2, { group: null })],
    meetingId: meetingOf('group', '[2]'),
    wide: ['chief', 'maker'],
  }),
  simple('Moodle automatic format', 'automatic', ['maker']),
  simple('Markdown format', 'markdown', ['maker']),
  simple('plain format', 'plain', ['maker']),
  simple('activity being deleted', 'deleting', ['bruno@univ.example']),
  simple('activity without course module', 'orphan', ['bruno@univ.example']),
  simple('plugin 2.x: no row, no group', 'oldLogs', staff, {
    rows: [],
    meetingId: meetingOf('oldLogs', ''),
    wide: [...staff, 'dean'],
  }),
  simple('no row, group of brackets', 'byName', ['bruno@univ.example', 'double'], { rows: [] }),
  simple('participants as an object', 'asObject', ['local', 'maker']),
  simple('role at module level, hidden activity', 'moduleRole', ['local'], { wide: ['chief', 'local'] }),
  simple('two roles', 'twoRoles', ['chloe'], { wide: ['chief', 'chloe', 'dean'] }),
  simple('context path not built', 'noPath', staff, { wide: [...staff, 'dean'] }),
  simple('viewers only', 'onlyViewers', ['maker'], { rule: 'owner-moodle-creator' }),
  simple('everybody named is gone', 'onlyGone', staff, { rule: 'owner-moodle-teacher' }),
  simple('suspended moderator, barred creator', 'noOne', ['chloe'], { rule: 'owner-moodle-teacher' }),
  simple('guest by name', 'guestRule', ['chloe']),
  simple('same name in another Moodle', 'remoteRule', ['chloe']),
  simple('a viewer rule takes nothing away', 'viewerAfter', ['anna']),
  simple('students moderate', 'students', ['pupil']),
  simple('default rule, creator a student', 'studentCreator', ['pupil'], {
    rule: 'owner-moodle-default-creator',
  }),
  simple('role id as a number', 'numericRole', ['chloe'], { wide: ['chloe', 'dean'] }),
  simple('role that nobody holds', 'system', ['anna'], { rule: 'owner-moodle-creator' }),
  simple('stale course in the meetingID', 'moved', ['chloe'], {
    rows: [],
    meetingId: `${seedOf('moved')}-99-${activityId('moved')}[0]`,
  }),
  simple('stale activity, seed unique', 'moved', ['chloe'], {
    rows: [],
    meetingId: `${seedOf('moved')}-2-4242[0]`,
  }),
  simple('stale activity, seed shared', 'byRole', staff, {
    rule: 'owner-moodle-course',
    rows: [],
    meetingId: `${seedOf('byRole')}-2-4242[0]`,
  }),
  simple('unknown seed, known activity', 'byRole', 'unresolved-no-activity', {
    rows: [],
    meetingId: `${hex('elsewhere')}-2-1[0]`,
  }),
  {
    label: 'headless row, activity gone',
    rows: [{ activity: 'byRole', status: 2, headless: 1 }],
    meetingId: `${hex('headless')}-2-987654[0]`,
    owners: staff,
    rule: 'owner-moodle-course',
  },
  {
    label: 'headless row, deleted',
    rows: [{ activity: 'byRole', status: 5, headless: 1 }],
    meetingId: `${hex('headless, deleted')}-2-987655[0]`,
    owners: 'skip-deleted-in-moodle',
    old: staff,
  },
  {
    label: 'activity gone without a row, course by the meetingID',
    rows: [],
    meetingId: `${hex('no row')}-3-987656[0]`,
    owners: ['chloe'],
    rule: 'owner-moodle-course',
  },
  {
    label: 'activity gone, course gone',
    rows: [],
    meetingId: `${hex('no course')}-99-987657[0]`,
    owners: 'unresolved-no-activity',
  },
  {
    label: 'Greenlight room',
    rows: [],
    meetingId: 'abc-def-ghi-jkl',
    origin: 'greenlight',
    owners: 'unresolved-greenlight',
  },
  { label: 'Pod meeting', rows: [], meetingId: '0042-meeting', origin: '', owners: 'unresolved-origin' },
  simple('description that swallows', 'unclosed', ['chloe']),
];

const START = 1_690_000_000_000;
/** The recording of a case, as getRecordings tells it. */
export const recordingOf = (owner: OwnerCase, i: number): Recording => {
  const startAt = START + i * 3_600_000;
  const recordId = `${hex(owner.meetingId)}-${startAt}`;
  return {
    recordId,
    internalMeetingId: recordId,
    meetingId: owner.meetingId,
    name: `${owner.label} <script>alert("1")</script> 🎓`,
    state: 'published',
    startAt,
    endAt: startAt + 2_520_000,
    participants: 5,
    sizeBytes: 1000,
    isBreakout: false,
    metadata: { 'bbb-origin': owner.origin ?? 'Moodle', 'bbb-origin-server-name': 'moodle.univ.example' },
    formats: [],
    server: 'default',
  };
};

const assign = (roleid: number, contextid: number, name: string): SeedRow => ({
  roleid,
  contextid,
  userid: idOf(name),
});
const moduleContext = (name: string): number => 1000 + activityId(name);

function activityRows(): { bbb: SeedRow[]; logs: SeedRow[]; modules: SeedRow[]; contexts: SeedRow[] } {
  const rows = {
    bbb: [] as SeedRow[],
    logs: [] as SeedRow[],
    modules: [] as SeedRow[],
    contexts: [] as SeedRow[],
  };
  for (const [name, activity] of Object.entries(ACTIVITIES)) {
    const id = activityId(name);
    const course = courseOf(name);
    const { participants = '', intro = '', introformat = 1, creator = 'anna', module } = activity;
    rows.bbb.push({
      id,
      course,
      name: `Activité ${name} 🎓`,
      intro,
      introformat,
      meetingid: seedOf(name),
      participants,
      timecreated: 1_700_000_000,
      timemodified: 1_700_000_000,
    });
    if (creator !== null)
      rows.logs.push({
        courseid: course,
        bigbluebuttonbnid: id,
        userid: idOf(creator),
        timecreated: 1_700_000_000,
        meetingid: seedOf(name),
        log: 'Add',
        meta: null,
      });
    if (module === 'none') continue;
    rows.modules.push({
      id: 100 + id,
      course,
      module: 7,
      instance: id,
      visible: module === 'hidden' ? 0 : 1,
      deletioninprogress: module === 'deleting' ? 1 : 0,
      groupmode: name === 'group' ? 1 : 0,
      showdescription: 1,
    });
    const coursePath = course === 2 ? `/1/11/${CONTEXT.course2}` : `/1/11/${CONTEXT.course3}`;
    rows.contexts.push({
      id: moduleContext(name),
      contextlevel: 70,
      instanceid: 100 + id,
      path: module === 'no-path' ? null : `${coursePath}/${moduleContext(name)}`,
      depth: 4,
    });
  }
  return rows;
}

const enrol = (enrolid: number, name: string, more: SeedRow = {}): SeedRow => ({
  enrolid,
  userid: idOf(name),
  ...more,
});

/** Every row of the site. */
export function moodleSeed(): Seed {
  const activities = activityRows();
  const people = Object.entries(PEOPLE).map(([name, over]) => ({
    username: name,
    firstname: name,
    lastname: 'Exemple',
    email: `${name}@univ.example`,
    auth: 'cas',
    confirmed: 1,
    deleted: 0,
    suspended: 0,
    mnethostid: 1,
    ...over,
  }));
  const recordings = OWNER_CASES.flatMap((owner, i) =>
    owner.rows.map((held) => ({
      courseid: courseOf(held.activity),
      bigbluebuttonbnid: held.headless === 1 ? 987_654 : activityId(held.activity),
      groupid: held.group === undefined ? 0 : held.group,
      recordingid: recordingOf(owner, i).recordId,
      status: held.status,
      imported: held.imported ?? 0,
      headless: held.headless ?? 0,
      importeddata: '',
      timecreated: 1_700_000_000,
    })),
  );
  return {
    config: [
      { name: 'siteidentifier', value: 'OurTestSiteIdentifier0123456789moodle.univ.example' },
      { name: 'mnet_localhost_id', value: '1' },
      { name: 'bigbluebuttonbn_participant_moderator_default', value: '0' },
      { name: 'siteadmins', value: '2' },
    ],
    modules: [
      { id: 3, name: 'assign' },
      { id: 7, name: 'bigbluebuttonbn' },
    ],
    role: Object.entries(ROLE).map(([shortname, id]) => ({
      id,
      shortname,
      name: '',
      description: '',
      sortorder: id,
      archetype: shortname === 'tutor' ? '' : shortname,
    })),
    user: people,
    course: [
      { id: 1, fullname: 'Site', shortname: 'site', cacherev: 1_700_000_000 },
      {
        id: 2,
        fullname: 'Algorithmique & «structures» – L2',
        shortname: "INF201'é",
        cacherev: 1_700_000_000,
        lang: 'fr',
      },
      { id: 3, fullname: 'Projet 🎓', shortname: 'PRJ 2024', cacherev: 0, lang: 'en' },
    ],
    context: [
      { id: CONTEXT.system, contextlevel: 10, instanceid: 0, path: '/1', depth: 1 },
      { id: CONTEXT.category, contextlevel: 40, instanceid: 1, path: '/1/11', depth: 2 },
      { id: CONTEXT.course2, contextlevel: 50, instanceid: 2, path: `/1/11/${CONTEXT.course2}`, depth: 3 },
      { id: CONTEXT.course3, contextlevel: 50, instanceid: 3, path: `/1/11/${CONTEXT.course3}`, depth: 3 },
      ...activities.contexts,
    ],
    role_assignments: [
      ...['anna', 'bruno', 'lapsed', 'paused', 'barred', 'unsure'].map((name) =>
        assign(ROLE.editingteacher, CONTEXT.course2, name),
      ),
      assign(ROLE.editingteacher, CONTEXT.course2, 'anna'),
      assign(ROLE.teacher, CONTEXT.course2, 'maker'),
      assign(ROLE.editingteacher, CONTEXT.course3, 'chloe'),
      assign(ROLE.teacher, CONTEXT.course3, 'maker'),
      assign(ROLE.tutor, CONTEXT.course3, 'local'),
      assign(ROLE.student, CONTEXT.course3, 'pupil'),
      assign(ROLE.student, CONTEXT.course2, 'remote'),
      assign(ROLE.tutor, moduleContext('moduleRole'), 'local'),
      assign(ROLE.editingteacher, CONTEXT.category, 'dean'),
      assign(ROLE.manager, CONTEXT.category, 'dean'),
      assign(ROLE.manager, CONTEXT.system, 'chief'),
      assign(ROLE.tutor, CONTEXT.category, 'chief'),
    ],
    enrol: [
      { id: 1, enrol: 'manual', courseid: 2 },
      { id: 2, enrol: 'manual', courseid: 3 },
      { id: 3, enrol: 'self', courseid: 2, status: 1 },
    ].map((method) => ({ status: 0, ...method })),
    user_enrolments: [
      ...['anna', 'bruno', 'maker', 'pupil', 'paused', 'unsure'].map((name) =>
        enrol(1, name, { status: 0, timeend: 0 }),
      ),
      enrol(1, 'lapsed', { status: 0, timeend: 1_600_000_000 }),
      ...['chloe', 'maker', 'local', 'pupil'].map((name) => enrol(2, name, { status: 0, timeend: 0 })),
    ],
    groups: [
      { id: 1, courseid: 3, name: 'Groupe 1' },
      { id: 2, courseid: 3, name: 'Groupe 2' },
    ],
    groups_members: [
      { groupid: 1, userid: idOf('local') },
      { groupid: 2, userid: idOf('maker') },
    ],
    role_capabilities: [ROLE.manager, ROLE.editingteacher].map((roleid) => ({
      roleid,
      contextid: 1,
      capability: 'moodle/site:accessallgroups',
      permission: 1,
    })),
    bigbluebuttonbn: activities.bbb,
    bigbluebuttonbn_logs: activities.logs,
    course_modules: activities.modules,
    bigbluebuttonbn_recordings: recordings,
  };
}
