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
 * Furniture that viewers need not see, by data-test or id where there is one. Read in bigbluebutton-html5/imports/ui of
 * tags v2.4.5 and v2.5.0-beta.1, of release 2.6.14, and of single files of 2.7, 3.0 and the 4.0 line (docs/live.md).
 */
const FURNITURE = [
  // Bars: 2.4's styles were modules, 2.5 has no name for its own (absent with hide_nav_bar, hide_actions_bar).
  '[class*="navbar"]',
  '#Navbar',
  '[data-test="actionsBar"]',
  '[class*="actionsbar"]',
  '#ActionsBar',
  '[data-test="notificationBannerBar"]',
  '[data-test="recordingIndicator"]',
  '[data-test="reactionsButton"]',
  // 4.0 line
  '[data-test="navigationSidebarContainer"]',
  '[data-test="sidebarContentAuxiliary"]',
  // Toasts
  '[data-test="toastContainer"]',
  '.Toastify',
  // Polls asked of the viewer, with the veil that phones (up to 640 pixels) get behind them; 3.0: #polling-container.
  '#polling-container',
  'div:not(#app,#layout):has(>[data-test="pollingContainer"]:only-child)',
  '[data-test="pollingContainer"]',
  // Dialogs ask the viewer, not the live; that of the audio works unseen. react-modal keeps them in a portal of its own up
  // to 2.6, in #modals-container > .modal-low, -medium or -high from 2.7 on (common/modal/base); menus and notices are MUI's.
  '.ReactModalPortal',
  '#modals-container',
  '.modal-low',
  '.modal-medium',
  '.modal-high',
  '.modalOverlay',
  '.permissionsOverlay',
  '.MuiDialog-root',
  '.MuiModal-root',
  '.MuiPopover-root',
  '.MuiPopper-root',
  '.MuiSnackbar-root',
  // Tooltips (common/tooltip: tippy.js)
  '.tippy-popper',
  '[data-tippy-root]',
  // Round the slides: toolbars, menu, download and minimise buttons; the tools of whoever may draw (own ones up to 2.5,
  // tldraw 1 in 2.6 and 2.7, tldraw 2 from 3.0 on)
  '#presentationToolbarWrapper',
  '[data-test="presentationFullscreenButton"]',
  '#WhiteboardOptionButton',
  '[data-test="whiteboardOptionsButton"]',
  '[data-test="presentationDownload"]',
  '[data-test="hidePresentationButton"]',
  '[data-test="minimizePresentation"]',
  '[data-test="restorePresentation"]',
  '[class*="toolbarContainer"]',
  '.toolbarButtonWrapper',
  '[data-test="toolsBtn"]',
  '[id^="TD-"]',
  '.tlui-layout',
  // On the cameras: buttons, and the arrows to the next page of them
  '[data-test="webcamOptionsButton"]',
  '[data-test="webcamOptionsMenuSqueezed"]',
  '[data-test="webcamFullscreenButton"]',
  '[data-test="webcamsFullscreenButton"]',
  '[data-test="pinVideoButton"]',
  '[data-test="nextPageVideoPaginationBtn"]',
  '[data-test="previousPageVideoPaginationBtn"]',
  '#cameraDock button:has(.icon-bbb-left_arrow)',
  '#cameraDock button:has(.icon-bbb-right_arrow)',
  // What sites add: notices about cookies, of their own or of a library (cookieconsent, tarteaucitron)
  '[class*="cookie" i]',
  '[id*="cookie" i]',
  '.cc-window',
  '#tarteaucitronRoot',
];

/** The list of participants must be open for the chat to be (up to 3.0); only the chat is to be seen. */
const PARTICIPANTS = [
  '[data-test="userListContent"]',
  '[data-test="userList"]',
  '[data-test="userListPanel"]',
];

/** Everything that is hidden, rule by rule: `doctor --join` tells which of them a server's client knows. */
export const hiddenParts = (layout: LiveLayout): string[] => [
  ...FURNITURE,
  ...PARTICIPANTS,
  ...(layout === 'share' ? ['#cameraDock'] : []),
];

/**
 * The style sheet that the client loads for us (`userdata-bbb_custom_style`), and that the bot's browser adds by itself for
 * clients that do not. Whatever else bears such a name, what holds the client itself is never hidden. No pointer rests on
 * anything: the one of a virtual screen stands in its middle, where videos show their controls to it.
 */
export const clientStyle = (layout: LiveLayout): string =>
  `body :is(${hiddenParts(layout).join(',')}):not(:has(#layout)){display:none!important}` +
  '#layout *{pointer-events:none!important}';
