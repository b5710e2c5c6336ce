// Counts over sessions as a page that a person can read and compare: numbers, ids and kinds, and never a word of a transcript.
import type { Event } from '../event/event.ts'

interface Counts {
  lines: number // that are carried by an event
  events: number
  prompts: number // of the person to the main agent, copies not counted
  calls: number
  noResult: Set<string> // calls whose result never came
  noCall: Set<string> // results whose call is not there
  agents: Set<string>
  copied: number // lines
  kinds: Map<string, number>
}

export function countsPage(events: readonly Event[]): string {
  const agents = [...Map.groupBy(events, ({ agent }) => agent)].sort(byName)
  return [
    '# Counts over the real sessions beside the checkout',
    '',
    'Made by `OPENSTORY_WRITE_COUNTS=1 node --test src/watcher/corpus-counts.test.ts`; the test compares. What changes here is a change of what',
    'transcripts mean: look at it before it is kept.',
    '',
    '- lines: carried by an event, each once; prompts: of the person to the main agent, copies and helpers not counted',
    '- unpaired: tool calls without a result + results without a call; unknown: events passed through as `other.*`',
    '- agents: subagents; copied: lines that stand in another session, or twice in this one',
    ...agents.flatMap(([agent, of]) => ['', `## ${agent}`, '', ...agentTable(of)]),
    '',
  ].join('\n')
}

const HEAD = ['lines', 'events', 'prompts', 'calls', 'unpaired', 'unknown', 'agents', 'copied']

function agentTable(events: readonly Event[]): string[] {
  const sessions = [...Map.groupBy(events, ({ session }) => session)].sort(byName)
  const counted = sessions.map(([session, of]) => [session.slice(session.indexOf(':') + 1), countsOf(of)] as const)
  const all = counted.map(([, counts]) => counts)
  return [
    `| session | ${HEAD.join(' | ')} |`,
    `| --- | ${HEAD.map(() => '---:').join(' | ')} |`,
    `| **all ${sessions.length}** | ${HEAD.map((_, i) => all.reduce((sum, counts) => sum + totals(counts)[i]!, 0)).join(' | ')} |`,
    ...counted.map(([session, counts]) => `| ${session} | ${HEAD.map((_, i) => cell(counts, i)).join(' | ')} |`),
    '',
    'Events by type, all of them and session by session:',
    '',
    '```',
    `all: ${kindsOf(all)}`,
    ...counted.map(([session, counts]) => `${session}: ${kindsOf([counts])}`),
    '```',
  ]
}

function countsOf(events: readonly Event[]): Counts {
  const named = (of: (event: Event) => string | null | undefined) => new Set(events.flatMap((event) => of(event) ?? []))
  const best = Math.min(2, ...events.filter(isPrompt).map(({ payload }) => payload.form ?? 0))
  const isBest = ({ payload }: Event): boolean => payload.form === undefined || payload.form === best
  const calls = named(({ kind, payload }) => (kind === 'message.assistant.tool_use' ? payload.tool?.call : null))
  const results = named(({ payload }) => payload.result?.call)
  return {
    lines: events.filter(isLine).length,
    events: events.length,
    prompts: events.filter((event) => isPrompt(event) && isBest(event)).length,
    calls: events.filter(({ kind }) => kind === 'message.assistant.tool_use').length,
    noResult: without(calls, results),
    noCall: without(results, calls),
    agents: named(({ agentId }) => agentId),
    copied: events.filter((event) => isLine(event) && (event.payload.copied || !isBest(event))).length,
    kinds: new Map([...Map.groupBy(events, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length])),
  }
}

const without = (a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> =>
  new Set([...a].filter((each) => !b.has(each)))
const isLine = ({ rawIn, kind }: Event): boolean => rawIn === null && kind !== 'system.file_replaced'
const isPrompt = ({ kind, agentId, payload }: Event): boolean =>
  kind === 'message.user.prompt' && agentId === null && !payload.copied && !payload.hidden

const unknownOf = ({ kinds }: Counts): number =>
  [...kinds].reduce((sum, [kind, n]) => sum + (kind.startsWith('other.') ? n : 0), 0)

const totals = (counts: Counts): readonly number[] => [
  counts.lines,
  counts.events,
  counts.prompts,
  counts.calls,
  counts.noResult.size + counts.noCall.size,
  unknownOf(counts),
  counts.agents.size,
  counts.copied,
]

// How the unpaired come about is said; what there is none of is a dot, so that the eye finds the rest.
function cell(counts: Counts, column: number): string {
  if (HEAD[column] === 'unpaired' && counts.noCall.size > 0) return `${counts.noResult.size} + ${counts.noCall.size}`
  const number = totals(counts)[column]!
  return number === 0 ? '·' : String(number)
}

function kindsOf(all: readonly Counts[]): string {
  const sums = new Map<string, number>()
  for (const { kinds } of all) for (const [kind, n] of kinds) sums.set(kind, (sums.get(kind) ?? 0) + n)
  return [...sums]
    .sort(byName)
    .map(([kind, n]) => `${kind} ${n}`)
    .join(', ')
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
