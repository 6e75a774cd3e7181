/** The columns of one table that we name in a statement. */
export interface TableUse {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of the columns, those that only some versions have: they are read and written where they stand. */
  readonly varying?: readonly string[];
  readonly rights: readonly ('SELECT' | 'INSERT' | 'UPDATE' | 'DELETE')[];
  /** Some versions lack it: its absence is a fact, not a fault. */
  readonly optional?: true;
  /** Of the versions 3.5.1 to 4.1.0 only some have it; what is optional and does not vary is in each of them. */
  readonly varies?: true;
}

export const RECORDING_COLUMNS = [
  'id',
  'owner_id',
  'site_id',
  'name',
  'start_at',
  'type',
  'source_url',
  'state',
  'uploaded_to_pod_by_id',
] as const;

export const USER_COLUMNS = [
  'id',
  'password',
  'last_login',
  'is_superuser',
  'username',
  'first_name',
  'last_name',
  'email',
  'is_staff',
  'is_active',
  'date_joined',
] as const;

export const OWNER_COLUMNS = [
  'id',
  'user_id',
  'auth_type',
  'affiliation',
  'commentaire',
  'hashkey',
  'establishment',
] as const;

export const PLAYLIST_COLUMNS = [
  'id',
  'name',
  'description',
  'password',
  'visibility',
  'autoplay',
  'promoted',
  'editable',
  'slug',
  'date_created',
  'date_updated',
  'owner_id',
  'site_id',
] as const;

export const FOLDER_COLUMNS = ['id', 'name', 'created_at', 'owner_id'] as const;

const TREATMENT_COLUMNS = [
  'id',
  'file',
  'file_size',
  'date_added',
  'require_manual_claim',
  'email_sent',
  'date_email_sent',
  'type',
  'recorder_id',
] as const;

const CHANGED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;
const ADDED = ['SELECT', 'INSERT', 'DELETE'] as const;
const READ = ['SELECT'] as const;

/** Every table and column that the migration names. What GRANTs and doctor say comes from here. */
export const TABLES: readonly TableUse[] = [
  { table: 'auth_user', columns: USER_COLUMNS, rights: CHANGED },
  { table: 'django_site', columns: ['id', 'domain', 'name'], rights: READ },
  { table: 'authentication_owner', columns: OWNER_COLUMNS, rights: ADDED },
  { table: 'authentication_owner_sites', columns: ['id', 'owner_id', 'site_id'], rights: ADDED },
  { table: 'playlist_playlist', columns: PLAYLIST_COLUMNS, rights: CHANGED, optional: true },
  { table: 'podfile_userfolder', columns: FOLDER_COLUMNS, rights: ADDED, optional: true },
  { table: 'import_video_externalrecording', columns: RECORDING_COLUMNS, rights: CHANGED },
  {
    table: 'recorder_recorder',
    columns: ['id', 'name', 'directory', 'recording_type', 'user_id'],
    rights: READ,
  },
  { table: 'recorder_recorder_sites', columns: ['recorder_id', 'site_id'], rights: READ },
  { table: 'recorder_recording', columns: ['source_file'], rights: READ },
  { table: 'recorder_recordingfile', columns: ['file'], rights: READ },
  { table: 'recorder_recordingfiletreatment', columns: TREATMENT_COLUMNS, rights: ADDED },
  {
    table: 'meeting',
    columns: ['id', 'meeting_id', 'name', 'site_id', 'owner_id', 'created_at'],
    rights: READ,
    optional: true,
  },
  { table: 'meeting_additional_owners', columns: ['meeting_id', 'user_id'], rights: READ, optional: true },
  {
    table: 'meeting_internalrecording',
    columns: ['id', 'recording_id', 'source_url', 'owner_id'],
    rights: READ,
    optional: true,
  },
  {
    table: 'meeting_meetingsessionlog',
    columns: ['meeting_id', 'creation_date', 'creator_id'],
    rights: READ,
    optional: true,
    varies: true,
  },
  {
    table: 'bbb_bbb_meeting',
    columns: ['id', 'internal_meeting_id'],
    rights: READ,
    optional: true,
    varies: true,
  },
  {
    table: 'bbb_attendee',
    columns: ['role', 'meeting_id', 'user_id'],
    rights: READ,
    optional: true,
    varies: true,
  },
];

/** Columns that only tell versions apart; they are read from the catalogue, never selected. */
export const VERSION_TABLES = [
  'recorder_recorder_tags',
  // Pod 4.2: esup-runner (pod/video_encode_transcript/models.py).
  'runner_manager',
  // Pod 5 (src/apps of its back end).
  'authentication_serverrole',
  'collection_playlist',
  'collection_favorite',
  'core_migrationmapping',
] as const;

export const written = (): string[] =>
  TABLES.filter(({ rights }) => rights.includes('INSERT')).map(({ table }) => table);
