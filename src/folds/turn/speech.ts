// What people and agents say, as far as a turn must know: does a prompt say what is wanted, does an answer end with a question.
import { cut } from '../../event/payload.ts'

// "yes", "1", "continue", "go ahead please": an answer to what stood before, no wish of its own. In the languages agents are spoken to in.
const NODS = new Set(
  (
    'yes yep yeah yup y ok okay k sure no n nope go continue proceed next done fine good great nice perfect thanks thank please do it ahead on you that this works right correct agreed ' +
    'lgtm approved ship resume retry again try now all both first second third one two three option a b c d e and the with keep going sounds ' +
    'ja jo nein ok gut weiter bitte mach danke genau oui non d’accord continue continuez vas-y merci si sí vale claro sigue adelante gracias sim não continua ' +
    'да нет ок давай продолжай дальше хорошо はい いいえ 続けて お願いします ok 是 好 好的 继续 可以 行 对 네 예 계속 좋아 tak nie dalej hai'
  ).split(' '),
)
const WORD = /[\p{L}\p{N}’'-]+/gu

export function saysWhat(prompt: string): boolean {
  const words = prompt.toLowerCase().match(WORD) ?? []
  if (words.length === 0) return false
  if (words.length > 6) return true
  // Languages without blanks between words say a lot in one.
  const wide = words.some(
    (word) => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word) && word.length > 5,
  )
  return wide || words.some((word) => !NODS.has(word) && !/^\d+$/.test(word))
}

const QUESTION_MAX = 200

// The question a text ends with, '' where it ends otherwise.
export function questionAtEnd(text: string): string {
  const end = text.trimEnd().replace(/[*_`"”)]+$/, '')
  if (!/[?？؟]$/.test(end)) return ''
  const line = end.slice(end.lastIndexOf('\n') + 1)
  const before = Math.max(
    ...['. ', '! ', '? ', '。', '！', '？', ': '].map((mark) => line.lastIndexOf(mark, line.length - 2)),
  )
  const question = line
    .slice(before + 1)
    .replace(/^[\s*_#>-]+/, '')
    .trim()
  return question.length > QUESTION_MAX ? '' : cut(question, QUESTION_MAX)
}
