// openstory story ID: a session told in sentences, one a turn; --unfold shows what is behind each.
import type { Command } from 'commander'
import { type Asking, openAsking } from '../app/asking.ts'
import { labelOf } from '../app/machine.ts'
import { type Event, parseEvent } from '../event/event.ts'
import { recordOf } from '../folds/record.ts'
import { sessionStory } from '../folds/story/story.ts'
import type { Turn } from '../folds/turn/turn.ts'
import { type ToldTurn, toldTurn } from '../wire/story.ts'
import { oneLine, printJson, printLine, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

interface Flags extends SettingFlags {
  readonly json?: boolean
  readonly md?: boolean
  readonly unfold?: boolean
}

const PAGE = 500

export function storyVerb(program: Command): void {
  withDataDir(program.command('story'))
    .argument('<session>', 'its id, its native id, or a unique beginning of one')
    .description('one session told in sentences, one a turn')
    .option('--unfold', 'with what is behind each sentence')
    .option('--json', 'as JSON')
    .option('--md', 'as Markdown')
    .action(async (wanted: string, flags: Flags) => {
      const asking = openAsking(configOf(flags).dataDir)
      try {
        const session = await asking.sessionId(wanted)
        const turns = await asking.reader.turns(session)
        const told = turns.map((turn) => toldTurn(turn, labelOf(turn.agent)))
        const behind = flags.unfold ? await eventsBehind(asking, session, turns) : null
        if (flags.json)
          printJson(
            behind ? told.map((one) => ({ ...one, events: behind.get(one.turn)?.map(({ id }) => id) ?? [] })) : told,
          )
        else print(turns, told, behind, flags.md === true)
      } finally {
        asking.close()
      }
    })
}

function print(turns: readonly Turn[], told: readonly ToldTurn[], behind: Behind | null, asMarkdown: boolean): void {
  const { text } = sessionStory(turns, labelOf(turns[0]?.agent ?? ''))
  printLine(asMarkdown ? `# ${turns[0]?.session ?? 'Nothing to tell'}\n\n${text}\n` : `${text}\n`)
  for (const one of told) {
    const mark = one.agent_id === null ? '' : '↳ '
    printLine(
      asMarkdown ? `- **${when(one.started)}** ${mark}${one.sentence}` : `${when(one.started)}  ${mark}${one.sentence}`,
    )
    for (const event of behind?.get(one.turn) ?? [])
      printLine(asMarkdown ? `  - ${lineOf(event)}` : `                    ${lineOf(event)}`)
  }
}

type Behind = ReadonlyMap<string, readonly Event[]>

// Each turn's events: in its own lane, from its first to its last.
async function eventsBehind(asking: Asking, session: string, turns: readonly Turn[]): Promise<Behind> {
  const first = new Map(turns.map((turn) => [turn.firstEvent, turn]))
  const open = new Map<string | null, Turn>()
  const behind = new Map<string, Event[]>()
  for (let after = -1; ; ) {
    const page = await asking.reader.records(session, { after, limit: PAGE })
    for (const text of page.texts) {
      const event = parseEvent(text)
      const begun = first.get(event.id)
      if (begun) open.set(event.agentId, begun)
      const turn = open.get(event.agentId)
      if (turn === undefined) continue
      behind.set(turn.id, [...(behind.get(turn.id) ?? []), event])
      if (event.id === turn.lastEvent) open.delete(event.agentId)
    }
    if (!page.more.after) return behind
    after = page.cursors.at(-1)!
  }
}

function lineOf(event: Event): string {
  const record = recordOf(event)
  const said = record.tool ? `${record.tool.name} ${record.tool.target}` : record.text
  return `${event.kind.replace(/^message\./, '')}${record.result?.failed ? ' (failed)' : ''}  ${oneLine(said, 140)}`
}
