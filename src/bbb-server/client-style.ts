/** What the picture is about: the client's own choice, slides, cameras, or the presentation and shares without cameras. */
export type LiveLayout = 'default' | 'presentation' | 'cameras' | 'share';

/**
 * The client's names of layouts (imports/ui/components/layout/enums.js, LAYOUT_TYPE): `defaultLayout` of the join call up
 * to 2.7, `userdata-bbb_default_layout` from 3.0 on (docs/docs/new-features.md of 3.0: the one replaces the other); what
 * a version does not know, it ignores. Null: nothing is asked.
 */
export const layoutName = (layout: LiveLayout): string | null =>
  ({
    default: null,
    presentation: 'PRESENTATION_FOCUS',
    cameras: 'VIDEO_FOCUS',
    share: 'PRESENTATION_FOCUS',
  })[layout];

/**
 * Furniture that viewers need not see, by data-test or id where there is one; `navbar` and `actionsbar` are class names
 * of 2.4, whose styles were modules. Dialogs (react-modal up to 3.0, MUI in the 4.0 line) ask the viewer, not the live:
 * the audio dialog works unseen.
 */
const FURNITURE = [
  '[class*="navbar"]',
  '#Navbar',
  '[data-test="actionsBar"]',
  '[class*="actionsbar"]',
  '#ActionsBar',
  '[data-test="navigationSidebarContainer"]',
  '[data-test="toastContainer"]',
  '.Toastify',
  '[data-test="notificationBannerBar"]',
  '[data-test="pollingContainer"]',
  '[data-test="recordingIndicator"]',
  '.ReactModalPortal',
  '.MuiDialog-root',
  '.MuiSnackbar-root',
  '[data-test="reactionsButton"]',
  '#presentationToolbarWrapper',
  '[data-test="presentationFullscreenButton"]',
  '[data-test="whiteboardOptionsButton"]',
  '[data-test="minimizePresentation"]',
  '[data-test="restorePresentation"]',
  '[data-test="webcamOptionsButton"]',
  '[data-test="webcamsFullscreenButton"]',
  '[class*="cookie-consent"]',
  '#cookie-consent',
];

/** The list of participants must be open for the chat to be (up to 3.0); only the chat is to be seen. */
const PARTICIPANTS = ['[data-test="userListContent"]', '[data-test="userList"]'];

/** Everything that is hidden, rule by rule: `doctor --join` tells which of them a server's client knows. */
export const hiddenParts = (layout: LiveLayout): string[] => [
  ...FURNITURE,
  ...PARTICIPANTS,
  ...(layout === 'share' ? ['#cameraDock'] : []),
];

/** The style sheet that the client loads for us (`userdata-bbb_custom_style`): nothing but `display: none`. */
export const clientStyle = (layout: LiveLayout): string =>
  `${hiddenParts(layout).join(',')}{display:none!important}`;
