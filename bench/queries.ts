// Two hundred searches as people make them, over what writer.ts wrote: of each kind some, in an order that mixes them. The same every time.
import { Dice, PHRASE, RARE, RARE_CJK, RARE_IDENTIFIER, Words } from './words.ts'

export interface Query {
  readonly kind: string
  readonly q: string
}

const COUNT = 200

export function queries(): Query[] {
  const words = new Words(1)
  const dice = new Dice(77)
  const common = () => words.vocabulary[dice.below(40)]!
  const middling = () => words.vocabulary[200 + dice.below(3_000)]!
  const rare = () => words.vocabulary[20_000 + dice.below(20_000)]!
  const part = () => words.vocabulary[60 + dice.below(100)]!
  const project = () => `shop-${words.vocabulary[200 + dice.below(24)]}`
  const day = () => `2026-0${1 + dice.below(9)}-${10 + dice.below(18)}`
  const tool = () => dice.pick(['bash', 'edit', 'grep', 'write', 'read'])
  const kinds: readonly (readonly [string, () => string])[] = [
    ['one word, rare', rare],
    ['one word, common', common],
    ['one word, middling', middling],
    ['planted word', () => dice.pick([RARE, RARE_IDENTIFIER])],
    ['phrase', () => dice.pick([`"${PHRASE}"`, `"${common()} ${common()}"`, `"${middling()} ${common()}"`])],
    ['prefix', () => `${dice.pick([common, middling, rare])().slice(0, 3)}*`],
    ['prefix of one letter', () => `${dice.pick(['a', 's', 't', 'r', 'b'])}*`],
    ['several words', () => `${common()} ${middling()} ${common()}`],
    ['several words, one rare', () => `${common()} ${rare()}`],
    ['without a word', () => `${middling()} -${common()}`],
    ['agent and a word', () => `agent:${dice.pick(['pi', 'claude-code'])} ${middling()}`],
    ['project and a word', () => `project:${project()} ${common()}`],
    ['project alone', () => `project:${project()}`],
    ['tool and a word', () => `tool:${tool()} ${middling()}`],
    ['tool alone', () => `tool:${tool()}`],
    ['file', () => `file:${part()}/${part()}.ts`],
    ['since and a word', () => `since:${day()} ${common()}`],
    ['a span and a word', () => `since:2026-03-01 until:2026-03-0${2 + dice.below(7)} ${common()}`],
    ['errors only', () => dice.pick(['is:error', `is:error ${common()}`, `is:error tool:${tool()}`])],
    ['CJK', () => dice.pick([words.cjk(), RARE_CJK, words.cjk().slice(0, 1)])],
    ['part of an identifier', part],
    ['type and a word', () => `type:prompt ${middling()}`],
    ['everything at once', () => `agent:claude project:${project()} tool:bash since:${day()} ${common()}`],
    ['found nowhere', () => `${dice.hex(8)}zq`],
  ]
  return Array.from({ length: COUNT }, (_, i) => {
    const [kind, make] = kinds[i % kinds.length]!
    return { kind, q: make() }
  })
}
