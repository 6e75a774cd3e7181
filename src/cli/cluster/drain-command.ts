import { wrap } from '../../cluster/check/render-table.js';
import { Args, Flags } from '@oclif/core';
import { BaseCommand, ExitStatus } from '../kit/base-command.js';
import { inventoryFlag, sayForDocument } from './flags.js';
import type { DrainFlags } from './drain.js';
import { words } from './words.js';

export const drainArguments = {
  node: Args.string({ required: true, description: 'name of the node in the inventory, or spareN' }),
};
export const drainFlags = {
  ...inventoryFlag,
  apply: Flags.boolean({ description: 'do it; without it the commands are printed' }),
  yes: Flags.boolean({ char: 'y', description: 'do not ask (compulsory without a terminal)' }),
  wait: Flags.integer({
    min: 1,
    default: 60,
    description: 'seconds that viewers, participants or jobs may take',
  }),
};

/** A comment goes on in a comment; a command stays in its line. */
const wrapComment = (line: string): string =>
  line.startsWith('# ') ? wrap(line, 2).replaceAll('\n  ', '\n# ') : line;

/** What `drain` and `ready` share: print, or ask and apply. */
export abstract class DrainCommand extends BaseCommand {
  protected override readonly configurationRequired = false;

  protected async takeOutOrBack(
    direction: 'drain' | 'ready',
    flags: Parameters<DrainCommand['openContext']>[0] & { apply: boolean; yes: boolean },
    drain: Omit<DrainFlags, 'say'>,
  ): Promise<ExitStatus> {
    sayForDocument(flags.json);
    const context = this.openContext(flags);
    const { prepareDrain } = await import('./drain.js');
    const said: string[] = [];
    const prepared = prepareDrain(context, direction, {
      ...drain,
      say: (line) => {
        said.push(line);
        this.say(line);
      },
    });
    const commands = flags.apply && !flags.json ? [] : await prepared.listCommands();
    if (flags.apply) {
      const { confirm } = await import('../kit/confirm.js');
      await confirm(
        direction === 'drain'
          ? words.takeOut({ name: prepared.target.name })
          : words.takeBack({ name: prepared.target.name }),
        flags.yes,
      );
      await prepared.apply();
    }
    if (flags.json)
      this.printJson({
        schema: 1,
        ...prepared.target,
        direction,
        applied: flags.apply,
        commands,
        said,
      });
    else if (!flags.apply) {
      this.print(commands.map(wrapComment).join('\n'));
      this.say(words.nothingDone());
    }
    return ExitStatus.done;
  }
}
