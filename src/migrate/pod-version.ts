import { isAtLeast } from '../kit/versions.js';

/** Versions of Pod that its tables tell apart, oldest first; each is a lower bound. */
export const POD_VERSIONS = ['3.5', '3.6', '3.7', '3.8', '4.0', '4.0.1', '4.2', '4.3', '4.4'] as const;
export type PodVersion = (typeof POD_VERSIONS)[number];

/** The later of what the tables tell and what `[pod] version` says. */
export const knownVersion = (seen: string, configured: string | undefined): string =>
  configured !== undefined && isAtLeast(configured, seen) ? configured : seen;

/** From here on imports refuse private addresses (release notes of 4.3.0, pull request 1454). */
export const REFUSES_PRIVATE_SINCE = '4.3';
