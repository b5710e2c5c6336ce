// What the bus over NATS promises when the stream is full, the wire between is cut or held, or the server is another one than before.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, headers } from '@nats-io/transport-node'
import { CutProxy } from '../../testing/cut-proxy.ts'
import { type NatsBinary, NatsServer, type NatsSettings } from '../../testing/nats-server.ts'
import { eventually } from '../../testing/scenario.ts'
import { type Bus, BusError, FullError } from '../bus.ts'
import {
  assertSame,
  idsOf,
  made,
  nextOf,
  range,
  readSome,
  several,
  take,
  within,
} from '../contract/fixture.contract.ts'
import { type NatsOptions, openNats } from './nats.ts'
import { encodeSeqs, PART_HEADER, PARTS_HEADER } from './parts.ts'
import { STREAM } from './stream.ts'

type Manager = Awaited<ReturnType<typeof jetstreamManager>>

async function manage<T>(url: string, work: (jsm: Manager) => Promise<T>): Promise<T> {
  const nc = await connect({ servers: [url] })
  try {
    return await work(await jetstreamManager(nc))
  } finally {
    await nc.close()
  }
}

const large = (from: number, to: number, bytes = 1_000) =>
  range(from, to).map((n) => made(n, 'events.p.s.main', 'x'.repeat(bytes)))

// The first that the bus does not take: how many of `messages` it has then, and what it says.
async function untilFull(bus: Bus, messages: ReturnType<typeof large>): Promise<FullError> {
  const failure = await within(
    'the refusal',
    bus.publish(messages).then(
      () => null,
      (error) => error,
    ),
  )
  assert.ok(failure instanceof FullError, `refused as full: ${failure}`)
  return failure
}

export function natsFaults(binary: NatsBinary): void {
  const skip = binary.path === null ? binary.missing : false
  const onServer = (what: string, run: (on: On) => Promise<void>, settings: NatsSettings = {}): void => {
    test(`${binary.name}: ${what}`, { skip, timeout: 90_000 }, async () => {
      const server = await NatsServer.start(binary, settings)
      const proxy = await CutProxy.to(server.port)
      const opened: Bus[] = []
      const open = async (options: NatsOptions) => {
        const bus = await openNats(options)
        opened.push(bus)
        return bus
      }
      try {
        await run({ server, proxy, url: proxy.url, open })
      } finally {
        await Promise.all(opened.map((bus) => bus.close()))
        await proxy.close()
        await server.destroy()
      }
    })
  }
  limitsOf(onServer)
  wiresOf(onServer)
  serversOf(onServer)
}

interface On {
  readonly server: NatsServer
  readonly proxy: CutProxy
  readonly url: string // through the proxy
  open(options: NatsOptions): Promise<Bus>
}
type OnServer = (what: string, run: (on: On) => Promise<void>, settings?: NatsSettings) => void

function limitsOf(onServer: OnServer): void {
  for (const [limit, set, says] of [
    ['max_bytes', { max_bytes: 100_000 }, /maximum bytes exceeded/],
    ['max_msgs', { max_msgs: 60 }, /maximum messages exceeded/],
  ] as const)
    onServer(
      `at ${limit} nothing that is not taken goes; the publisher is told, and goes on in order`,
      async ({ url, open }) => {
        const bus = await open({ url })
        await manage(url, (jsm) => jsm.streams.update(STREAM, set))
        const slow = await bus.consume({ durable: 'slow', filter: '>', messagesMax: 10 })
        // Small ones between large ones would slip in before them.
        const messages = range(1, 300).map((n) => made(n, 'events.p.s.main', 'x'.repeat(n % 7 === 0 ? 3_000 : 300)))
        const full = await untilFull(bus, messages)
        assert.match(full.message, says)
        assert.match(full.message, /^the stream OPENSTORY on nats:\S+ is full .*: slow still has \d+ messages to take$/)
        assert.ok(full.stored > 0 && full.stored < 300)
        assert.deepEqual(idsOf(await readSome(bus, 1, '>', full.stored)), idsOf(messages.slice(0, full.stored)))
        const publishing = (async () => {
          for (let left = messages.slice(full.stored); left.length > 0; )
            await bus.publish(left).then(
              () => {
                left = []
              },
              (error) => {
                left = left.slice((error as FullError).stored)
              },
            )
        })()
        assertSame(await take(slow, 300, 'ack'), messages)
        await within('publishing', publishing)
        await bus.close()
      },
    )

  onServer('a limit of bytes that all have kept up with is never felt', async ({ url, open }) => {
    const bus = await open({ url, maxBytes: 200_000 })
    const subscription = await bus.consume({ durable: 'd', filter: '>' })
    const messages = large(1, 1_000)
    const taking = take(subscription, 1_000, 'ack')
    for (let at = 0; at < 1_000; at += 50) {
      await bus.publish(messages.slice(at, at + 50))
      await eventually('it is taken', async () => (await bus.state()).durables[0]?.lag === 0)
    }
    assertSame(await taking, messages)
  })

  onServer('parts of a large message that is still on its way do not go to make room', async ({ url, open }) => {
    const bus = await open({ url, maxBytes: 4_000_000 })
    const subscription = await bus.consume({ durable: 'd', filter: '>' })
    const raw = await connect({ servers: [url] })
    const publish = (data: Uint8Array, name: string, value: string) => {
      const head = headers()
      head.set(name, value)
      return jetstream(raw).publish('events.p.s.main', data, { headers: head })
    }
    const parts = [1, 2, 3].map((n) => new Uint8Array(700_000).fill(n))
    for (const [n, part] of parts.entries()) await publish(part, PART_HEADER, `${n + 1}/4`)
    // Everything behind them is taken at once, so all of it could go.
    const taking = take(subscription, 15, 'ack')
    const full = await untilFull(bus, large(1, 40, 100_000))
    await within('taking', taking)
    assert.match(full.message, /is full/)
    await manage(url, (jsm) => jsm.streams.update(STREAM, { max_bytes: 8_000_000 }))
    await publish(new Uint8Array([4]), PARTS_HEADER, encodeSeqs([1, 2, 3]))
    await raw.close()
    const got = await take(subscription, full.stored - 15 + 1, 'ack')
    assert.deepEqual(Buffer.from(got.at(-1)!.data), Buffer.concat([...parts, Uint8Array.of(4)]))
    assert.equal((await bus.state()).trouble, null)
  })

  onServer('a stream that takes only small messages carries large ones', async ({ url, open }) => {
    await (await openNats({ url })).close()
    await manage(url, (jsm) => jsm.streams.update(STREAM, { max_msg_size: 20_000 }))
    const bus = await open({ url })
    const messages = [19_000, 20_000, 500_000, 10].map((size, n) => ({
      ...made(n),
      data: new Uint8Array(size).fill(n),
    }))
    await bus.publish(messages)
    assertSame(await take(await bus.consume({ durable: 'd', filter: '>' }), 4, 'ack'), messages)
  })

  onServer(
    'a server whose own store is full says so to the publisher, and takes more when there is room',
    async ({ url, open }) => {
      const bus = await open({ url })
      const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 20 })
      const messages = large(1, 400)
      const full = await untilFull(bus, messages)
      assert.match(full.message, /is full \(.*resources.*\): d still has \d+ messages to take/)
      await take(subscription, full.stored, 'ack')
      await bus.publish(messages.slice(full.stored, full.stored + 50))
      assertSame(await take(subscription, 50, 'ack'), messages.slice(full.stored, full.stored + 50))
    },
    { store: 'max_file: 200000' },
  )
}

function wiresOf(onServer: OnServer): void {
  for (const how of ['cut', 'hold'] as const)
    onServer(
      `a wire that is ${how === 'cut' ? 'cut' : 'held still'} costs nothing but time`,
      async ({ url, proxy, open }) => {
        const bus = await open({ url })
        const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 50 })
        const taking = take(subscription, 2_000, 'ack')
        const publishing = (async () => {
          for (let from = 1; from <= 2_000; from += 100) await bus.publish(several(from, from + 99))
        })()
        await eventually('some came', async () => (await bus.state()).lastSeq > 0)
        proxy[how]()
        const told = await eventually('it is said', async () => (await within('state', bus.state(), 5_000)).trouble)
        assert.match(told, how === 'cut' ? /is down; trying again/ : /does not answer|is down; trying again/)
        proxy.mend()
        await within('publishing', publishing, 60_000)
        assert.deepEqual(idsOf(await within('taking', taking, 60_000)), idsOf(several(1, 2_000)))
        await eventually('it is said no more', async () => (await bus.state()).trouble === null)
        assert.deepEqual(idsOf(await readSome(bus, 1, '>', 2_000)), idsOf(several(1, 2_000)))
      },
    )

  onServer(
    'a consumer that does not read its connection is thrown out by the server and loses nothing',
    async ({ server, url, proxy, open }) => {
      const bus = await open({ url })
      const messages = range(1, 60).map((n) => ({ ...made(n), data: new Uint8Array(500_000).fill(n) }))
      await bus.publish(messages)
      const subscription = await bus.consume({ durable: 'd', filter: '>', bytesMax: 30_000_000 })
      const first = await nextOf(subscription)
      proxy.hold() // what the server sends now is not read
      await eventually('the server threw it out', () => server.said().includes('Slow Consumer'), 30_000)
      proxy.mend()
      const rest = await take(subscription, 60 - first.messages.length, 'ack')
      assertSame([...first.messages, ...rest], messages)
      await eventually('it is said no more', async () => (await bus.state()).trouble === null)
    },
    { lines: ['write_deadline: "300ms"', 'max_pending: 2000000'] },
  )
}

function serversOf(onServer: OnServer): void {
  onServer('a server that does not let us in any more is named, until it does again', async ({ server, url, open }) => {
    const bus = await open({ url: url.replace('//', '//ours@') })
    await bus.publish(several(1, 3))
    await server.stop()
    server.configure({ lines: ['authorization { token: another }'] })
    await server.up()
    const publishing = bus.publish(several(4, 6))
    const told = await eventually('it is said', async () => {
      const { trouble } = await bus.state()
      return /token/.test(trouble ?? '') && trouble
    })
    assert.match(told, /refuses the user, password or token in its URL; trying again$/)
    assert.ok(!told.includes('ours'))
    await server.stop()
    server.configure({ lines: ['authorization { token: ours }'] })
    await server.up()
    await within('publishing', publishing)
    assert.equal((await bus.state()).trouble, null)
  })

  onServer(
    'a server older than 2.9 is refused at the start, and named when it comes later',
    async ({ url, proxy, open }) => {
      const bus = await open({ url })
      assert.match((await bus.state()).server ?? '', /^2\.\d+\.\d+/)
      proxy.version = '2.8.4'
      await assert.rejects(openNats({ url }), (error) => {
        assert.ok(error instanceof BusError)
        assert.match(error.message, /is version 2\.8\.4; OpenStory needs 2\.9 or newer$/)
        return true
      })
      proxy.drop()
      await eventually('it is said', async () => /version 2\.8\.4/.test((await bus.state()).trouble ?? ''))
      proxy.version = null
      proxy.drop()
      await eventually('it is said no more', async () => (await bus.state()).trouble === null)
      await bus.publish([made(1)])
    },
  )
}
