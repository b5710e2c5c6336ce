// A readable piece of a text around what was searched for, with every hit in it marked; cut and matched with the words of the index.

import { Follower } from '../../folds/follower.ts'
import { maskSecrets } from '../../folds/secrets.ts'
import { plainForm, walkWords } from '../../folds/words.ts'
import type { SearchPlan, SearchTerm } from '../../stores/store.ts'
import type { SnippetPart } from '../../wire/rest.ts'

export const SCAN_CHARS_MAX = 200_000 // of one text; a hit behind that is found, but the snippet shows the beginning
const HITS_MAX = 500
const SLACK_MAX = 24 // how far a cut may move to fall between two words

interface Hit {
  readonly start: number
  readonly end: number
  readonly term: number
}

// `width`: about how many characters, without the ellipses.
export function snippetOf(text: string, plan: Pick<SearchPlan, 'all'>, width = 160): SnippetPart[] {
  // Masked before it is cut: half a secret has no mark.
  const source = plainForm(maskSecrets(text.length > SCAN_CHARS_MAX ? text.slice(0, SCAN_CHARS_MAX) : text))
    .replace(BLANK, ' ')
    .trim()
  const hits = hitsIn(source, plan.all, width)
  const [start, end] = windowOf(source, hits, width)
  const parts: SnippetPart[] = []
  const add = (piece: string, hit: boolean) => {
    const last = parts.at(-1)
    if (piece === '') return
    if (last && last.hit === hit) parts[parts.length - 1] = { text: last.text + piece, hit }
    else parts.push({ text: piece, hit })
  }
  if (start > 0) add('…', false)
  let at = start
  for (const hit of hits) {
    if (hit.end <= at || hit.start >= end) continue
    add(source.slice(at, Math.max(at, hit.start)), false)
    const until = Math.min(hit.end, end)
    add(source.slice(Math.max(at, hit.start), until), true)
    at = until
  }
  add(source.slice(at, end), false)
  if (end < source.length || text.length > SCAN_CHARS_MAX) add('…', false)
  return parts
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would not show is shown as a blank
const BLANK = /[\s\x00-\x1f\x7f]+/g

// Where the terms stand, by start. Stops once a window holds all of them: there is no better one to come.
function hitsIn(source: string, terms: readonly SearchTerm[], width: number): Hit[] {
  const hits: Hit[] = []
  if (terms.length === 0) return hits
  const follow = terms.map((term) => ({ words: new Follower(term), parts: new Follower(term) }))
  let stopAt = Number.POSITIVE_INFINITY
  walkWords(source, (token, start, end, column) => {
    if (start > stopAt) return false
    for (const [term, follower] of follow.entries()) {
      if (column === 'words') follower.parts.forget()
      const found = follower[column].next(token, start, end)
      if (found === null) continue
      const hit = { ...found, term }
      hits.push(hit)
      if (stopAt === Number.POSITIVE_INFINITY && termsNear(hits, hit.end - width).size === terms.length)
        stopAt = hit.start + width
    }
    return hits.length < HITS_MAX
  })
  return hits.sort((a, b) => a.start - b.start || b.end - a.end)
}

function termsNear(hits: readonly Hit[], from: number): Set<number> {
  const terms = new Set<number>()
  for (let i = hits.length - 1; i >= 0 && hits[i]!.start >= from; i--) terms.add(hits[i]!.term)
  return terms
}

// The window with the most different terms, the first of those.
function windowOf(source: string, hits: readonly Hit[], width: number): readonly [number, number] {
  if (source.length <= width) return [0, source.length]
  let best = hits[0]
  let bestEnd = best?.end ?? 0
  let bestCount = 0
  for (const [i, hit] of hits.entries()) {
    const seen = new Set<number>()
    let end = hit.end
    for (let j = i; j < hits.length && hits[j]!.end <= hit.start + width; j++) {
      seen.add(hits[j]!.term)
      end = Math.max(end, hits[j]!.end)
    }
    if (seen.size > bestCount) [best, bestEnd, bestCount] = [hit, end, seen.size]
  }
  if (best === undefined) return [0, cutBefore(source, width, 0)]
  // What is left of the width stands around the hits, a third of it before them.
  const free = Math.max(0, width - (bestEnd - best.start))
  const wanted = Math.min(Math.max(0, best.start - Math.floor(free / 3)), source.length - width)
  const start = wanted <= 0 ? 0 : cutAfter(source, wanted, best.start)
  return [start, start + width >= source.length ? source.length : cutBefore(source, start + width, best.start + 1)]
}

// The next beginning of a word at or after `at`, not behind `limit`.
function cutAfter(source: string, at: number, limit: number): number {
  const space = source.indexOf(' ', at - 1)
  if (space >= 0 && space + 1 <= limit && space - at <= SLACK_MAX) return space + 1
  return isLowHalf(source, at) ? at + 1 : at
}

function cutBefore(source: string, at: number, limit: number): number {
  const space = source.lastIndexOf(' ', at)
  if (space > limit && at - space <= SLACK_MAX) return space
  return isLowHalf(source, at) ? at - 1 : at
}

const isLowHalf = (source: string, at: number): boolean => {
  const code = source.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff
}
