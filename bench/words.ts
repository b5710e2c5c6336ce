// Words for invented transcripts: few are everywhere, most are rare (Zipf), some are identifiers, hashes and CJK, as in real work.
// All from a seed: the same seed writes the same words.

export class Dice {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  // mulberry32
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }

  below(n: number): number {
    return Math.floor((this.next() / 2 ** 32) * n)
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.next().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }

  uuid(): string {
    const h = this.hex(32)
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20)}`
  }
}

// The most common ones first, as a person who codes would write them; behind them invented ones.
const COMMON = (
  'the to and a of in is it this that for with on not be so as if we are have from test file but error now code one can when ' +
  'function line all use there change will add run then which type read value after check should only call does find new return ' +
  'first path before still build make name why failing list config where same module fixed server data each cache table default ' +
  'import index query commit branch merge update remove handle retry timeout response request header schema parse token render state ' +
  'column loop thread batch stream socket buffer limit offset cursor client session worker queue event message writer reader'
).split(' ')
const VOCABULARY = 40_000
const TABLE = 2 ** 17
const CJK = '検索結果確認修正設定変更関数実行失敗成功追加削除文書解析構文更新読込書込時間表示一覧処理待機接続切断'
const SYLLABLES =
  'ba be bi bo ca ce co cu da de di do fa fe fi fo ga ge gi go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo za ze zi zo'.split(
    ' ',
  )

// A word that stands in no transcript unless it is put there.
export const RARE = 'zephyrquill'
export const PHRASE = 'marmalade lighthouse protocol'
export const RARE_IDENTIFIER = 'reconcileZephyrLedger'
export const RARE_CJK = '雪月花鳥'

export class Words {
  readonly vocabulary: readonly string[]
  readonly #table = new Uint16Array(TABLE)
  readonly #lines: readonly string[]
  readonly #dice: Dice

  constructor(seed: number) {
    this.#dice = new Dice(seed)
    this.vocabulary = vocabularyOf(this.#dice)
    fillTable(this.#table, this.vocabulary.length)
    this.#lines = Array.from({ length: 6_000 }, () => this.#line())
  }

  word(): string {
    return this.vocabulary[this.#table[this.#dice.below(TABLE)]!]!
  }

  // Prose of `n` words, now and then an identifier, a path, a hash or a few characters of CJK among them.
  prose(n: number): string {
    let text = this.word()
    for (let i = 1; i < n; i++) {
      const odd = this.#dice.below(200)
      text += ` ${odd < 6 ? this.identifier() : odd === 6 ? this.path() : odd === 7 ? this.#dice.hex(10) : odd === 8 ? this.cjk() : this.word()}`
    }
    return text
  }

  // What tools put out: lines that come again and again, as files do.
  output(lines: number): string {
    let text = this.#dice.pick(this.#lines)
    for (let i = 1; i < lines; i++) text += `\\n${this.#dice.pick(this.#lines)}`
    return text
  }

  identifier(): string {
    const [a, b, c] = [this.word(), this.word(), this.word()]
    return `${a}${capital(b)}${this.#dice.below(2) === 0 ? '' : capital(c)}`
  }

  path(): string {
    return `src/${this.vocabulary[this.#dice.below(60)]}/${this.word()}.ts`
  }

  cjk(): string {
    const from = this.#dice.below(CJK.length - 6)
    return CJK.slice(from, from + 2 + this.#dice.below(4))
  }

  #line(): string {
    const dice = this.#dice
    const indent = ' '.repeat(2 * dice.below(4))
    switch (dice.below(4)) {
      case 0:
        return `${indent}const ${this.identifier()} = await ${this.identifier()}(${this.word()}, ${dice.below(500)})`
      case 1:
        return `${indent}// ${this.prose(9)}`
      case 2:
        return `${this.path()}:${dice.below(900)}: ${this.prose(7)}`
      default:
        return `${indent}return ${this.word()}.${this.word()}.${this.identifier()}(${this.word()})`
    }
  }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

function vocabularyOf(dice: Dice): string[] {
  const words = new Set(COMMON)
  while (words.size < VOCABULARY) {
    let word = ''
    for (let i = 2 + dice.below(3); i > 0; i--) word += dice.pick(SYLLABLES)
    words.add(word)
  }
  return [...words]
}

// The n-th word as often as 1/n.
function fillTable(table: Uint16Array, words: number): void {
  let sum = 0
  for (let n = 1; n <= words; n++) sum += 1 / n
  let at = 0
  let reached = 0
  for (let n = 1; n <= words; n++) {
    reached += 1 / n / sum
    for (; at < reached * table.length && at < table.length; at++) table[at] = n - 1
  }
  for (; at < table.length; at++) table[at] = words - 1
}
