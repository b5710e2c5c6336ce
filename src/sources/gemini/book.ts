// Which messages were told, and how much of the newest: Gemini CLI writes a message again, whole, whenever something was added to it,
// and now and then all of them. Both are bounded; what is forgotten is taken for told, by its time.
import { isJson } from '../values.ts'
import type { Memory } from './memory.ts'

// Of one message: enough to know what a later copy adds.
export interface Page {
  readonly text: string // digest of its text; empty when it had none
  readonly thoughts: number
  readonly calls: Readonly<Record<string, 'open' | 'done'>>
  readonly tokens: readonly number[] // input, output, cacheRead as told; empty when none were
}

const DIGITS = 8
const KNOWN_MAX = 2_000 // 16 kB
const PAGES_MAX = 24
const PAGES_CHARS_MAX = 40_000

type Book = Pick<Memory, 'known' | 'forgotTo' | 'pages'>

export function isKnown({ known, forgotTo }: Book, id: string, time: string | null): boolean {
  const entry = digest(id)
  for (let at = known.indexOf(entry); at >= 0; at = known.indexOf(entry, at + 1)) if (at % DIGITS === 0) return true
  return forgotTo !== null && time !== null && time <= forgotTo
}

export const pageOf = ({ pages }: Book, id: string): Page | undefined =>
  pagesIn(pages).find(([name]) => name === id)?.[1]

export function withPage(book: Book, id: string, time: string | null, page: Page): Book {
  const pages = written([...pagesIn(book.pages).filter(([name]) => name !== id), [id, page]])
  if (isKnown({ ...book, forgotTo: null }, id, time)) return { ...book, pages }
  const known = book.known + digest(id)
  if (known.length <= DIGITS * KNOWN_MAX) return { ...book, known, pages }
  // The oldest half is forgotten at once; all of it was told before this message.
  return { known: known.slice(-DIGITS * (KNOWN_MAX / 2)), forgotTo: earlierThan(time) ?? book.forgotTo, pages }
}

// A message of the same moment as the one that made room may still be new.
const earlierThan = (time: string | null): string | null =>
  time === null ? null : new Date(Math.max(0, Date.parse(time) - 1)).toISOString()

type Pages = readonly (readonly [string, Page])[]

function pagesIn(pages: string): Pages {
  if (pages === '') return []
  let value: unknown
  try {
    value = JSON.parse(pages)
  } catch {
    return [] // memory of another hand; every line means something without it
  }
  return Array.isArray(value) ? value.filter(isPage) : []
}

const isPage = (value: unknown): value is readonly [string, Page] =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  isJson(value[1]) &&
  isJson(value[1].calls) &&
  Array.isArray(value[1].tokens)

function written(pages: Pages): string {
  let kept = pages.slice(-PAGES_MAX)
  for (;;) {
    const text = kept.length === 0 ? '' : JSON.stringify(kept)
    if (text.length <= PAGES_CHARS_MAX) return text
    kept = kept.slice(1)
  }
}

// FNV-1a, 32 bits, as eight hex digits.
export function digest(words: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(DIGITS, '0')
}
