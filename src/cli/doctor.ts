// openstory doctor: what is found, what is off, and the remedy. Exit code 1 when something is off.
import type { Command } from 'commander'
import { diagnose } from '../app/doctor.ts'
import { printJson, printLine } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

const MARK = { ok: '✓', note: '·', off: '✗' } as const

export function doctorVerb(program: Command): void {
  withDataDir(program.command('doctor'))
    .description('what is found, what is off, and the remedy')
    .option('--json', 'as JSON')
    .action(async (flags: SettingFlags & { json?: boolean }) => {
      const findings = await diagnose(configOf(flags))
      if (flags.json) printJson(findings)
      else
        for (const { is, about, says, remedy } of findings)
          printLine(`${MARK[is]} ${about}: ${says}${remedy ? ` — ${remedy}` : ''}`)
      if (findings.some(({ is }) => is === 'off')) process.exitCode = 1
    })
}
