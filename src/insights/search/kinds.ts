// What stands behind type: in a search, as beginnings of event kinds. People say "thinking", "error" or "tool"; the whole name works too.
import { EVENT_KINDS, kindOf } from '../../event/types.ts'

export function kindsOf(typed: string): string[] {
  const value = kindOf(typed.trim().toLowerCase()).replace(/[.*]+$/, '')
  if (value === '') return []
  const found = EVENT_KINDS.filter((kind) => kind === value || kind.startsWith(`${value}.`))
  if (found.length > 0 || value.startsWith('other')) return [value]
  const meant = new Set<string>()
  for (const kind of EVENT_KINDS) {
    const steps = kind.split('.')
    const at = steps.findIndex((_, i) => steps.slice(i).join('.') === value || says(steps[i]!, value))
    if (at >= 0) meant.add(says(steps[at]!, value) ? steps.slice(0, at + 1).join('.') : kind)
  }
  // What nothing is called is still asked for, so that the answer is "no hits" and not "everything".
  return meant.size > 0 ? [...meant] : [value]
}

const says = (step: string, value: string): boolean => step === value || step.startsWith(`${value}_`)
