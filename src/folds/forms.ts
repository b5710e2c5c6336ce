// A session that its agent kept in several forms (a database, lines, a document, all of the same talk) is counted by the best form there
// is. Which that will be is not known while they are read, in whichever order: each is counted by itself, and a better one that comes
// later takes the place of what was counted by the others. Pure.
import type { Event } from '../event/event.ts'
import { asksForWork } from './turn/fold.ts'

// By form: 0 is what says of itself no form, and is counted by the ledger.
export type Forms = readonly [FormCount, FormCount, FormCount]

export interface FormCount {
  readonly prompts: number
  readonly turns: number
}

const NONE: FormCount = { prompts: 0, turns: 0 }

export interface Formed extends FormCount {
  readonly forms?: Forms // where there is another than 0
}

// An event that says its form.
export function withForm(row: FormCount & Formed, { kind, agentId, payload }: Event): Formed {
  if (payload.form === undefined || payload.copied || agentId !== null) return row
  const isPrompt = kind === 'message.user.prompt'
  const opens = asksForWork({ kind, payload })
  if (!isPrompt && !opens) return row
  return grown(row, payload.form, { prompts: isPrompt ? 1 : 0, turns: opens ? 1 : 0 })
}

// What the ledger counted, more or less.
export const withCounted = (row: FormCount & Formed, by: FormCount): Formed =>
  row.forms === undefined ? { prompts: row.prompts + by.prompts, turns: row.turns + by.turns } : grown(row, 0, by)

function grown(row: Formed, form: 0 | 1 | 2, by: FormCount): Formed {
  const { prompts, turns, forms = [{ prompts, turns }, NONE, NONE] } = row
  const now = forms.map((count, i) =>
    i === form ? { prompts: count.prompts + by.prompts, turns: count.turns + by.turns } : count,
  ) as unknown as Forms
  return { ...(now.find((count) => count.prompts > 0 || count.turns > 0) ?? NONE), forms: now }
}
