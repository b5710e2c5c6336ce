// Writes a home of invented transcripts of two agents, as large as is asked for, and knows what is in it: so many events, so many tokens,
// so much money. The same size is the same bytes. One session has a tenth of all events; the others share the rest, 45 each.
//   node bench/writer.ts OUT EVENTS
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Dice, PHRASE, RARE, RARE_CJK, RARE_IDENTIFIER, Words } from './words.ts'

export interface Totals {
  readonly events: number
  readonly sessions: number
  readonly files: number
  readonly bytes: number
  readonly prompts: number
  readonly requests: number
  readonly input: number
  readonly output: number
  readonly cacheWrite: number
  readonly cacheRead: number
  readonly nano: number // of a dollar
  readonly rare: number // events that have each of the rare words
  readonly largest: string // native id of the largest session
}

const EVENTS_EACH = 45
const RARE_TIMES = 12
const PIECE_CHARS = 4 * 1024 * 1024
const BEGAN_MS = Date.UTC(2025, 10, 3, 8)
const SPAN_MS = 360 * 86_400_000
const PROJECTS = 24
const TOTALS = 'totals.json'

// In nano-dollars a token, by the price lists of November 2025.
const MODELS = [
  { name: 'claude-sonnet-4-5-20250929', input: 3_000, output: 15_000, cacheWrite: 3_750, cacheRead: 300 },
  { name: 'claude-haiku-4-5-20251001', input: 1_000, output: 5_000, cacheWrite: 1_250, cacheRead: 100 },
  { name: 'claude-opus-4-5-20251101', input: 5_000, output: 25_000, cacheWrite: 6_250, cacheRead: 500 },
] as const

// Makes it, or says what is in the one that was made before.
export function writeHome(out: string, events: number): Totals {
  const done = join(out, TOTALS)
  if (existsSync(done)) return JSON.parse(readFileSync(done, 'utf8')) as Totals
  const totals = new Writer(out, events).write()
  writeFileSync(done, JSON.stringify(totals))
  return totals
}

export type Model = (typeof MODELS)[number]

export interface Session {
  readonly n: number
  readonly id: string
  readonly project: string
  readonly cwd: string
  readonly startMs: number
}

class Writer {
  readonly #out: string
  readonly #events: number
  readonly #words = new Words(1)
  readonly #dice = new Dice(2)
  readonly #sum = {
    events: 0,
    files: 0,
    bytes: 0,
    prompts: 0,
    requests: 0,
    input: 0,
    output: 0,
    cacheWrite: 0,
    cacheRead: 0,
    nano: 0,
    rare: 0,
  }
  #file = ''
  #text = ''
  #ms = 0

  constructor(out: string, events: number) {
    this.#out = out
    this.#events = events
  }

  write(): Totals {
    const large = Math.floor(this.#events / 10)
    const sessions = Math.max(2, Math.floor((this.#events - large) / EVENTS_EACH))
    const rareEvery = Math.max(1, Math.floor(sessions / RARE_TIMES))
    let largest = ''
    for (let n = 0; n < sessions; n++) {
      const project = `shop-${this.#words.vocabulary[200 + (n % PROJECTS)]}`
      const startMs = BEGAN_MS + Math.floor((SPAN_MS / sessions) * n)
      const session = { n, id: this.#dice.uuid(), project, cwd: `/home/dev/${project}`, startMs }
      const isLarge = n === sessions - 2
      if (isLarge) largest = session.id
      // The last one takes what is over.
      const count = isLarge ? large : n === sessions - 1 ? this.#events - this.#sum.events : EVENTS_EACH
      const rare = n % rareEvery === 3 && this.#sum.rare < RARE_TIMES
      if (n % 10 === 9) this.#one(session, count, rare, new OtherLines(session, this.#dice))
      else this.#one(session, count, rare, new Lines(session, this.#dice))
    }
    return { ...this.#sum, sessions, largest }
  }

  #one(session: Session, count: number, rare: boolean, lines: Lines): void {
    this.#file = join(this.#out, lines.path(session))
    mkdirSync(dirname(this.#file), { recursive: true })
    this.#sum.files++
    this.#ms = session.startMs
    const end = this.#sum.events + count
    const put = (line: string) => {
      if (this.#sum.events === end) return
      this.#sum.events++
      this.#ms += 400 + this.#dice.below(12_000)
      this.#text += `${line}\n`
      if (this.#text.length > PIECE_CHARS) this.#flush()
    }
    const begin = lines.begin(this.#ms)
    if (begin !== null) put(begin)
    for (let turn = 0; this.#sum.events < end; turn++) this.#turn(put, end, lines, rare && turn === 0)
    this.#flush()
  }

  #turn(put: (line: string) => void, end: number, lines: Lines, rare: boolean): void {
    const [words, dice] = [this.#words, this.#dice]
    const prompt = `${words.prose(6 + dice.below(30))}${rare ? ` ${RARE} ${PHRASE} ${RARE_IDENTIFIER} ${RARE_CJK}` : ''}`
    this.#sum.prompts++
    if (rare) this.#sum.rare++
    put(lines.prompt(this.#ms, prompt))
    const model = MODELS[dice.below(20) === 0 ? 2 : dice.below(4) === 0 ? 1 : 0]!
    for (let i = 1 + dice.below(5); i > 0 && this.#sum.events < end; i--) {
      const request = this.#request(model)
      put(lines.thinking(this.#ms, words.prose(20 + dice.below(50)), request))
      if (dice.below(3) === 0) put(lines.says(this.#ms, words.prose(8 + dice.below(30)), request, false))
      const tool = makeTool(words, dice, lines.session.cwd)
      put(lines.calls(this.#ms, tool, request))
      put(
        lines.result(this.#ms, tool, words.output(1 + dice.below(dice.below(4) === 0 ? 60 : 12)), dice.below(20) === 0),
      )
    }
    if (this.#sum.events < end) put(lines.says(this.#ms, words.prose(20 + dice.below(60)), this.#request(model), true))
  }

  #request(model: Model): Request {
    const request = makeRequest(this.#dice, model)
    const sum = this.#sum
    sum.requests++
    for (const what of ['input', 'output', 'cacheWrite', 'cacheRead', 'nano'] as const) sum[what] += request[what]
    return request
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text)
    appendFileSync(this.#file, bytes)
    this.#sum.bytes += bytes.length
    this.#text = ''
  }
}

export interface Request {
  readonly id: string
  readonly model: string
  readonly input: number
  readonly output: number
  readonly cacheWrite: number
  readonly cacheRead: number
  readonly nano: number
}
export interface Tool {
  readonly id: string
  readonly name: string
  readonly input: string // JSON
}

// Every line of a request repeats its whole account.
export function makeRequest(dice: Dice, model: Model = MODELS[0]): Request {
  const [input, output] = [2 + dice.below(40), 60 + dice.below(1_800)]
  const [cacheWrite, cacheRead] = [200 + dice.below(4_000), 5_000 + dice.below(120_000)]
  const nano = input * model.input + output * model.output + cacheWrite * model.cacheWrite + cacheRead * model.cacheRead
  return { id: dice.hex(24), model: model.name, input, output, cacheWrite, cacheRead, nano }
}

export function makeTool(words: Words, dice: Dice, cwd: string): Tool {
  const id = dice.hex(24)
  const file = `${cwd}/${words.path()}`
  switch (dice.below(5)) {
    case 0:
      return { id, name: 'Bash', input: `{"command":"npm test -- ${words.word()}","description":"${words.prose(4)}"}` }
    case 1:
      return {
        id,
        name: 'Edit',
        input: `{"file_path":"${file}","old_string":"${words.prose(12)}","new_string":"${words.prose(16)}"}`,
      }
    case 2:
      return { id, name: 'Grep', input: `{"pattern":"${words.identifier()}","path":"${cwd}"}` }
    case 3:
      return { id, name: 'Write', input: `{"file_path":"${file}","content":"${words.output(8)}"}` }
    default:
      return { id, name: 'Read', input: `{"file_path":"${file}"}` }
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()

// Lines as Claude Code writes them. Texts are put between quotes as they are: no word has a character that JSON would write otherwise.
export class Lines {
  readonly session: Session
  readonly dice: Dice
  #parent = 'null'

  constructor(session: Session, dice: Dice) {
    this.session = session
    this.dice = dice
  }

  path({ project, id }: Session): string {
    return join('.claude', 'projects', `-home-dev-${project}`, `${id}.jsonl`)
  }
  begin(_ms: number): string | null {
    return null
  }
  prompt(ms: number, text: string): string {
    return this.#line(ms, 'user', `"message":{"role":"user","content":"${text}"}`)
  }
  thinking(ms: number, text: string, request: Request): string {
    return this.#answer(
      ms,
      request,
      `{"type":"thinking","thinking":"${text}","signature":"${this.dice.hex(64)}"}`,
      'null',
    )
  }
  says(ms: number, text: string, request: Request, isEnd: boolean): string {
    return this.#answer(ms, request, `{"type":"text","text":"${text}"}`, isEnd ? '"end_turn"' : 'null')
  }
  calls(ms: number, tool: Tool, request: Request): string {
    const block = `{"type":"tool_use","id":"toolu_${tool.id}","name":"${tool.name}","input":${tool.input}}`
    return this.#answer(ms, request, block, '"tool_use"')
  }
  result(ms: number, tool: Tool, text: string, failed: boolean): string {
    const block = `{"tool_use_id":"toolu_${tool.id}","type":"tool_result","content":"${text}","is_error":${failed}}`
    return this.#line(ms, 'user', `"message":{"role":"user","content":[${block}]}`)
  }

  #answer(
    ms: number,
    { id, model, input, output, cacheWrite, cacheRead }: Request,
    block: string,
    stop: string,
  ): string {
    const usage = `{"input_tokens":${input},"cache_creation_input_tokens":${cacheWrite},"cache_read_input_tokens":${cacheRead},"output_tokens":${output},"service_tier":"standard"}`
    const message = `{"model":"${model}","id":"msg_${id}","type":"message","role":"assistant","content":[${block}],"stop_reason":${stop},"stop_sequence":null,"usage":${usage}}`
    return this.#line(ms, 'assistant', `"message":${message},"requestId":"req_${id}"`)
  }

  #line(ms: number, type: string, rest: string): string {
    const { id, cwd } = this.session
    const uuid = this.dice.uuid()
    const parent = this.#parent
    this.#parent = `"${uuid}"`
    return `{"parentUuid":${parent},"isSidechain":false,"userType":"external","cwd":"${cwd}","sessionId":"${id}","version":"2.1.0","gitBranch":"main","type":"${type}",${rest},"uuid":"${uuid}","timestamp":"${iso(ms)}"}`
  }
}

// Lines as pi writes them, which records itself what a request cost. A request of several lines says it once.
class OtherLines extends Lines {
  #entry = 'null'
  #said = ''

  override path({ project, id, startMs }: Session): string {
    return join('.pi/agent/sessions', `--home-dev-${project}--`, `${iso(startMs).replaceAll(/[:.]/g, '-')}_${id}.jsonl`)
  }
  override begin(ms: number): string {
    return `{"type":"session","version":3,"id":"${this.session.id}","timestamp":"${iso(ms)}","cwd":"${this.session.cwd}"}`
  }
  override prompt(ms: number, text: string): string {
    return this.#message(ms, `"role":"user","content":"${text}"`)
  }
  override thinking(ms: number, text: string, request: Request): string {
    return this.#answered(ms, request, `{"type":"thinking","thinking":"${text}"}`, 'toolUse')
  }
  override says(ms: number, text: string, request: Request, isEnd: boolean): string {
    return this.#answered(ms, request, `{"type":"text","text":"${text}"}`, isEnd ? 'stop' : 'toolUse')
  }
  override calls(ms: number, { id, name, input }: Tool, request: Request): string {
    const block = `{"type":"toolCall","id":"toolu_${id}","name":"${name.toLowerCase()}","arguments":${input.replace('"file_path"', '"path"')}}`
    return this.#answered(ms, request, block, 'toolUse')
  }
  override result(ms: number, { id, name }: Tool, text: string, failed: boolean): string {
    const content = `[{"type":"text","text":"${text}"}]`
    return this.#message(
      ms,
      `"role":"toolResult","toolCallId":"toolu_${id}","toolName":"${name.toLowerCase()}","content":${content},"isError":${failed}`,
    )
  }

  #answered(
    ms: number,
    { id, model, input, output, cacheWrite, cacheRead, nano }: Request,
    block: string,
    stop: string,
  ): string {
    const usd = `${Math.floor(nano / 1e9)}.${String(nano % 1e9).padStart(9, '0')}`
    const usage =
      this.#said === id
        ? ''
        : `,"usage":{"input":${input},"output":${output},"cacheRead":${cacheRead},"cacheWrite":${cacheWrite},"cost":{"total":${usd}}}`
    this.#said = id
    return this.#message(
      ms,
      `"role":"assistant","content":[${block}],"provider":"anthropic","model":"${model}","responseId":"${id}"${usage},"stopReason":"${stop}"`,
    )
  }

  #message(ms: number, rest: string): string {
    const entry = this.dice.hex(8)
    const parent = this.#entry
    this.#entry = `"${entry}"`
    return `{"type":"message","id":"${entry}","parentId":${parent},"timestamp":"${iso(ms)}","message":{${rest},"timestamp":${ms}}}`
  }
}

if (import.meta.main) {
  const [out, events] = process.argv.slice(2)
  if (out === undefined || !(Number(events) > 0)) throw new Error('give a folder and how many events')
  console.log(JSON.stringify(writeHome(out, Number(events)), null, 1))
}
