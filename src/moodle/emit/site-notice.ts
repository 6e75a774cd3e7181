/** Commands for Moodle's own message on BigBlueButton pages (plugin 2.4 on): no intro is touched. */
export interface SiteNotice {
  readonly set: readonly string[];
  readonly unset: readonly string[];
}

interface SiteNoticeText {
  readonly message: string;
  readonly buttonText: string;
  readonly buttonUrl: string;
}

const NAME = 'bigbluebuttonbn_general_warning';

/** Renders the commands; pure. They are run in Moodle's directory as the web server's user. */
export function siteNotice({ message, buttonText, buttonUrl }: SiteNoticeText): SiteNotice {
  const values: readonly (readonly [string, string])[] = [
    [`${NAME}_message`, message],
    [`${NAME}_roles`, 'editingteacher,teacher'],
    [`${NAME}_box_type`, 'info'],
    [`${NAME}_button_text`, buttonText],
    [`${NAME}_button_href`, buttonUrl],
  ];
  return {
    set: values.map(([name, value]) => `php admin/cli/cfg.php --name=${name} --set=${shellQuote(value)}`),
    unset: values.map(([name]) => `php admin/cli/cfg.php --name=${name} --unset`),
  };
}

const shellQuote = (text: string): string => `'${text.replace(/\s+/g, ' ').replaceAll("'", "'\\''")}'`;
