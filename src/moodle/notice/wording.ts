/** `1 recording`, `3 recordings`, in the language of the notice. */
export function numberOf(count: number, language: 'fr' | 'en'): string {
  if (language === 'en') return `${count} ${count === 1 ? 'recording' : 'recordings'}`;
  return `${count} ${count < 2 ? 'enregistrement' : 'enregistrements'}`;
}

/** From the first to the last day; one day is one date. */
export function periodOf(since: string, until: string, language: 'fr' | 'en'): string {
  if (since === until) return language === 'en' ? `on ${since}` : `le ${since}`;
  return language === 'en' ? `from ${since} to ${until}` : `du ${since} au ${until}`;
}
