// Agents that Claude Code sets to work for itself: to compact, to guess the next prompt, to warm the cache, to answer `/btw` beside the work
// (a file of that says the whole conversation again before the question). What they cost is counted, and they are not shown as work.
// Their ids say what they are: `acompact-…` where a real subagent's is `a` and digits.
import type { Json } from '../values.ts'
import { blocksOf } from './blocks.ts'

const HELPERS = [
  'acompact',
  'aprompt_suggestion',
  'asession_memory',
  'aextract_memories',
  'aspeculation',
  'aagent_summary',
  'aaway_summary',
  'aauto_dream',
  'amagic_docs',
  'aside_question',
]

export const isHelper = (agentId: string): boolean =>
  agentId.length > 9 && HELPERS.some((name) => agentId.startsWith(name) && (agentId[name.length] ?? '-') === '-')

// The first line of agents that versions 2.0 sent out to have the cache ready for real ones.
export const isWarmUp = (record: Json): boolean =>
  record.type === 'user' && record.parentUuid === null && blocksOf(record)?.[0]?.text === 'Warmup'
