// openstory init: a commented config in the data folder, and what was found on this machine.
import type { Command } from 'commander'
import { findAgents, foundSays, writeConfig } from '../app/init.ts'
import { printColumns, printJson, printLine } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

export function initVerb(program: Command): void {
  withDataDir(program.command('init'))
    .description('write a commented config and say what was found on this machine')
    .option('--json', 'the findings as JSON')
    .action((flags: SettingFlags & { json?: boolean }) => {
      const { dataDir } = configOf(flags)
      const { path, written } = writeConfig(dataDir)
      const found = findAgents()
      if (flags.json) return printJson({ config: path, written, found })
      printLine(written ? `wrote ${path}` : `${path} is there already and was left alone`)
      printColumns(found.map((agent) => [agent.label, foundSays(agent), agent.path]))
    })
}
