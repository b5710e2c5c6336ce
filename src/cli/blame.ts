// openstory blame PATH[:LINE]: which prompt made each line of a file, with how sure that is.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import { blame } from '../app/blame.ts'
import { refreshPrices } from '../app/cost.ts'
import { ConfigError } from '../app/errors.ts'
import { filesOfPrompt } from '../app/files.ts'
import { labelOf } from '../app/machine.ts'
import type { BlameLine } from '../wire/blame.ts'
import type { TurnFilesAnswer } from '../wire/files.ts'
import { moneyIn, oneLine, printJson, printLine, say, some, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

interface Flags extends SettingFlags {
  readonly rev?: string
  readonly json?: boolean
}

export function blameVerb(program: Command): void {
  withDataDir(program.command('blame'))
    .argument('<path>', 'a file, or one line of it: src/oven.ts:12')
    .description('which prompt made each line of a file')
    .option('--rev <revision>', 'the file as this revision of its git repository has it')
    .option('--json', 'as JSON')
    .action(async (wanted: string, flags: Flags) => {
      const { path, line } = placeIn(wanted)
      const { dataDir } = configOf(flags)
      if (!flags.json) await refreshPrices(dataDir)
      const asking = openAsking(dataDir)
      try {
        const answer = await blame(asking.reader, { path, cwd: process.cwd(), rev: flags.rev })
        const lines = line === null ? answer.lines : answer.lines.filter((each) => each.line === line)
        if (line !== null && lines.length === 0)
          throw new ConfigError(`${path} has no line ${line}; its last is ${answer.lines.length}`)
        for (const note of answer.notes) say(note)
        if (flags.json) printJson(lines)
        else {
          print(lines)
          for (const id of turnsIn(lines)) {
            const made = await filesOfPrompt(asking, id)
            if (made !== null) say(madeSaid(made))
          }
        }
      } finally {
        asking.close()
      }
    })
}

// `src/oven.ts:12`; a colon with anything else behind it is part of the name.
function placeIn(wanted: string): { readonly path: string; readonly line: number | null } {
  const found = /^(.+):([1-9]\d*)$/.exec(wanted)
  return found === null ? { path: wanted, line: null } : { path: found[1]!, line: Number(found[2]) }
}

const TURNS_MAX = 3 // told of with their files; `openstory files --prompt` tells of any

// Those with the most lines first.
function turnsIn(lines: readonly BlameLine[]): readonly string[] {
  const turns = Map.groupBy(
    lines.filter(({ turn }) => turn !== null),
    ({ turn }) => turn!,
  )
  return [...turns]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, TURNS_MAX)
    .map(([turn]) => turn)
}

// Files aside of the work count here as well: a line of one may be what was asked for.
function madeSaid({ turn, prompt, files, tokens, ...money }: TurnFilesAnswer): string {
  const made = files.filter(({ change }) => change === 'created').length
  const changed = files.filter(({ change }) => change !== 'created' && change !== 'read').length
  const did = [
    ...(made > 0 ? [`made ${some(made, 'file')}`] : []),
    ...(changed > 0 ? [`changed ${some(changed, 'file')}`] : []),
  ]
  const output =
    tokens === null
      ? 'output tokens unknown'
      : `${tokens.lower_bound ? '≥ ' : ''}${tokens.output.toLocaleString('en-US')} output tokens`
  const who = prompt === null ? 'a turn' : `“${oneLine(prompt.text, PROMPT_MAX)}”`
  return `${who} ${did.join(' and ') || 'left no file'}; ${output}; ${moneyIn(money)}; openstory files --prompt ${turn}`
}

const PROMPT_MAX = 36
const NOBODY = 'human or unknown'

function print(lines: readonly BlameLine[]): void {
  const rows = lines.map((line) => [
    line.confidence === 'unknown' ? NOBODY : oneLine(line.prompt ?? 'no prompt', PROMPT_MAX),
    line.agent === null ? '' : labelOf(line.agent),
    line.time === null ? '' : when(line.time),
    line.confidence === 'unknown' ? '' : line.confidence,
    String(line.line),
  ])
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)))
  for (const [i, row] of rows.entries()) {
    const cells = row.map((word, n) => (n === 4 ? word.padStart(widths[n]!) : word.padEnd(widths[n]!)))
    printLine(`${cells.filter((_, n) => widths[n]! > 0).join('  ')}  ${lines[i]!.text}`)
  }
}
