// openstory files: which files agents touched; --path: every turn that touched one; --prompt: what one prompt made, and for how much.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import { refreshPrices } from '../app/cost.ts'
import { ConfigError } from '../app/errors.ts'
import { allFiles, FILE_SORTS, oneFile, promptFiles } from '../app/files.ts'
import type { FileAnswer, FilesAnswer, TurnFilesAnswer } from '../wire/files.ts'
import { moneyIn, oneLine, printColumns, printJson, printLine, say, some, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

interface Flags extends SettingFlags {
  readonly path?: string
  readonly prompt?: string
  readonly session?: string
  readonly under?: string
  readonly sort: string
  readonly read?: boolean
  readonly changed?: boolean
  readonly aside?: boolean
  readonly limit?: string
  readonly json?: boolean
}

const LIMIT = 50
const CALLS_MAX = 3 // of a turn that people are shown; JSON has them all

export function filesVerb(program: Command): void {
  withDataDir(program.command('files'))
    .argument('[words...]', 'only files with these words in their path')
    .description('files that agents touched: by which prompt, in which session, for how much')
    .option('--path <path>', 'every turn that changed or read this file; the end of a path will do')
    .option('--prompt <id>', 'the files that this prompt or turn made, changed and read')
    .option('--session <id>', 'only files that this session touched')
    .option('--under <folder>', 'only files in this folder')
    .option('--sort <order>', `by ${FILE_SORTS.join(', ')}`, 'changed')
    .option('--read', 'what was only read as well; with --path: only what read it')
    .option('--changed', 'with --path: only what changed it')
    .option('--aside', 'plans, memories and scratch files as well')
    .option('--limit <n>', 'at most so many; all with --json unless given')
    .option('--json', 'as JSON')
    .action(async (words: string[], flags: Flags) => {
      if (flags.path !== undefined && flags.prompt !== undefined)
        throw new ConfigError('ask for a file with --path or for a prompt with --prompt, not for both')
      const { dataDir } = configOf(flags)
      await refreshPrices(dataDir)
      const asking = openAsking(dataDir)
      try {
        const limit = flags.limit === undefined ? (flags.json ? Number.MAX_SAFE_INTEGER : LIMIT) : limitIn(flags.limit)
        const page = { limit, offset: 0 }
        if (flags.prompt !== undefined) tell(flags, await promptFiles(asking, flags.prompt), printPrompt)
        else if (flags.path !== undefined) {
          const what = flags.changed ? 'changed' : flags.read ? 'read' : 'all'
          tell(flags, await oneFile(asking, { path: flags.path, what, ...page }), printFile)
        } else {
          const session = flags.session === undefined ? {} : { session: await asking.sessionId(flags.session) }
          const under = flags.under === undefined ? {} : { under: flags.under }
          const shown = { read: flags.read === true, aside: flags.aside === true }
          const query = { words: words.join(' '), ...session, ...under, ...shown, ...page }
          const found = await allFiles(asking, query, flags.sort)
          tell(flags, found, printList)
          if (found.count === 0 && !shown.aside) {
            const { count } = await allFiles(asking, { ...query, aside: true }, flags.sort)
            if (count > 0) say(`${count} in folders for temporary files, plans and memories; shown with --aside`)
          }
        }
      } finally {
        asking.close()
      }
    })
}

const tell = <T>({ json }: Flags, answer: T, print: (answer: T) => void): void =>
  json ? printJson(answer) : print(answer)

function limitIn(word: string): number {
  const limit = /^\d{1,9}$/.test(word) ? Number(word) : 0
  if (limit < 1) throw new ConfigError(`--limit is a whole number above 0, not ${word}`)
  return limit
}

function printList({ files, count }: FilesAnswer): void {
  if (files.length === 0) return say('no files')
  // Above the numbers, for they are no parts of one sum.
  printLine('USD: the whole cost of the prompts that changed the file, whatever else they did; not to be added up')
  printColumns(
    files.map((file) => [
      when(file.changed ?? file.last),
      file.change,
      lines(file),
      some(file.turns, 'turn'),
      moneyIn(file),
      file.path,
    ]),
  )
  if (files.length < count) say(`the first ${files.length} of ${count}; more with --limit`)
}

function printFile({ paths, totals, turns, count }: FileAnswer): void {
  if (paths.length === 0) return say('nobody touched a file of that name')
  for (const path of paths) printLine(path)
  const { prompts, sessions } = totals
  printLine(
    `${some(totals.turns, 'turn')} in ${some(sessions, 'session')}; changed by ${some(prompts, 'prompt')}, ${moneyIn(totals)} for all that ${prompts === 1 ? 'it' : 'they'} did`,
  )
  for (const turn of turns) {
    printLine()
    printLine(`${when(turn.touches.at(-1)!.time)}  ${turn.change} ${lines(turn)}  ${moneyIn(turn)}  ${turn.session}`)
    if (turn.prompt) printLine(`    > ${oneLine(turn.prompt.text, 140)}`)
    printLine(`    ${turn.sentence}`)
    const calls = turn.touches.slice(0, CALLS_MAX).map(({ change, event }) => `${change} ${event}`)
    if (turn.touches.length > CALLS_MAX) calls.push(`and ${turn.touches.length - CALLS_MAX} more`)
    printLine(`    turn ${turn.turn}; ${calls.join(', ')}`)
  }
  if (turns.length < count) say(`the latest ${turns.length} of ${count}; more with --limit`)
}

function printPrompt(answer: TurnFilesAnswer): void {
  const { prompt, sentence, made, tokens, files } = answer
  if (prompt) printLine(`> ${oneLine(prompt.text, 200)}`)
  printLine(sentence)
  const counts = Object.entries(made).flatMap(([change, n]) => (n > 0 ? [`${n} ${change}`] : []))
  const output =
    tokens === null
      ? 'tokens unknown'
      : `${tokens.lower_bound ? '≥ ' : ''}${tokens.output.toLocaleString('en-US')} output tokens`
  printLine(`${counts.join(', ') || 'no files'}; ${output}; ${moneyIn(answer)}`)
  printColumns(files.map((file) => [`  ${file.change}`, lines(file), file.path + (file.aside ? '  (aside)' : '')]))
}

interface Lines {
  readonly added: number
  readonly removed: number
  readonly uncounted: number
}
const lines = ({ added, removed, uncounted }: Lines): string =>
  added + removed > 0 ? `${uncounted > 0 ? '≥ ' : ''}+${added} −${removed}` : uncounted > 0 ? 'lines unknown' : ''
