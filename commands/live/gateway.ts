import { BaseCommand, ExitStatus } from '../../src/cli/kit/base-command.js';

export default class LiveGateway extends BaseCommand {
  static override summary = "answer what Pod's webinars call (/start, /stop, /chat), as SIPMediaGW did";
  static override examples = ['<%= config.bin %> live gateway'];

  protected override readonly keepsLog = true;

  protected async execute(): Promise<ExitStatus> {
    const { flags } = await this.parse(LiveGateway);
    const { serveGateway } = await import('../../src/cli/live/gateway.js');
    await serveGateway(this.openContext(flags), (line) => this.say(line));
    return ExitStatus.done;
  }
}
