// openstory trace EVENT_ID: the seven stops of one event, with times.
import type { Command } from 'commander'
import { askServer } from '../app/ask-server.ts'
import { openAsking } from '../app/asking.ts'
import { ConfigError } from '../app/errors.ts'
import { printColumns, printJson } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

export function traceVerb(program: Command): void {
  withDataDir(program.command('trace'))
    .argument('<event>', 'the id of an event')
    .description('the seven stops of one event, with times')
    .option('--json', 'as JSON')
    .action(async (id: string, flags: SettingFlags & { json?: boolean }) => {
      const { dataDir } = configOf(flags)
      const asking = openAsking(dataDir)
      // A server that runs knows more: whether the event was passed on to a page.
      const trace =
        (await askServer<Awaited<ReturnType<typeof asking.trace>>>(
          dataDir,
          `/api/events/${encodeURIComponent(id)}/trace`,
        )) ?? (await asking.trace(id))
      asking.close()
      if (trace === null) throw new ConfigError(`there is no event ${id}; ids are in: openstory show SESSION --json`)
      if (flags.json) return printJson(trace)
      printColumns(trace.stops.map(({ stop, where, time, says }) => [String(stop), where, time ?? '', says]))
    })
}
