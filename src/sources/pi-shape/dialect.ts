// pi's lines are written by more than one agent: what each of them does in its own way, said once.
import type { Part } from '../source.ts'
import type { Json } from '../values.ts'

// What a user's text says once the agent's own words around it are gone.
export interface Heard {
  readonly text: string
  readonly injected?: string // not typed by a person: which kind of text it is
  readonly isCommand?: true // a /command
}

export interface Dialect {
  // The text is given back unchanged where nothing stands around it.
  hear(text: string, message: Json): Heard
  // Messages under this provider's name were written by the agent itself: no model, no cost. Null: there are none.
  readonly ownProvider: string | null
  // Why such a message ended, where it says so in its own way.
  ownStop(message: Json): string | undefined
  // An extension's entry that means more than its own state, or null.
  custom(record: Json): Part | null
  // Whose a file is, where its header does not say.
  sessionOf(path: string): string
}
