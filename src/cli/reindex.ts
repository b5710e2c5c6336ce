// openstory reindex: the store made anew from the log.
import type { Command } from 'commander'
import { createLog } from '../app/log.ts'
import { reindex } from '../app/reindex.ts'
import { printJson, printLine } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

export function reindexVerb(program: Command): void {
  withDataDir(program.command('reindex'))
    .description('throw the store away and make it anew from the log')
    .option('--json', 'the result as JSON')
    .action(async (flags: SettingFlags & { json?: boolean }) => {
      const terminal = process.stderr.isTTY === true
      const done = await reindex(configOf(flags), createLog('warn'), (events) => {
        if (terminal) process.stderr.write(`\r\u001b[K${events} events`)
      })
      if (terminal) process.stderr.write('\r\u001b[K')
      if (flags.json) return printJson(done)
      printLine(`${done.events} events from the log in ${done.seconds.toFixed(1)} s`)
    })
}
