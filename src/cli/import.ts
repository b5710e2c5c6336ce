// openstory import: backfill everything the watchers see (or the folders given), with progress, then exit.
import type { Command } from 'commander'
import { importAll, type Progress } from '../app/import.ts'
import { createLog } from '../app/log.ts'
import { megabytes, printJson, printLine, say } from './print.ts'
import { configOf, type SettingFlags, withSources } from './settings.ts'

export function importVerb(program: Command): void {
  withSources(program.command('import'))
    .description('read all transcripts there are into the record, then exit')
    .option('--json', 'the result as JSON')
    .action(async (flags: SettingFlags & { json?: boolean }) => {
      const config = configOf(flags)
      const terminal = process.stderr.isTTY === true
      const { result, damage, torn } = await importAll(
        config,
        createLog(process.env.OPENSTORY_LOG ?? 'warn'),
        (progress) => tell(progress, terminal),
      )
      if (terminal) process.stderr.write('\r\u001b[K')
      for (const { file, offset, why } of [...damage, ...torn]) say(`${file}, byte ${offset}: ${why}`)
      if (flags.json) return printJson(result)
      const rate = result.seconds > 0 ? result.bytes / 1e6 / result.seconds : 0
      printLine(
        `${result.files} files, ${result.lines} new lines, ${result.events} new events, ${result.sessions} sessions in the record`,
      )
      printLine(
        `${result.damaged} damaged lines (kept as they are), ${result.unknown} events of unknown kinds (kept as other.*)`,
      )
      printLine(`${megabytes(result.bytes)} in ${result.seconds.toFixed(1)} s, ${rate.toFixed(1)} MB/s`)
    })
}

function tell({ files, waiting, bytes, events, behind }: Progress, terminal: boolean): void {
  if (!terminal) return
  const left = waiting > 0 ? `${waiting} of ${files} files to read` : `${behind} events to index`
  process.stderr.write(`\r\u001b[K${megabytes(bytes)} read, ${events} events, ${left}`)
}
