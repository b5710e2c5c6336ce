// Words of people and agents as they are quoted: markup and pasted matter taken out and named, cut at the end of a sentence or a word.
import { cut } from '../../event/payload.ts'

const FENCE = /```[^\n]*\n?[\s\S]*?(?:```|$)/g
const TAG = /<\/?([a-zA-Z][\w:-]*)(?:\s[^<>]{0,200})?\/?>/g
const IMAGE = /\[Image(?: #\d+)?(?:: [^\]]*)?\]/g
const PASTED = /\[Pasted text(?: #\d+)?[^\]]*\]/g
// Nobody says the whole of a long path or address.
const SCREENSHOT =
  /(?<=^|\s)(?:'[/~][^']{1,300}\.(?:png|jpe?g|gif|webp)'|(?:\/|~\/)(?:\\ |[^\s'"]){1,300}\.(?:png|jpe?g|gif|webp))(?=\s|$)/gi
const LONG_PATH = /(?<![\w:/.])~?\/(?:[^\s/'"`]+\/){3,}([^\s/'"`]+)/g
const LONG_URL = /(https?:\/\/[^\s/]+)\/\S{60,}/g
const LINK = /\[([^\]]{1,120})\]\([^)\s]+\)/g

// `<name>` alone is a placeholder that somebody wrote; with an end, attributes or a name of HTML it is markup.
const isMarkup = (text: string, tag: string, name: string): boolean =>
  tag.startsWith('</') ||
  /[\s/]/.test(tag) ||
  text.includes(`</${name}>`) ||
  /^(?:br|hr|p|img|div|span|li|ul|b|i|em)$/i.test(name)

// Where a messenger is told to send an answer: [[reply_to_current]] before its first word.
const DIRECTION = /^\s*\[\[[A-Za-z]\w*(?::\s*[\w-]+)?\]\]\s*/

// What a terminal shows before a command that was copied out of it.
const SHELL_PROMPT = /^[ \t]*[❯➜$%][ \t]+/gm

// One line of plain words. What is no words (pictures, pasted blocks) is named in brackets, unless there is nothing else.
export function plainWords(text: string): string {
  return text
    .replace(DIRECTION, '')
    .replace(SHELL_PROMPT, '')
    .replace(/\\\n/g, ' ')
    .replace(FENCE, ' ')
    .replace(IMAGE, ' ')
    .replace(PASTED, ' [pasted text] ')
    .replace(LINK, '$1')
    .replace(TAG, (tag, name: string) => (isMarkup(text, tag, name) ? ' ' : tag))
    .replace(SCREENSHOT, ' [picture] ')
    .replace(LONG_PATH, '$1')
    .replace(LONG_URL, '$1/…')
    .replace(/\*\*|__/g, '')
    .replace(/^\s{0,3}(?:#{1,6}|[-*+>]|\d+[.)])\s+/gm, '')
    .replace(/(?<![\w*])\*(\S[^*\n]{0,300}?)\*(?![\w*])/g, '$1')
    .replace(/^[\s─━═=|+-]{3,}$/gm, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^(?:\s*\[picture\])+|(?:\s*\[picture\])+\s*$/g, '')
    .trim()
}

// Pictures that a text names by their paths.
export const picturesIn = (text: string): number => text.match(SCREENSHOT)?.length ?? 0

// `max` counts characters, the ellipsis included. Ends at a sentence where that leaves enough of it, else at a word.
export function shortened(line: string, max: number, isCut = false): string {
  if (line.length <= max && !isCut) return line
  const room = cut(line, Math.min(max, line.length))
  const sentence = lastSentenceEnd(room)
  if (sentence >= max * 0.5) return room.slice(0, sentence).trim()
  const word = /\s/.test(line[room.length] ?? ' ') && line.length > room.length ? room.length : room.lastIndexOf(' ')
  // Languages without blanks are cut between characters.
  const end = word > max * 0.3 ? word : cut(room, max - 1).length
  return `${room.slice(0, end).replace(/[\s,;:.–—-]+$/, '')}…`
}

function lastSentenceEnd(text: string): number {
  let end = -1
  for (const found of text.matchAll(/[.!?](?=\s|$)|[。！？]/g)) end = found.index + found[0].length
  // "e.g. ", "v1. " and the like end nothing.
  return end > 0 && /\b(?:e\.g|i\.e|etc|vs|v?\d+)\.$/i.test(text.slice(0, end)) ? -1 : end
}

// As it stands inside straight quotes.
export const quoted = (text: string): string => `"${text.replaceAll('"', "'")}"`

// **Current Versions:** is a heading as well; **It has two doors:** is not.
const TITLE = /^\s*\*\*(?:[\p{Lu}\p{N}&][^\s*`]*(?:\s(?:and|of|the|for|to|in)\b)*\s?){1,6}(?::\*\*|\*\*:)\s*$/u

// ✅ and the like before the first word; a number is no sign.
const SIGNS = /^(?:(?!\p{N})(?:\p{Extended_Pictographic}|\uFE0F)\s*)+/u

// Sentences of a text, without its code and tables.
export function sentencesOf(text: string, max: number): string[] {
  const found: string[] = []
  for (const block of text.replace(FENCE, '\n').split('\n')) {
    // Tables and headings are no sentences.
    if (/^\s*(?:\||#{1,6} |-{3,}|\*{3,})/.test(block) || TITLE.test(block)) continue
    const line = plainWords(block)
    if (line === '') continue
    for (const part of line.split(/(?<=[.!?])\s+(?=[\p{Lu}\p{N}\p{Extended_Pictographic}"'`*_(])|(?<=[。！？])/u)) {
      const words = part.replace(SIGNS, '').trim()
      if (words !== '') found.push(words)
    }
    if (found.length >= max) break
  }
  return found.slice(0, max)
}
