// Codex writes nearly everything twice: what went to the model (response items) and what its person saw (events). Either may come first,
// or alone. Whichever comes first tells it; the twin that follows is known by its words and only repeats.
// Kept as one string of entries of ten characters: what, by whom, and eight digits of the words.

export type Twin = 'prompt' | 'text' | 'reasoning' | 'agent' | 'compaction' | 'error' | 'shell'
export type Teller = 'item' | 'event'

const LETTERS: Readonly<Record<Twin, string>> = {
  prompt: 'p',
  text: 't',
  reasoning: 'r',
  agent: 'a',
  compaction: 'c',
  error: 'x',
  shell: 's',
}
const ENTRY_LENGTH = 10
const ENTRIES_MAX = 64 // untold twins; of the files without any, the oldest are forgotten

const ANSWER_HEAD = 80

export interface Heard {
  readonly isTwin: boolean
  readonly told: string
}

export function hear(told: string, what: Twin, by: Teller, words: string): Heard {
  // What a person saw of an answer may lack marks for other programs that stand behind it: its beginning is enough.
  const trimmed = words.trim()
  const digits = digest(what === 'text' ? trimmed.slice(0, ANSWER_HEAD) : trimmed)
  const at = entryAt(told, LETTERS[what] + (by === 'item' ? 'e' : 'i') + digits)
  if (at >= 0) return { isTwin: true, told: told.slice(0, at) + told.slice(at + ENTRY_LENGTH) }
  const more = told + LETTERS[what] + (by === 'item' ? 'i' : 'e') + digits
  return { isTwin: false, told: more.slice(-ENTRY_LENGTH * ENTRIES_MAX) }
}

function entryAt(told: string, entry: string): number {
  for (let at = told.indexOf(entry); at >= 0; at = told.indexOf(entry, at + 1)) if (at % ENTRY_LENGTH === 0) return at
  return -1
}

// FNV-1a, 32 bits, as eight hex digits: enough to tell a handful of texts of one file apart.
export function digest(words: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
