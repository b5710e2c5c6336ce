// A clause of a sentence, with the ids of the events it stands on; and the one place where clauses become text.
import { listed } from './names.ts'

export type Role = 'subject' | 'did' | 'also' | 'doing' | 'after' | 'running' | 'because' | 'outcome'

export interface Clause {
  readonly role: Role
  readonly text: string
  readonly events: readonly string[]
  readonly parts?: readonly Clause[]
}

// The one place where clauses become text.
export function render(clauses: readonly Clause[]): string {
  const of = (role: Role) => clauses.filter((clause) => clause.role === role).map(({ text }) => text)
  const predicate = listed([...of('did'), ...of('also'), ...of('doing')])
  const tail = [...of('after'), ...of('running'), ...of('because')].map((text) => `, ${text}`).join('')
  const outcome = of('outcome')[0]
  return `${of('subject')[0]} ${predicate}${tail}${outcome === undefined ? '' : ` → ${outcome}`}`
}
