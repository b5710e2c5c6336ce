// openstory retry: events that a consumer could not handle are tried again.
import type { Command } from 'commander'
import { retry } from '../app/retry.ts'
import { printJson, printLine } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

export function retryVerb(program: Command): void {
  withDataDir(program.command('retry [consumer]'))
    .description('try events again that a consumer had set aside because it could not handle them')
    .option('--json', 'the result as JSON')
    .action((consumer: string | undefined, flags: SettingFlags & { json?: boolean }) => {
      const done = retry(configOf(flags), consumer ?? null)
      if (flags.json) return printJson(done)
      if (done.consumers.length === 0) return printLine('nothing is set aside')
      for (const { consumer: name, events } of done.consumers)
        printLine(
          `${events} ${events === 1 ? 'event goes' : 'events go'} to ${name} again${done.runs ? '' : ' when OpenStory starts'}; see: openstory doctor`,
        )
    })
}
