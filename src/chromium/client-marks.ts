/*
 * Marks of BigBlueButton's HTML5 client, read from its source (bigbluebutton-html5/imports/ui/components/…) for 2.4,
 * 2.5, 2.6/2.7, 3.0 and the development line called 4.0. docs/live.md lists file and version of each. None of the
 * marks of the frame is hidden by a join parameter that we send.
 */

/** The client's frame: one of them is there whatever is shown (slides, a screen share, a video, nobody's anything). */
export const FRAME_MARKS = [
  '#layout',
  '[data-test="presentationContainer"]',
  '#presentationContainer',
  '[data-test="presentationPlaceholder"]',
  '#presentationInnerWrapper',
  '#whiteboard-element',
  '[data-test="whiteboard"]',
  '.tl-canvas',
  '#cameraDock',
  '#screenshareVideo',
  '[data-test="videoPlayer"]',
  '[data-test="toastContainer"]',
  '[data-test="navigationSidebarContainer"]',
  '#message-input',
] as const;
export const FRAME = FRAME_MARKS.join(',');

/** The one mark that stays as long as the client does: without it the client has crashed, or shows something else. */
export const LASTING_FRAME = '#layout';

/** The pages of a meeting that is over, or that goes on without us: both look alike, BBB's API tells them apart. */
export const OUT = '[data-test="meetingEndedModal"],[data-test="meetingEndedModalTitle"]';

/** Session expired, banned, meeting full while joining: error-screen of all versions, and that of the 4.0 line's pre-flight. */
export const ERROR_SCREEN = '[data-test="errorScreenMessage"],[data-test="preFlightConnectionLost"]';

/** 4.0 line, pre-flight/error-screen/guest-denied: who was denied, before the client is left for the logout page. */
export const DENIED = '[data-test="preFlightGuestDenied"]';

/** The lobby: 2.4 to 2.7 serve guest-wait.html without data-test, 3.0 and later a component of the client. */
export const LOBBY =
  '[data-test="guestMessage"],[data-test="guestLobbyMessage"],#guestLobby,#content > h1#heading,#content > #positionInWaitingQueue';

/** The page on which people set up camera and microphone first (4.0 line); we switch it off. */
export const PRE_FLIGHT = '[data-test="preFlight"]';
export const PRE_FLIGHT_BUTTONS = '[data-test="preFlightListenOnlyButton"],[data-test="preFlightJoinButton"]';

/** Chat: the pane's own marks, what closes it, what opens it (the first that is there). */
export const CHAT = {
  pane: '[data-test="publicChat"],#message-input',
  close: '[data-test="hidePublicChat"],[data-test="hideMessagesButton"]',
  open: [
    '[data-test="chatButton"]',
    '#chat-toggle-button',
    '[data-test="messagesSidebarButton"]',
    '[data-test="publicChatButton"]',
  ],
  send: '[data-test="sendMessageButton"],button[aria-label="Send message"]',
} as const;
