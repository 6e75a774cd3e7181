import type { Secret } from '../kit/config/secret.js';
import { clientStyle, layoutName, type LiveLayout } from './client-style.js';
import type { LiveApi } from './live-api.js';

export interface JoinRequest {
  readonly meetingId: string;
  readonly createTime: number;
  readonly botName: string;
  /** Fixed: participants that are ours are known by it. */
  readonly userId: string;
  readonly locale: string;
  readonly showChat: boolean;
  /** Whether it listens. */
  readonly audio: boolean;
  readonly layout: LiveLayout;
  /** Only servers older than 2.4 need one. */
  readonly attendeePassword: Secret | null;
}

/**
 * The signed address with which the bot joins, as a listener. `role` serves 2.4 and later, the password the
 * older ones; `createTime` keeps it out of a meeting created again; `bot` is 3.0's. Parameters that a version
 * does not know, it ignores.
 */
export function joinUrl(api: LiveApi, request: JoinRequest): string {
  const layout = layoutName(request.layout);
  const query = new URLSearchParams({
    meetingID: request.meetingId,
    fullName: request.botName,
    role: 'VIEWER',
    userID: request.userId,
    createTime: String(request.createTime),
    excludeFromDashboard: 'true',
    bot: 'true',
    redirect: 'true',
    ...(request.attendeePassword === null ? {} : { password: request.attendeePassword.reveal() }),
    'userdata-bbb_auto_join_audio': String(request.audio),
    'userdata-bbb_listen_only_mode': 'true',
    'userdata-bbb_force_listen_only': String(request.audio),
    'userdata-bbb_skip_check_audio': 'true',
    'userdata-bbb_skip_check_audio_on_first_join': 'true',
    'userdata-bbb_auto_share_webcam': 'false',
    'userdata-bbb_override_default_locale': request.locale,
    'userdata-bbb_hide_nav_bar': 'true',
    'userdata-bbb_hide_actions_bar': 'true',
    // Up to 3.0 the chat opens at join only together with the participants (startup/client/base.jsx).
    'userdata-bbb_show_participants_on_login': String(request.showChat),
    'userdata-bbb_show_public_chat_on_login': String(request.showChat),
    'userdata-bbb_show_session_details_on_join': 'false',
    'userdata-bbb_ask_for_feedback_on_logout': 'false',
    'userdata-bbb_hide_notifications': 'true',
    // 4.0 line: pre-flight/service.ts; its tests still use the older name.
    'userdata-bbb_pre_flight': 'false',
    'userdata-bbb_pre_flight_screen': 'false',
    ...(layout === null ? {} : { defaultLayout: layout, 'userdata-bbb_default_layout': layout }),
    'userdata-bbb_custom_style': clientStyle(request.layout),
  });
  return api.sign('join', query);
}
