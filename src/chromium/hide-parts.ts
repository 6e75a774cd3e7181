import type { Page } from 'puppeteer';

/**
 * Adds a style sheet to the page and to every document that follows it, before anything of it is painted: some clients take
 * the one of the join call only late, or not at all. A constructed sheet, since a content policy of the page forbids none.
 */
export async function hideParts(page: Page, style: string): Promise<void> {
  await page.evaluateOnNewDocument(`(() => {
    if (window !== window.top) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(style)});
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  })()`);
}
