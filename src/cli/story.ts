// openstory story ID: a session told in sentences, one a turn; --unfold shows what is behind each.
import type { Command } from 'commander'
import { type Asking, openAsking } from '../app/asking.ts'
import { ConfigError } from '../app/errors.ts'
import { labelOf } from '../app/machine.ts'
import { type Event, parseEvent } from '../event/event.ts'
import { recordOf } from '../folds/record.ts'
import { dayStory, type StoryText, sessionStory } from '../folds/story/story.ts'
import type { Turn } from '../folds/turn/turn.ts'
import { type ToldTurn, toldTurn } from '../wire/story.ts'
import { oneLine, printJson, printLine, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

interface Flags extends SettingFlags {
  readonly json?: boolean
  readonly md?: boolean
  readonly unfold?: boolean
  readonly day?: string
  readonly project?: string
}

const PAGE = 500

export function storyVerb(program: Command): void {
  withDataDir(program.command('story'))
    .argument('[session]', 'its id, its native id, or a unique beginning of one')
    .description('one session told in sentences, one a turn; or a day, with --day')
    .option('--unfold', 'with what is behind each sentence')
    .option('--day <date>', 'all sessions of a day (2026-03-14, UTC) instead of one')
    .option('--project <project>', 'with --day: only this project’s')
    .option('--json', 'as JSON')
    .option('--md', 'as Markdown')
    .action(async (wanted: string | undefined, flags: Flags) => {
      if ((wanted === undefined) === (flags.day === undefined))
        throw new ConfigError('name one session, or a day with --day 2026-03-14')
      const asking = openAsking(configOf(flags).dataDir)
      try {
        if (flags.day === undefined) await tellSession(asking, wanted!, flags)
        else await tellDay(asking, flags.day, flags)
      } finally {
        asking.close()
      }
    })
}

async function tellSession(asking: Asking, wanted: string, flags: Flags): Promise<void> {
  const session = await asking.sessionId(wanted)
  const [turns, spent] = await Promise.all([asking.reader.turns(session), asking.spentByTurn(session)])
  const told = turns.map((turn) => toldTurn(turn, labelOf(turn.agent), spent.get(turn.id)))
  const behind = flags.unfold ? await eventsBehind(asking, session, turns) : null
  if (!flags.json) return print(turns, told, behind, flags.md === true)
  printJson(behind ? told.map((one) => ({ ...one, events: behind.get(one.turn)?.map(({ id }) => id) ?? [] })) : told)
}

async function tellDay(asking: Asking, day: string, flags: Flags): Promise<void> {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new ConfigError(`${day} is no day; write it as 2026-03-14`)
  const turns = (await turnsSince(asking, day, flags.project)).filter(({ started }) => started?.startsWith(day))
  const stories: StoryText[] = []
  for (const [project, ofProject] of Map.groupBy(turns, (turn) => turn.project)) {
    const sessions = []
    for (const [id, own] of Map.groupBy(ofProject, (turn) => turn.session)) {
      const row = await asking.reader.session(id)
      sessions.push({ label: labelOf(own[0]!.agent), title: row?.title ?? null, turns: own })
    }
    stories.push(dayStory(day, project, sessions))
  }
  if (flags.json) printJson(stories)
  else for (const { parts } of stories) printLine(parts.map(({ text }, i) => (i === 0 ? text : `- ${text}`)).join('\n'))
}

// Oldest first.
async function turnsSince(asking: Asking, since: string, project: string | undefined): Promise<Turn[]> {
  const turns: Turn[] = []
  for (let before: string | null = null; ; ) {
    const query = { since, limit: PAGE, ...(project !== undefined && { project }), ...(before !== null && { before }) }
    const page = await asking.reader.sentences(query)
    turns.push(...page.turns)
    if (page.next === null) return turns.reverse()
    before = page.next
  }
}

function print(turns: readonly Turn[], told: readonly ToldTurn[], behind: Behind | null, asMarkdown: boolean): void {
  const { text } = sessionStory(turns, labelOf(turns[0]?.agent ?? ''))
  printLine(asMarkdown ? `# ${turns[0]?.session ?? 'Nothing to tell'}\n\n${text}\n` : `${text}\n`)
  for (const one of told) {
    const mark = one.agent_id === null ? '' : '↳ '
    printLine(
      asMarkdown ? `- **${when(one.started)}** ${mark}${one.sentence}` : `${when(one.started)}  ${mark}${one.sentence}`,
    )
    for (const line of (behind?.get(one.turn) ?? []).flatMap((event) => lineOf(event) ?? []))
      printLine(asMarkdown ? `  - ${line}` : `                    ${line}`)
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

// Bookkeeping is left out, and thinking that the agent did not keep; all of it is in `openstory show`.
function lineOf(event: Event): string | null {
  const { tool, text, result } = recordOf(event)
  if (tool) return oneLine(`${tool.name} ${tool.target}`, 140)
  if (result)
    return text === '' && !result.failed ? null : `  → ${result.failed ? '(failed) ' : ''}${oneLine(text, 140)}`
  const who = WHO[event.kind]
  return who === undefined || text === '' ? null : `${who} ${oneLine(text, 140)}`
}

const WHO: Readonly<Record<string, string>> = {
  'message.user.prompt': 'you:',
  'message.user.injected': 'on your behalf:',
  'message.assistant.text': 'says:',
  'message.assistant.thinking': 'thinks:',
  'system.error': 'error:',
  'system.compact': 'compaction:',
  'system.local_command': 'command:',
}
