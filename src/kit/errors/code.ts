/** Every code of the product: each `texts` module adds its own keys to it, so that no room imports a catalogue. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface KnownCodes {}

/** What a failure, a reason or a finding is called: stable, the same in every language. */
export type Code = keyof KnownCodes;

/** The values that a text names in braces. */
export type CodeParameters = Readonly<Record<string, string | number>>;

/** What people read follows their locale; JSON and logs are always English. */
export type Language = 'en' | 'fr';

/** The codes that a `defineTexts` result holds. */
export type CodesOf<T> = T extends { readonly codes: infer D } ? keyof D & string : never;
