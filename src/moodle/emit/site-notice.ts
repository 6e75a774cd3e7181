import { shellQuote } from '../../kit/output/shell.js';

/** Commands for Moodle's own message on BigBlueButton pages (plugin 2.2 on): no intro is touched. */
export interface SiteNotice {
  readonly set: readonly string[];
  readonly unset: readonly string[];
}

const TEXTS = {
  fr: {
    message:
      'Les anciens enregistrements de cette classe virtuelle ont déménagé sur Pod, notre plateforme vidéo.',
    button: 'Retrouver mes enregistrements dans Pod',
  },
  en: {
    message: 'Former recordings of this classroom have moved to Pod, our video platform.',
    button: 'Find my recordings in Pod',
  },
} as const;

const NAME = 'bigbluebuttonbn_general_warning';

/** Renders the commands; pure. They are run in Moodle's directory as the web server's user. */
export function siteNotice(language: 'fr' | 'en', buttonUrl: string): SiteNotice {
  const { message, button } = TEXTS[language];
  const values: readonly (readonly [string, string])[] = [
    [`${NAME}_message`, message],
    [`${NAME}_roles`, 'editingteacher,teacher'],
    [`${NAME}_box_type`, 'info'],
    [`${NAME}_button_text`, button],
    [`${NAME}_button_href`, buttonUrl],
  ];
  return {
    set: values.map(([name, value]) => `php admin/cli/cfg.php --name=${name} --set=${shellQuote(value)}`),
    unset: values.map(([name]) => `php admin/cli/cfg.php --name=${name} --unset`),
  };
}
