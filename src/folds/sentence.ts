// A turn told in plain words from what was counted in it. An honest first version: it names what was done and why in the person's
// own words; the clause tree with the events behind each clause comes with narration proper.
import type { ToolKind } from '../event/payload.ts'
import { oneLine } from './session.ts'
import type { Turn } from './turn.ts'

const DID: Readonly<Record<ToolKind, (n: number) => string>> = {
  write: (n) => `wrote ${count(n, 'file')}`,
  edit: (n) => `made ${count(n, 'edit')}`,
  run: (n) => `ran ${count(n, 'command')}`,
  delegate: (n) => `delegated ${count(n, 'task')}`,
  search: (n) => `searched ${n === 1 ? 'once' : `${n} times`}`,
  read: (n) => `read ${count(n, 'file')}`,
  web: (n) => `looked up ${count(n, 'page')}`,
  plan: () => 'made a plan',
  ask: (n) => `asked ${count(n, 'question')}`,
  todo: () => 'kept a to-do list',
  other: (n) => `used ${count(n, 'other tool')}`,
}
// The strongest thing first.
const ORDER: readonly ToolKind[] = [
  'write',
  'edit',
  'run',
  'delegate',
  'search',
  'read',
  'web',
  'plan',
  'ask',
  'todo',
  'other',
]

export function sentenceOf(turn: Turn, label: string): string {
  const did = ORDER.flatMap((kind) => (turn.tools[kind] ? [DID[kind](turn.tools[kind])] : []))
  const work =
    did.length > 0
      ? listed(did)
      : turn.answer !== ''
        ? 'answered'
        : turn.outcome === 'running'
          ? 'is thinking'
          : 'did nothing that left a trace'
  const why = turn.prompt && turn.prompt.text !== '' ? `, because “${shorten(turn.prompt.text)}”` : ''
  return `${turn.agentId === null ? label : `${label}’s subagent`} ${work}${why} → ${OUTCOME[turn.outcome]}`
}

const OUTCOME = {
  answered: 'answered',
  interrupted: 'was interrupted',
  failed: 'hit an error',
  running: 'still working',
} as const

const count = (n: number, word: string) => (n === 1 ? `one ${word}` : `${n} ${word}s`)
const listed = (parts: readonly string[]) =>
  parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

// At a word's end, with an ellipsis where something was left out.
function shorten(text: string): string {
  const line = oneLine(text, 10_000)
  if (line.length <= 120) return line
  const at = line.lastIndexOf(' ', 120)
  return `${line.slice(0, at > 60 ? at : 120)}…`
}
