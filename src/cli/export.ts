// openstory export ID: a session's events as they stand in the log, to stdout.
import { once } from 'node:events'
import { type Command, Option } from 'commander'
import { openAsking } from '../app/asking.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

export function exportVerb(program: Command): void {
  withDataDir(program.command('export'))
    .argument('<session>', 'its id, its native id, or a unique beginning of one')
    .description('a session in an open format, to stdout')
    .addOption(
      new Option('--format <format>', 'cloudevents: one CloudEvents 1.0 JSON object a line')
        .choices(['cloudevents'])
        .default('cloudevents'),
    )
    .action(async (wanted: string, flags: SettingFlags) => {
      const asking = openAsking(configOf(flags).dataDir)
      const session = await asking.sessionId(wanted)
      for (const line of asking.logLines(session)) {
        const flowing = process.stdout.write(Buffer.concat([line, Buffer.from('\n')]))
        if (!flowing) await once(process.stdout, 'drain')
      }
      asking.close()
    })
}
