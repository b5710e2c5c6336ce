// The whole program over a real NATS server, through a wire that can be cut: each fault is said in /api/health with what to do, and when it is
// over all is well again without a restart of ours, and the log is that of a run that nothing disturbed.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { openNats } from '../bus/nats/nats.ts'
import { STREAM } from '../bus/nats/stream.ts'
import { startCli } from '../testing/cli.ts'
import { CutProxy } from '../testing/cut-proxy.ts'
import { type NatsBinary, NatsServer, natsBinaries } from '../testing/nats-server.ts'
import { eventually, header, scenario, turnRecords } from '../testing/scenario.ts'
import type { HealthAnswer } from '../wire/rest.ts'

interface Faulty {
  readonly server: NatsServer
  readonly proxy: CutProxy
}

interface Fault {
  readonly what: string
  begin(on: Faulty): unknown
  readonly says: RegExp
  end(on: Faulty): unknown
}

const TOKEN = 'letmein'
const LET_IN = { lines: [`authorization { token: ${TOKEN} }`] }
const HELD = 'held' // a consumer that takes nothing

async function manage(server: NatsServer, work: (jsm: Awaited<ReturnType<typeof jetstreamManager>>) => unknown) {
  const nc = await connect({ servers: [server.url], token: TOKEN })
  await work(await jetstreamManager(nc))
  await nc.close()
}

const holdUp = async (server: NatsServer) => {
  const bus = await openNats({ url: server.url.replace('//', `//${TOKEN}@`) })
  await bus.consume({ durable: HELD, filter: '>' })
  await bus.publish([{ subject: 'sessions.p.s', id: 'held-1', data: new TextEncoder().encode('{}') }])
  await bus.close()
  await manage(server, async (jsm) => {
    const { state } = await jsm.streams.info(STREAM)
    await jsm.streams.update(STREAM, { max_bytes: state.bytes + 100 })
  })
}

const FAULTS: readonly Fault[] = [
  {
    what: 'the server is killed',
    begin: ({ server }) => server.kill(),
    says: /bus: the connection to nats:\S+ is down; trying again — look after the NATS server/,
    end: ({ server }) => server.up(),
  },
  {
    what: 'the wire is held still',
    begin: ({ proxy }) => proxy.hold(),
    says: /bus: (NATS at \S+ does not answer|the connection to \S+ is down).* — look after the NATS server/,
    end: ({ proxy }) => proxy.mend(),
  },
  {
    what: 'the wire is cut',
    begin: ({ proxy }) => proxy.cut(),
    says: /bus: the connection to \S+ is down; trying again — look after the NATS server/,
    end: ({ proxy }) => proxy.mend(),
  },
  {
    what: 'the token is another one',
    begin: async ({ server }) => {
      await server.stop()
      server.configure({ lines: ['authorization { token: another }'] })
      await server.up()
    },
    says: /bus: the NATS server at \S+ refuses the user, password or token in its URL; .* — have the server let/,
    end: async ({ server }) => {
      await server.stop()
      server.configure(LET_IN)
      await server.up()
    },
  },
  {
    what: 'the stream is full and a consumer does not take what is in it',
    begin: ({ server }) => holdUp(server),
    says: /watcher: events wait .* is full \(maximum bytes exceeded\): held still has \d+ messages? to take — raise its/,
    end: ({ server }) => manage(server, (jsm) => jsm.consumers.delete(STREAM, HELD)),
  },
  {
    what: 'the server is older than 2.9',
    begin: ({ proxy }) => {
      proxy.version = '2.8.4'
      proxy.drop()
    },
    says: /bus: the NATS server at \S+ is version 2\.8\.4; OpenStory needs 2\.9 or newer — update the NATS server/,
    end: ({ proxy }) => {
      proxy.version = null
      proxy.drop()
    },
  },
]

const logOf = (dataDir: string): Record<string, string> => {
  const dir = join(dataDir, 'log')
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'))
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(dir, name), 'utf8')]))
}

class Program {
  readonly #running: ReturnType<typeof startCli>
  #asked: HealthAnswer | null = null

  constructor(dataDir: string, bus: string, watched: string) {
    const args = ['--data-dir', dataDir, '--bus', bus, '--watch', `example=${watched}`]
    this.#running = startCli(['serve', '--port', '0', '--no-open', ...args], { OPENSTORY_LOG: 'warn' })
  }

  async health(): Promise<HealthAnswer> {
    const url = await eventually('it serves', () => /at (http\S+)/.exec(this.#running.stderr())?.[1], 60_000)
    this.#asked = (await (await fetch(`${url}/api/health`)).json()) as HealthAnswer
    return this.#asked
  }

  async says(what: string, says: RegExp): Promise<void> {
    const isSaid = async () => (await this.health()).sentences.some((sentence) => says.test(sentence))
    await this.#until(`${what}: it is said`, isSaid, 30_000)
    assert.ok(this.#asked!.colour !== 'green', what)
  }

  // This machine's disk, and a page that is not built, are no fault of the bus.
  async isWell(what: string, events: number): Promise<void> {
    const isWell = async () => {
      const { sentences, layers } = await this.health()
      const store = layers.find(({ name }) => name === 'store')
      const isQuiet = layers.every(({ facts, says }) => !facts.lag && says !== 'is starting')
      return isQuiet && store?.facts.events === events && sentences.every((each) => /^(?:disk|page):/.test(each))
    }
    await this.#until(`${what}: all is well and kept`, isWell, 60_000)
  }

  async kill(): Promise<void> {
    this.#running.child.kill('SIGKILL')
    await this.#running.done
  }

  async #until(what: string, look: () => Promise<boolean>, ms: number): Promise<void> {
    await eventually(what, look, ms).catch((error) => {
      const told = this.#asked?.layers.map(({ name, says }) => `${name}: ${says}`)
      throw new Error(`${what}: ${JSON.stringify([this.#asked?.sentences, told])}`, { cause: error })
    })
  }
}

async function throughAll(t: TestContext, binary: NatsBinary): Promise<void> {
  const machine = scenario()
  const server = await NatsServer.start(binary, LET_IN)
  const proxy = await CutProxy.to(server.port)
  const { dataDir } = machine.config
  const programs = [new Program(dataDir, proxy.url.replace('//', `//${TOKEN}@`), machine.sessions)]
  t.after(async () => {
    for (const program of programs) await program.kill()
    await proxy.close()
    await server.destroy()
    machine.remove()
  })
  const [program] = programs as [Program]
  const large = { id: 'large', at: '2026-03-14T09:30:00.000Z', kind: 'say', text: 'flour '.repeat(500_000) }
  machine.write('s1', [header('s1'), ...turnRecords(1), large]) // 3 MB: more than the server takes at once
  machine.write('s2', [header('s2')])
  machine.write('s3', [header('s3')])
  let events = 9
  await program.isWell('at first', events)
  for (const [n, { what, begin, says, end }] of FAULTS.entries()) {
    await begin({ server, proxy })
    for (const file of [1, 2, 3]) machine.write(`s${file}`, turnRecords(10 * file + n))
    events += 15
    await program.says(what, says)
    await end({ server, proxy })
    await program.isWell(`after ${what}`, events)
  }
  const { layers } = await program.health()
  assert.equal(layers.find(({ name }) => name === 'persist')?.facts.restarts, 0)
  const anew = join(machine.dir, 'undisturbed')
  programs.push(new Program(anew, 'embedded', machine.sessions))
  await programs[1]!.isWell('undisturbed', events)
  assert.deepEqual(logOf(dataDir), logOf(anew))
}

describe('each fault of a NATS server is said with what to do, and costs nothing', { concurrency: true }, () => {
  for (const binary of Object.values(natsBinaries()))
    test(`over ${binary.name}`, { skip: binary.path === null ? binary.missing : false, timeout: 180_000 }, (t) =>
      throughAll(t, binary),
    )
})
