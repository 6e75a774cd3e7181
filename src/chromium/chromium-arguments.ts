/** What the browser may reach: only these loopback ports, or what the proxy on that port lets through (live sessions). */
export type Reach = { readonly loopbackPorts: readonly number[] } | { readonly proxyPort: number };

export interface ChromiumArgumentFacts {
  readonly headlessShell: boolean;
  readonly headless: boolean;
  readonly sandbox: boolean;
  readonly beginFrame: boolean;
  readonly sound: boolean;
  readonly profile: string;
  readonly reach: Reach;
  readonly size: { readonly width: number; readonly height: number };
  readonly more: readonly string[];
}

/**
 * Command line of a browser that shows content we do not trust. Without network reach every name resolves to
 * nothing and everything but the feeder's port goes to a proxy that does not exist, WebRTC included.
 */
export function chromiumArguments(facts: ChromiumArgumentFacts): string[] {
  return [
    ...(facts.headless ? [facts.headlessShell ? '--headless' : '--headless=new'] : []),
    `--user-data-dir=${facts.profile}`,
    `--window-size=${facts.size.width},${facts.size.height}`,
    ...QUIET,
    ...(facts.sound ? [] : ['--mute-audio']),
    ...reachArguments(facts.reach),
    ...(facts.sandbox ? [] : ['--no-sandbox', '--disable-setuid-sandbox']),
    ...(facts.beginFrame ? BEGIN_FRAME : []),
    ...facts.more,
    // The shell opens no page by itself while it is driven (headless_shell.cc), and whoever draws opens its own.
    ...(facts.beginFrame ? [] : ['about:blank']),
  ];
}

const QUIET = [
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--password-store=basic',
  '--use-mock-keychain',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-component-extensions-with-background-pages',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-hang-monitor',
  '--disable-popup-blocking',
  '--disable-prompt-on-repost',
  '--disable-sync',
  '--disable-translate',
  '--metrics-recording-only',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--force-device-scale-factor=1',
  // As a desktop's Chromium shows letters; headless, it would hint them in full (headless_browser.h).
  '--font-render-hinting=slight',
  '--disable-lcd-text',
  '--disable-gpu',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AcceptCHFrame,DialMediaRouteProvider,' +
    'OptimizationGuideModelExecution,OptimizationGuideOnDeviceModel,AIPromptAPI',
  // Chromium starts its service of on-device models (40 MB) after three minutes, to find out which class of performance the
  // machine is of (components/optimization_guide/core/model_execution/performance_class.cc): it is told, 1 is "error".
  '--optimization-guide-performance-class=1',
];

/** For HeadlessExperimental.beginFrame: the page paints only when asked, and images decode before the picture. */
const BEGIN_FRAME = [
  '--enable-begin-frame-control',
  '--run-all-compositor-stages-before-draw',
  '--disable-new-content-rendering-timeout',
  '--disable-checker-imaging',
  '--disable-threaded-animation',
  '--disable-threaded-scrolling',
  // One process less to start; on Linux it has no sandbox of its own anyhow.
  '--enable-features=NetworkServiceInProcess2',
];

function reachArguments(reach: Reach): string[] {
  if ('proxyPort' in reach)
    return [
      `--proxy-server=http://127.0.0.1:${reach.proxyPort}`,
      // This machine and its neighbours too: by itself Chromium goes straight to them.
      '--proxy-bypass-list=<-loopback>',
      '--disable-quic',
      '--dns-prefetch-disable',
    ];
  return [
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    '--proxy-server=http://127.0.0.1:9',
    `--proxy-bypass-list=${['<-loopback>', ...reach.loopbackPorts.map((port) => `127.0.0.1:${port}`)].join(';')}`,
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--disable-quic',
    '--dns-prefetch-disable',
  ];
}
