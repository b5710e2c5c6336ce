// openstory reindex: the store made anew from the log, and older events from the lines they carry.
import type { Command } from 'commander'
import { createLog } from '../app/log.ts'
import { reindex } from '../app/reindex.ts'
import { printJson, printLine } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

export function reindexVerb(program: Command): void {
  withDataDir(program.command('reindex'))
    .description(
      'throw the store away and make it anew from the log; events of an older version are made anew from the lines they carry',
    )
    .option('--from-raw', 'make all events anew from their lines, not only those of an older version')
    .option('--json', 'the result as JSON')
    .action(async (flags: SettingFlags & { json?: boolean; fromRaw?: boolean }) => {
      const terminal = process.stderr.isTTY === true
      const show = (text: string) => void (terminal && process.stderr.write(`\r\u001b[K${text}`))
      const done = await reindex(
        configOf(flags),
        createLog('warn'),
        ({ doing, done }) => show(doing === 'telling' ? `${done} lines looked at again` : `${done} events`),
        { fromRaw: flags.fromRaw === true },
      )
      show('')
      if (flags.json) return printJson(done)
      const { lines, files, left } = done.retold
      if (lines > 0) printLine(`${lines} lines of ${files} sessions say more now than they did`)
      if (left > 0) printLine(`${left} lines stay as they were: a line alone does not say all that was read with it`)
      printLine(`${done.events} events from the log in ${done.seconds.toFixed(1)} s`)
    })
}
