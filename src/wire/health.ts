// What health means for a person: a colour, and a sentence for whatever is not as it should be, with what to do. Pure: layers in, judgement out.
// green: all is well, or just catching up. yellow: nothing is lost and something is worth a look. red: a part does not do its work.
// Words for the person stand in `says` of a layer already; here it is judged how bad that is, and what helps.

export type Colour = 'green' | 'yellow' | 'red'

export interface HealthLayer {
  readonly name: string
  readonly ok: boolean
  readonly says: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface Judgement {
  readonly colour: Colour
  readonly todo: string | null // one sentence; null where nothing is to be done
}

export interface Verdict extends Pick<Judgement, 'colour'> {
  readonly sentences: readonly string[] // the worst first; each says what, and what to do
  readonly layers: readonly Judgement[] // one for each layer, in their order
}

const RETRIES_RED = 5 // half a minute of trying
const WAITING_MS_YELLOW = 60_000
const FREE_BYTES_YELLOW = 1e9
const FREE_BYTES_RED = 100e6
const ORDER: readonly Colour[] = ['red', 'yellow', 'green']
const LAYERS_WITH_STARTS = new Set(['persist', 'patterns', 'projections', 'broadcast', 'search'])

export function judge(layers: readonly HealthLayer[]): Verdict {
  const judged = layers.map(judgeLayer)
  const colour = ORDER.find((each) => judged.some((it) => it.colour === each)) ?? 'green'
  const sentences = ORDER.flatMap((each) =>
    layers.flatMap((layer, i) => {
      const { colour: own, todo } = judged[i]!
      return own === each && own !== 'green' ? [sentenceOf(layer, todo)] : []
    }),
  )
  return { colour, sentences, layers: judged }
}

// What the page adds of its own: whether it is answered at all, and whether it is the page that this server has.
export interface Seen {
  readonly answers: boolean
  readonly isNewest: boolean
}

export function judgePage({ colour, sentences }: Pick<Verdict, 'colour' | 'sentences'>, seen: Seen) {
  if (!seen.answers)
    return {
      colour: 'red' as const,
      sentences: ['OpenStory does not answer: where it was stopped, start it in a terminal with: openstory'],
    }
  if (seen.isNewest) return { colour, sentences }
  return {
    colour: colour === 'red' ? colour : ('yellow' as const),
    sentences: [...sentences, 'This page is older than the server: load it again'],
  }
}

const sentenceOf = ({ name, says }: HealthLayer, todo: string | null): string => {
  const what = says.startsWith(`${name}: `) ? says : `${name}: ${says}`
  return todo === null ? what : `${what} — ${todo}`
}

function judgeLayer(layer: HealthLayer): Judgement {
  if (!layer.ok) return trouble(layer)
  if (layer.name === 'disk') return disk(layer)
  const { facts } = layer
  if (LAYERS_WITH_STARTS.has(layer.name) && number(facts.dead) > 0)
    return yellow(`see: openstory doctor; after an update try them again with: openstory retry ${layer.name}`)
  if (layer.name === 'store' && list(facts.setAside).length > 0)
    return yellow('nothing is lost; look after the disk, and delete what was set aside when you do not need it')
  if (layer.name === 'log' && number(facts.unsyncedMs) > WAITING_MS_YELLOW)
    return yellow('it is tried again; until then a loss of power costs a repeat, not a loss')
  if (layer.name === 'bus' && number(facts.oldestMs) > WAITING_MS_YELLOW)
    return yellow('the consumer that is behind catches up by itself; see it below')
  if (layer.name === 'page' && facts.built === false) return yellow('run: npm run build')
  return { colour: 'green', todo: null }
}

function disk({ facts }: HealthLayer): Judgement {
  const free = number(facts.freeBytes)
  if (free >= FREE_BYTES_YELLOW) return { colour: 'green', todo: null }
  const todo = 'make room; what comes meanwhile waits in the transcripts and is read then'
  return free < FREE_BYTES_RED ? red(todo) : yellow(todo)
}

function trouble({ name, says, facts }: HealthLayer): Judgement {
  if (facts.gaveUp === true)
    return red(
      /run: |update |move it /.test(says)
        ? 'then start OpenStory again'
        : 'restart OpenStory; if it stays, run: openstory doctor',
    )
  const todo = remedyOf(says)
  if (name === 'watcher')
    return facts.down === true
      ? red('it is started again by itself; nothing is lost, it reads on where it was')
      : yellow(todo)
  const isBriefly = LAYERS_WITH_STARTS.has(name) && facts.down !== true && number(facts.retries) < RETRIES_RED
  return isBriefly ? yellow(todo) : red(todo)
}

// By what the machine said. Everything is tried again by itself, and nothing is lost meanwhile.
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:the connection to|NATS at|cannot read from NATS|no NATS server)|NATS at \S+ does not answer/,
    'look after the NATS server, its JetStream and the network to it; it goes on by itself then, and nothing is lost',
  ],
  [
    /NATS server at .* (?:refuses|refused) the user/,
    'have the server let this user in, or start OpenStory with the right user, password or token in --bus; nothing is lost',
  ],
  [
    /the stream \S+ on .* is full/,
    'raise its limits (nats stream edit OPENSTORY --max-bytes, or the server’s max_file), or look after the consumer it waits for; what comes meanwhile waits in the transcripts',
  ],
  [/OpenStory needs \d+\.\d+ or newer/, 'update the NATS server; nothing is lost'],
  [
    /NATS dropped|lost its stream/,
    'the transcripts still have it: stop OpenStory, remove the folder watcher in its data folder, and start it; everything is read again, and known by its id',
  ],
  [
    /ENOSPC|EDQUOT|no space|disk is full|disk quota/i,
    'make room on the disk; it goes on by itself then, and nothing is lost',
  ],
  [/locked|busy/i, 'close the other program that has the file open; it is tried again by itself'],
  [/EIO|I\/O error/i, 'look after the disk, which does not read or write; it is tried again by itself'],
  [
    /EACCES|EPERM|EROFS|readonly|permission/i,
    'give this user the right to read and write there; it is tried again by itself',
  ],
  [/EMFILE|ENFILE/i, 'allow more open files (ulimit -n); it is tried again by itself'],
  [/corrupt|malformed|not a database/i, 'it is made anew from the log; nothing is to be done'],
]
function remedyOf(says: string): string {
  return (
    REMEDIES.find(([reason]) => reason.test(says))?.[1] ??
    'it is tried again by itself; if it stays, run: openstory doctor'
  )
}

const red = (todo: string): Judgement => ({ colour: 'red', todo })
const yellow = (todo: string): Judgement => ({ colour: 'yellow', todo })
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
