// Settings and names that Claude Code writes again and again (at every turn, at every resumption): only the first time is news.
// What was told last stands in the memory as `key=value` lines, newest last.
import { cut } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { saying } from '../values.ts'

const VALUE_MAX = 300
const BETWEEN = '\u0000'

// The memory after this was told, or null when it says nothing new.
export function tell(told: string | null, key: string, value: string): string | null {
  const entry = `${key}=${cut(value, VALUE_MAX).replaceAll(BETWEEN, ' ')}`
  if (told === null) return entry
  const entries = told.split(BETWEEN)
  if (entries.includes(entry)) return null
  return [...entries.filter((each) => !each.startsWith(`${key}=`)), entry].join(BETWEEN)
}

// A prompt says which mode it was given in; versions and programs that write no line of their own for it say it only here.
// The mode everything begins with is no news.
export function modeOfPrompt(mode: string, told: string | null): { readonly part: Part; readonly told: string } | null {
  const isFirst = told === null || !told.includes('permission-mode=')
  if (isFirst && mode === 'default') return null
  const after = tell(told, 'permission-mode', mode)
  return after === null ? null : { part: saying('system.mode_change', mode, null), told: after }
}
