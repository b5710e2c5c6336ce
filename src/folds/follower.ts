// Whether a text has what is searched for, by the words of the index: where full text is asked something that nearly everything has, reading
// what is newest is a hundred times quicker, and a snippet is marked by the same.
import { plainForm, type WordTerm, walkWords } from './words.ts'

// Follows one term through the tokens of one column: a phrase may be under way several times over (a a b in a a a b).
export class Follower {
  readonly #term: WordTerm
  #open: { readonly next: number; readonly start: number }[] = []
  constructor(term: WordTerm) {
    this.#term = term
  }

  forget(): void {
    if (this.#open.length > 0) this.#open = []
  }

  next(token: string, start: number, end: number): { readonly start: number; readonly end: number } | null {
    const { words, prefix } = this.#term
    const last = words.length - 1
    const fits = (at: number) => words[at] === token || (prefix && at === last && token.startsWith(words[at]!))
    if (this.#open.length === 0 && !fits(0)) return null
    const open = [...this.#open, { next: 0, start }].filter(({ next }) => fits(next))
    this.#open = open.filter(({ next }) => next < last).map((one) => ({ next: one.next + 1, start: one.start }))
    const done = open.find(({ next }) => next === last)
    return done ? { start: done.start, end } : null
  }
}

// Whether the text has all of these, and none of those. Only its first `charsMax` units are looked at, as for the index.
export function holds(text: string, all: readonly WordTerm[], none: readonly WordTerm[], charsMax: number): boolean {
  const wanted = [...all, ...none].map((term) => ({ words: new Follower(term), parts: new Follower(term) }))
  const missing = new Set(wanted.slice(0, all.length))
  let isRefused = false
  walkWords(plainForm(text.slice(0, charsMax)), (token, start, end, column) => {
    for (const [i, follower] of wanted.entries()) {
      if (column === 'words') follower.parts.forget()
      if (follower[column].next(token, start, end) === null) continue
      if (i >= all.length) isRefused = true
      missing.delete(follower)
    }
    return !isRefused && (missing.size > 0 || none.length > 0)
  })
  return !isRefused && missing.size === 0
}
