// What the bus over NATS promises on one real server: the bus contract, and what only a bus behind a connection has to promise:
// servers that die, come back, come back empty, or cannot be used at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DiscardPolicy, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { type NatsBinary, NatsServer } from '../../testing/nats-server.ts'
import { busContract, type Fixture } from '../bus.contract.ts'
import { type Bus, BusError } from '../bus.ts'
import {
  assertSame,
  idsOf,
  made,
  nextOf,
  range,
  readSome,
  seqsOf,
  several,
  silent,
  take,
  within,
} from '../contract/fixture.contract.ts'
import { openNats } from './nats.ts'
import { STREAM } from './stream.ts'

export function natsContract(binary: NatsBinary): void {
  contractOn(binary)
  outagesOf(binary)
  settingsOf(binary)
}

async function manage(url: string, work: (jsm: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<unknown>) {
  const nc = await connect({ servers: [url] })
  try {
    await work(await jetstreamManager(nc))
  } finally {
    await nc.close()
  }
}

// A server for each fixture: a stream made anew right after it was deleted has been seen with its old messages (2.14.0).
function contractOn(binary: NatsBinary): void {
  const open = async (): Promise<Fixture> => {
    const server = await NatsServer.start(binary)
    const { url } = server
    let bus = await openNats({ url })
    return {
      bus,
      reopen: async () => {
        await bus.close()
        bus = await openNats({ url })
        return bus
      },
      destroy: async () => {
        await bus.close()
        await server.destroy()
      },
      loseOldest: () => manage(url, (jsm) => jsm.streams.purge(STREAM, { keep: 20 })),
    }
  }
  busContract(binary.name, open, binary.path === null ? { skip: binary.missing } : {})
}

function outagesOf(binary: NatsBinary): void {
  const skip = binary.path === null ? binary.missing : false
  const onServer = (what: string, run: (server: NatsServer, bus: Bus) => Promise<void>): void => {
    test(`${binary.name}: ${what}`, { skip, timeout: 90_000 }, async () => {
      const server = await NatsServer.start(binary)
      const bus = await openNats({ url: server.url })
      try {
        await run(server, bus)
      } finally {
        await bus.close()
        await server.destroy()
      }
    })
  }

  for (const [how, end] of [
    ['killed with -9', (server: NatsServer) => server.kill()],
    ['stopped', (server: NatsServer) => server.stop()],
  ] as const)
    onServer(`nothing is lost, doubled or reordered when the server is ${how} in the middle`, async (server, bus) => {
      const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 200 })
      const handled: string[] = []
      const consuming = (async () => {
        while (handled.length < 20_000) {
          const batch = await nextOf(subscription)
          handled.push(...idsOf(batch.messages))
          await batch.ack()
        }
      })()
      const publishing = (async () => {
        for (let from = 1; from <= 20_000; from += 500) await bus.publish(several(from, from + 499))
      })()
      for (const _ of range(1, 3)) {
        await sleep(150)
        await end(server)
        await sleep(150)
        await server.up()
      }
      await within('publishing', publishing, 60_000)
      await within('consuming', consuming, 60_000)
      assert.deepEqual(handled, idsOf(several(1, 20_000)))
      assert.deepEqual(idsOf(await readSome(bus, 1, '>', 20_000)), idsOf(several(1, 20_000)))
    })

  // Acked at once the ack meets a connection that is down; a little later a consumer that is being started anew; later still the new one.
  for (const waitMs of [0, 10, 30, 60, 300])
    onServer(`a batch acked ${waitMs} ms after the server restarted does not come again`, async (server, bus) => {
      await bus.publish(several(1, 30))
      const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 10 })
      const batch = await nextOf(subscription)
      const inHand = batch.messages.length // a batch may be cut anywhere
      const rest = several(inHand + 1, 30)
      await server.kill()
      await server.up()
      await sleep(waitMs)
      await batch.ack()
      assertSame(await take(subscription, rest.length, 'leave'), rest)
      assert.ok(await silent(subscription), 'what was ready before the restart does not come twice')
      await bus.close()
      const later = await openNats({ url: server.url })
      assertSame(await take(await later.consume({ durable: 'd', filter: '>' }), rest.length, 'ack'), rest)
      await later.close()
    })

  onServer('a large message is whole although the server dies while it is published', async (server, bus) => {
    const messages = range(1, 4).map((n) => ({ ...made(n), data: new Uint8Array(12_000_000).fill(n) }))
    const publishing = bus.publish(messages)
    for (const _ of range(1, 3)) {
      await sleep(25)
      await server.kill()
      await server.up()
    }
    await within('publishing', publishing, 60_000)
    const subscription = await bus.consume({ durable: 'd', filter: 'events.>' })
    assertSame(await take(subscription, 4, 'ack'), messages)
    assert.ok(await silent(subscription), 'none of them twice')
  })

  onServer('state() tells of an outage, and that it is over', async (server, bus) => {
    await bus.publish(several(1, 5))
    assert.equal((await bus.state()).trouble, null)
    await server.stop()
    await sleep(50)
    const away = await within('state', bus.state(), 1_000)
    assert.match(away.trouble ?? '', /connection to nats:\/\/127\.0\.0\.1:\d+ is down/)
    assert.equal(away.lastSeq, 5)
    await server.up()
    await bus.publish([made(6)])
    assert.deepEqual([(await bus.state()).trouble, (await bus.state()).lastSeq], [null, 6])
  })

  onServer('close() while the server is away ends a publish with BusError', async (server, bus) => {
    await server.kill()
    await sleep(50)
    const publishing = assert.rejects(bus.publish([made(1)]), BusError)
    await sleep(50)
    await within('closing', bus.close(), 2_000)
    await within('the publish', publishing, 2_000)
  })

  onServer(
    'a server that comes back empty gets its stream again, and everything new is delivered',
    async (server, bus) => {
      await bus.publish(several(1, 50))
      const subscription = await bus.consume({ durable: 'd', filter: '>' })
      await take(subscription, 50, 'ack')
      await server.wipe()
      await server.up()
      await bus.publish(several(51, 55))
      assertSame(await take(subscription, 5, 'ack'), several(51, 55))
    },
  )

  onServer('a durable keeps its cursor when the process died between its two consumers', async (server, bus) => {
    await bus.publish(several(1, 20))
    await take(await bus.consume({ durable: 'd', filter: '>', messagesMax: 1 }), 10, 'ack')
    await bus.close()
    await manage(server.url, async (jsm) => {
      const { config } = await jsm.consumers.info(STREAM, 'd')
      await jsm.consumers.add(STREAM, { ...config, name: 'd_restart', durable_name: 'd_restart', opt_start_seq: 11 })
      await jsm.consumers.delete(STREAM, 'd')
    })
    const later = await openNats({ url: server.url })
    assertSame(await take(await later.consume({ durable: 'd', filter: '>' }), 10, 'ack'), several(11, 20))
    assert.deepEqual((await later.state()).durables, [{ name: 'd', ackedSeq: 20, lag: 0 }])
    await later.close()
  })

  onServer('a delivery that went astray is noticed, and comes in its place', async (server, bus) => {
    const subscription = await bus.consume({ durable: 'd', filter: '>' })
    await bus.publish([made(1)])
    await (await nextOf(subscription)).ack()
    // Someone else's request stands in line beside ours and takes every other message.
    const nc = await connect({ servers: [server.url] })
    const inbox = nc.subscribe('astray')
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${STREAM}.d`, JSON.stringify({ batch: 5, expires: 5e9 }), { reply: 'astray' })
    await nc.flush()
    await bus.publish(several(2, 21))
    assertSame(await take(subscription, 20, 'ack'), several(2, 21))
    assert.ok(inbox.getReceived() > 0, 'some did go astray')
    await nc.close()
  })

  onServer('messages that a limit took before a durable had them are told as trouble', async (server, bus) => {
    await (await bus.consume({ durable: 'd', filter: '>' })).stop()
    await bus.publish(several(1, 50))
    // As somebody might set it by hand: we set it back, and what is gone is gone.
    await manage(server.url, (jsm) => jsm.streams.update(STREAM, { discard: DiscardPolicy.Old, max_bytes: 2_000 }))
    await bus.consume({ durable: 'd', filter: '>' })
    const { firstSeq, trouble } = await bus.state()
    assert.ok(firstSeq > 1)
    assert.match(trouble ?? '', new RegExp(`dropped messages 1 to ${firstSeq - 1} before d had them`))
    await manage(server.url, async (jsm) => assert.equal((await jsm.streams.info(STREAM)).config.discard, 'new'))
  })
}

const refusals = [
  ['nobody listens', {}, (url: string) => url, /no NATS server answers at nats:\/\/127\.0\.0\.1:\d+ .*start one/],
  ['JetStream is off', { jetstream: false }, (url: string) => url, /runs without JetStream/],
  [
    'the password is wrong',
    { lines: ['authorization { user: ann, password: right }'] },
    (url: string) => url.replace('//', '//ann:hushhush@'),
    /refused the user, password or token in its URL/,
  ],
] as const

function settingsOf(binary: NatsBinary): void {
  const skip = binary.path === null ? binary.missing : false
  for (const [what, settings, urlOf, sentence] of refusals)
    test(`${binary.name}: one sentence says what to do when ${what}`, { skip }, async () => {
      const server = await NatsServer.start(binary, settings)
      if (what === 'nobody listens') await server.kill()
      await assert.rejects(openNats({ url: urlOf(server.url) }), (error) => {
        assert.ok(error instanceof BusError)
        assert.match(error.message, sentence)
        assert.ok(!error.message.includes('hushhush'), 'no password is repeated')
        return true
      })
      await server.destroy()
    })

  for (const [what, lines, credentials] of [
    ['user and password', ['authorization { user: ann, password: "p@ss/word" }'], 'ann:p%40ss%2Fword'],
    ['a token', ['authorization { token: s3cret }'], 's3cret'],
  ] as const)
    test(`${binary.name}: ${what} go in the URL`, { skip }, async () => {
      const server = await NatsServer.start(binary, { lines })
      const bus = await openNats({ url: server.url.replace('//', `//${credentials}@`) })
      await bus.publish([made(1)])
      await bus.close()
      await server.destroy()
    })

  test(`${binary.name}: a server that takes only small messages still carries large ones`, { skip }, async () => {
    const server = await NatsServer.start(binary, { lines: ['max_payload: 20000'] })
    const bus = await openNats({ url: server.url })
    const sizes = [19_488, 19_489, 20_000, 15_000, 15_001, 3_000_000, 1]
    const messages = sizes.map((size, n) => ({ ...made(n), data: new Uint8Array(size).fill(n + 1) }))
    const results = await bus.publish(messages)
    const got = await take(await bus.consume({ durable: 'd', filter: '>' }), sizes.length, 'ack')
    assertSame(got, messages)
    assert.deepEqual(seqsOf(got), seqsOf(results))
    await bus.close()
    await server.destroy()
  })

  test(`${binary.name}: limits are set on the stream, and what the user set by hand stays`, { skip }, async () => {
    const server = await NatsServer.start(binary)
    await (await openNats({ url: server.url, maxBytes: 50_000_000, maxAgeMs: 3_600_000 })).close()
    await (await openNats({ url: server.url })).close()
    await manage(server.url, async (jsm) => {
      const { config } = await jsm.streams.info(STREAM)
      assert.equal(config.max_bytes, 50_000_000)
      assert.equal(config.max_age, 3_600_000 * 1e6)
      assert.equal(config.duplicate_window, 120_000 * 1e6)
      assert.equal(config.storage, 'file')
    })
    await (await openNats({ url: server.url, maxBytes: 60_000_000 })).close()
    await manage(server.url, async (jsm) => assert.equal((await jsm.streams.info(STREAM)).config.max_bytes, 60_000_000))
    await server.destroy()
  })
}
