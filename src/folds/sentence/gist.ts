// The part of an answer that answers: its conclusion, or of its first sentences the one that shares most with the prompt.
import { sentencesOf, shortened } from './quote.ts'

// Politeness and praise that open an answer and say nothing.
const FILLER =
  /^(?:oh|ah|yes|no|sure|ok(?:ay)?|right|perfect|great|excellent|good|done|got it|absolutely|exactly|you(?:'|’)?re (?:absolutely )?(?:right|welcome)|great question|good (?:question|point|catch|instinct|idea)|that (?:sounds|makes) .{0,20}|i see|thanks?(?: you)?|sorry|my apologies|let me .{0,60}|that clarifies it|here(?:'|’)?s .{0,40}|summary|now i .{0,60})[.!:,]*(?:\s*[^\p{L}\p{N}\s]+)?$/iu
const STOP = new Set(
  'the a an and or of to in on for with is are was were be it this that you i we me my your our do does did can could would should will not no yes so if as at by from have has had what how why which there here just please now then but about into all any some'.split(
    ' ',
  ),
)

// Short, and nothing but a beginning: "Good catch - let me clarify.", "I think I understand the issue now."
const OFFER = /^I(?:['’]d| would|['’]ll) be (?:happy|glad) to\b/i
const isOpening = (sentence: string): boolean =>
  OFFER.test(sentence) ||
  (sentence.length < 60 &&
    /\blet (?:me|'s|’s|us)\b|\blet['’]s\b|\bI (?:now )?(?:see|understand)\b|^(?:good|great|nice|excellent) \w+\b|^now I\b/i.test(
      sentence,
    ))

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

// Of its first sentences the one that answers, and as many of the next ones as there is room for. `max` counts characters.
export function gistOf(answer: string, prompt: string, max: number): string {
  const told = sentencesOf(answer.replace(ONE_LINE_BLOCK, ': `$1`\n'), 8)
  // An answer that is all code or headings is told by them.
  const sentences = told.length > 0 ? told : sentencesOf(answer.replace(/```\w*|^\s*#+ /gm, ''), 8)
  if (sentences.length === 0) return ''
  const asked = keyWords(prompt)
  const scores = sentences.map((sentence, i) => scoreOf(sentence, i, prompt, asked))
  const best = scores.indexOf(Math.max(...scores))
  const before = sentences[best - 1] ?? ''
  const first = YES_OR_NO.test(before) ? `${before} ${sentences[best]}` : sentences[best]!
  return shortened(withMore(first, sentences.slice(best + 1), max).replace(/[:：]$/, ''), max)
}

function scoreOf(sentence: string, i: number, prompt: string, asked: ReadonlySet<string>): number {
  // A command tells how; it shares its names with a prompt that is a command, and that tells nothing.
  const spoken = sentence.replace(/: `[^`]*`$/, '')
  const words = keyWords(spoken)
  const shared = [...words].filter((word) => asked.has(word)).length
  let score = 2 * Math.min(shared, SHARED_MAX) - 1.5 * i
  if (i < 2 && concludes(sentence)) score += 8
  if (FILLER.test(sentence) || isOpening(sentence)) score -= OFFER.test(sentence) ? 16 : 8
  if (spoken !== sentence && ASKS_HOW.test(prompt)) score += 5
  else if (saysLittle(sentence, words)) score -= 3
  if (isOnlyCode(sentence)) score -= 6
  if (/:$/.test(sentence)) score -= 1
  if (/\?$/.test(sentence)) score -= 3
  if (/`/.test(sentence)) score += 1
  return score
}

// What a colon announces follows it, cut where it must be; anything else only whole.
function withMore(first: string, rest: readonly string[], max: number): string {
  let gist = first
  for (const next of rest) {
    if (/[:?]$/.test(next) || FILLER.test(next) || isOnlyCode(next)) break
    const announced = /:$/.test(gist)
    if (!announced && gist.length + next.length >= max) break
    gist += `${announced || /[.!?…。！？]['"`)]*$/.test(gist) ? '' : ';'} ${next}`
  }
  return gist
}
