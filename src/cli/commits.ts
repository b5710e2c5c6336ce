// openstory commits [REV|RANGE]: what of a commit agents wrote, by which prompts and for how much; --made-by: the commits of a prompt or a
// session; --format: for `git notes`, or as a record of Agent Trace.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import { checkoutAt, commitsMadeBy, type MadeCommit, type Told, tellCommits } from '../app/commits.ts'
import { refreshPrices } from '../app/cost.ts'
import { ConfigError } from '../app/errors.ts'
import { labelOf } from '../app/machine.ts'
import type { CommitAnswer } from '../wire/commits.ts'
import { noteLines, shareIn } from './commit-note.ts'
import { moneyIn, oneLine, printColumns, printJson, printLine, say, some, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

const FORMATS = ['text', 'json', 'notes', 'agent-trace'] as const
type Format = (typeof FORMATS)[number]

interface Flags extends SettingFlags {
  readonly repo?: string
  readonly madeBy?: string
  readonly limit: string
  readonly format?: string
  readonly json?: boolean
  readonly prompts: boolean // --no-prompts
}

export function commitsVerb(program: Command): void {
  withDataDir(program.command('commits'))
    .argument('[revision]', 'a commit, or a range: main..HEAD; the latest ones unless given')
    .description('what of a commit agents wrote: lines, prompts, what those cost')
    .option('--repo <folder>', 'the checkout; this folder’s unless given')
    .option('--made-by <id>', 'the commits that this prompt, turn or session made')
    .option('--limit <n>', 'at most so many of a range', '20')
    .option('--format <format>', FORMATS.join(', '))
    .option('--no-prompts', 'with --format notes: without the words of prompts')
    .option('--json', 'as JSON')
    .action(async (revision: string | undefined, flags: Flags) => {
      const format = formatIn(flags)
      if (flags.madeBy !== undefined && revision !== undefined)
        throw new ConfigError('name a revision, or a prompt or session with --made-by, not both')
      const { dataDir } = configOf(flags)
      const top = await checkoutAt(flags.repo ?? process.cwd())
      await refreshPrices(dataDir)
      const asking = openAsking(dataDir)
      try {
        if (flags.madeBy !== undefined)
          return await printMade((await commitsMadeBy(asking, top, flags.madeBy)).made, format, flags)
        const isOne = revision !== undefined && !revision.includes('..')
        if (format === 'notes' && !isOne)
          throw new ConfigError('a note is for one commit; name it: openstory commits HEAD --format notes')
        await print(
          await tellCommits(asking, top, revision ?? 'HEAD', isOne ? null : limitIn(flags.limit)),
          format,
          isOne,
          flags,
        )
      } finally {
        asking.close()
      }
    })
}

function formatIn({ format, json }: Flags): Format {
  if (json && format !== undefined && format !== 'json')
    throw new ConfigError(`ask for --json or for --format ${format}, not for both`)
  const found = FORMATS.find((each) => each === (json ? 'json' : (format ?? 'text')))
  if (found === undefined) throw new ConfigError(`--format is one of ${FORMATS.join(', ')}, not ${format}`)
  return found
}

function limitIn(word: string): number {
  const limit = /^\d{1,6}$/.test(word) ? Number(word) : 0
  if (limit < 1) throw new ConfigError(`--limit is a whole number above 0, not ${word}`)
  return limit
}

async function print(all: readonly Told[], format: Format, isOne: boolean, { prompts }: Flags): Promise<void> {
  switch (format) {
    case 'json':
      return printJson(all.map(({ answer }) => answer))
    case 'agent-trace':
      // One record a line, as traces are kept: https://agent-trace.dev
      for (const { trace } of all) printLine(JSON.stringify(await trace()))
      return
    case 'notes':
      for (const { answer } of all) for (const line of noteLines(answer, { labelOf, prompts })) printLine(line)
      return
    case 'text':
      if (isOne) for (const { answer } of all) printOne(answer)
      else printColumns(all.map(({ answer }) => rowOf(answer)))
  }
}

const SHA_CHARS = 9
const PROMPT_MAX = 90

const rowOf = (answer: CommitAnswer): string[] => [
  answer.commit.slice(0, SHA_CHARS),
  when(answer.committed),
  answer.share === null ? 'no lines' : shareIn(answer.share),
  `${answer.lines.agent} of ${answer.lines.added}`,
  answer.prompts.length === 0 ? '' : moneyIn(answer),
  oneLine(answer.subject, 80),
]

function printOne(answer: CommitAnswer): void {
  printLine(`commit ${answer.commit}`)
  for (const line of noteLines(answer, { labelOf, prompts: true })) printLine(line)
  const made = answer.made_by.map(
    ({ turn, session, rewritten }) => `made by turn ${turn} of ${session}${rewritten ? ', and rewritten since' : ''}`,
  )
  for (const line of made) printLine(line)
  if (answer.prompts.length > 0) printLine('\nPrompts')
  for (const { turn, session, started, text, lines, ...money } of answer.prompts) {
    printLine(`  ${when(started)}  ${some(lines, 'line')}  ${moneyIn(money)}  turn ${turn}  ${session}`)
    printLine(`    > ${text === null ? 'no prompt' : oneLine(text, PROMPT_MAX)}`)
  }
  if (answer.files.some(({ ranges }) => ranges.length > 0)) printLine('\nLines')
  for (const { path, ranges } of answer.files)
    for (const { from, to, confidence, agent, model, turn } of ranges) {
      const who =
        agent === null ? 'human or unknown' : `${confidence}  ${labelOf(agent)}${model === null ? '' : ` ${model}`}`
      printLine(`  ${path}:${from}${to > from ? `-${to}` : ''}  ${who}${turn === null ? '' : `  turn ${turn}`}`)
    }
  for (const note of answer.notes) say(note)
}

async function printMade(all: readonly MadeCommit[], format: Format, flags: Flags): Promise<void> {
  if (format === 'json') return printJson(all.map(({ told, ...made }) => ({ ...made, commit: told?.answer ?? null })))
  if (format !== 'text') {
    const here = all.flatMap(({ told }) => (told === null ? [] : [told]))
    if (format === 'notes') throw new ConfigError('a note is for one commit; name it instead of who made it')
    return print(here, format, false, flags)
  }
  if (all.length === 0) say('it made no commit')
  printColumns(
    all.map(({ sha, subject, now, told, turn }) => [
      told?.answer.commit.slice(0, SHA_CHARS) ?? sha ?? '—',
      now,
      told === null || told.answer.share === null ? '' : shareIn(told.answer.share),
      told === null ? '' : moneyIn(told.answer),
      `turn ${turn}`,
      oneLine(subject, 80),
    ]),
  )
}
