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
    .trim()
}

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

// Politeness and praise that open an answer and say nothing.
const FILLER =
  /^(?:oh|ah|yes|no|sure|ok(?:ay)?|right|perfect|great|excellent|good|done|got it|absolutely|exactly|you(?:'|’)?re (?:absolutely )?(?:right|welcome)|great question|good (?:question|point|catch|instinct|idea)|that (?:sounds|makes) .{0,20}|i see|thanks?(?: you)?|sorry|my apologies|let me .{0,60}|that clarifies it|here(?:'|’)?s .{0,40}|summary|now i .{0,60})[.!:,]*(?:\s*[^\p{L}\p{N}\s]+)?$/iu
const STOP = new Set(
  'the a an and or of to in on for with is are was were be it this that you i we me my your our do does did can could would should will not no yes so if as at by from have has had what how why which there here just please now then but about into all any some'.split(
    ' ',
  ),
)

// Short, and nothing but a beginning: "Good catch - let me clarify.", "I think I understand the issue now."
const isOpening = (sentence: string): boolean =>
  sentence.length < 60 &&
  /^I(?:['’]d| would|['’]ll) be (?:happy|glad) to\b|\blet (?:me|'s|’s|us)\b|\blet['’]s\b|\bI (?:now )?(?:see|understand)\b|^(?:good|great|nice|excellent) \w+\b|^now I\b/i.test(
    sentence,
  )

// Where words have no blanks between them, every two characters stand for one.
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{2}/gu

const keyWords = (text: string): Set<string> =>
  new Set((text.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []).filter((word) => !STOP.has(word)))
const saysLittle = (sentence: string, words: ReadonlySet<string>): boolean =>
  words.size < 3 && (sentence.match(WIDE)?.length ?? 0) < 3

// "Run it with:" and a block of one line is a sentence with a name in it.
const ONE_LINE_BLOCK = /[:：][ \t]*\n\s*```[^\n]*\n([^\n`]{1,80})\n\s*```/g
const ASKS_HOW = /^\s*(?:and |so |ok(?:ay)?,? )?(?:how|which|what)\b/i
// The answer in a word, with what it stands on: "Yes, but only half of it.", "Short answer: the oven is cold."
const CONCLUSION =
  /^(?:(?:yes|no|nope|correct|not (?:quite|yet|really))\b|(?:in short|tl;dr|short answer|bottom line|conclusion)\b|結論[:：])/i
const YES_OR_NO = /^(?:yes|no|nope|correct|not (?:quite|yet|really))\b.{0,20}[.!]$/i
const concludes = (sentence: string): boolean =>
  CONCLUSION.test(sentence) && sentence.length > (/^結/.test(sentence) ? 10 : 24) && !/[:?]$/.test(sentence)
// A long prompt shares words with anything.
const SHARED_MAX = 4
const isOnlyCode = (sentence: string): boolean => !/[\p{L}\p{N}]/u.test(sentence.replace(/`[^`]*`/g, ''))

// The part of an answer that answers: of its first sentences the one that shares most with the prompt and is no mere opening.
export function gistOf(answer: string, prompt: string, max: number): string {
  const told = sentencesOf(answer.replace(ONE_LINE_BLOCK, ': `$1`\n'), 8)
  // An answer that is all code or headings is told by them.
  const sentences = told.length > 0 ? told : sentencesOf(answer.replace(/```\w*|^\s*#+ /gm, ''), 8)
  if (sentences.length === 0) return ''
  const asked = keyWords(prompt)
  let best = 0
  let bestScore = Number.NEGATIVE_INFINITY
  for (const [i, sentence] of sentences.entries()) {
    // A command tells how; it shares its names with a prompt that is a command, and that tells nothing.
    const spoken = sentence.replace(/: `[^`]*`$/, '')
    const words = keyWords(spoken)
    let score = -1.5 * i
    let shared = 0
    for (const word of words) if (asked.has(word)) shared++
    score += 2 * Math.min(shared, SHARED_MAX)
    if (i < 2 && concludes(sentence)) score += 8
    if (FILLER.test(sentence) || isOpening(sentence)) score -= 8
    if (spoken !== sentence && ASKS_HOW.test(prompt)) score += 5
    else if (saysLittle(sentence, words)) score -= 3
    if (isOnlyCode(sentence)) score -= 6
    if (/:$/.test(sentence)) score -= 1
    if (/\?$/.test(sentence)) score -= 3
    if (/`/.test(sentence)) score += 1
    if (score > bestScore) {
      bestScore = score
      best = i
    }
  }
  // As many of the next ones as there is room for.
  const before = sentences[best - 1] ?? ''
  let gist = YES_OR_NO.test(before) ? `${before} ${sentences[best]}` : sentences[best]!
  for (const next of sentences.slice(best + 1)) {
    if (
      gist.length + next.length >= max ||
      /:$/.test(gist) ||
      /[:?]$/.test(next) ||
      FILLER.test(next) ||
      isOnlyCode(next)
    )
      break
    gist += `${/[.!?…。！？]['"`)]*$/.test(gist) ? '' : ';'} ${next}`
  }
  return shortened(gist.replace(/[:：]$/, ''), max)
}
