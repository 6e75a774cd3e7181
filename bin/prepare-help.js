// Renders the help of every topic and command at 80 columns into dist/help.json, which bin/run.js reads.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Config, Help, settings } from '@oclif/core';

const root = path.resolve(import.meta.dirname, '..');
settings.enableAutoTranspile = false;
const config = await Config.load(root);

class KeptHelp extends Help {
  text = '';

  log(...words) {
    this.text += `${words.join(' ')}\n`;
  }
}

const texts = {};
const ids = config.commands.filter(({ hidden }) => !hidden).map(({ id }) => id);
const topics = config.topics.map(({ name }) => name);
for (const id of ['', ...topics, ...ids]) {
  const help = new KeptHelp(config, { maxWidth: 80, stripAnsi: true });
  await help.showHelp(id === '' ? [] : [id]);
  texts[id.replaceAll(':', ' ')] = help.text;
}
writeFileSync(path.join(root, 'dist/help.json'), JSON.stringify(texts));
