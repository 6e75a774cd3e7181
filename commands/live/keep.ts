import * as Flags from '@oclif/core/flags';
import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';

export default class LiveKeep extends BaseCommand {
  static override description = 'keep one live on air: started by live run, one process per live';
  static override hidden = true;
  static override flags = { live: Flags.string({ required: true, description: 'id of the live' }) };

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(LiveKeep);
    const { keepStored } = await import('../../src/cli/live/keep.js');
    await keepStored(this.openContext(flags), flags.live);
    return ExitStatus.done;
  }
}
