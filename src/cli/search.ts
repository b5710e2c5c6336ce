// openstory search WORDS: full text over the whole record, newest first.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import { printJson, printLine, printMarked, say, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

interface Flags extends SettingFlags {
  readonly json?: boolean
  readonly limit: string
  readonly best?: boolean
}

export function searchVerb(program: Command): void {
  withDataDir(program.command('search'))
    .argument(
      '<words...>',
      'words, "phrases", prefix*, -without, agent: project: session: model: type: tool: file: is:error cost:>1 turn:>1 since: until:',
    )
    .description('full text over everything that was kept')
    .option('--limit <n>', 'at most so many', '20')
    .option('--best', 'best matches first instead of newest')
    .option('--json', 'as JSON')
    .action(async (words: string[], flags: Flags) => {
      const asking = openAsking(configOf(flags).dataDir)
      const answer = await asking.search(queryOf(words), {
        limit: Number(flags.limit),
        offset: 0,
        ranked: flags.best === true,
      })
      asking.close()
      if (flags.json)
        return printJson(
          answer.hits.map(({ event, session, time, kind, snippet, score }) => ({
            event,
            session,
            time,
            kind,
            snippet: snippet.map(({ text }) => text).join(''),
            score,
          })),
        )
      for (const hit of answer.hits) {
        printLine(`${when(hit.time)}  ${hit.session}  ${hit.kind}  ${hit.event}`)
        printMarked('    ', hit.snippet)
      }
      say(
        `${answer.hits.length === 0 ? 'nothing found' : `${answer.hits.length} found`} for ${answer.understood} in ${answer.tookMs.toFixed(0)} ms`,
      )
    })
}

// The shell has taken a person's quotes: an argument of several words was a phrase.
const queryOf = (words: readonly string[]): string =>
  words.length === 1
    ? words[0]!
    : words.map((word) => (/\s/.test(word) && !word.includes('"') ? `"${word}"` : word)).join(' ')
