// The promises of a bus as a whole: its state, forgetting, stopping and closing.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, BusError } from '../bus.ts'
import { made, nextOf, type Promised, several, take, within } from './fixture.contract.ts'

const durableOf = async (bus: Bus, name: string) => (await bus.state()).durables.find((one) => one.name === name)

export function lifeContract(promise: Promised): void {
  promise('state() of an empty bus', async ({ bus }) => {
    const { firstSeq, lastSeq, durables, trouble, kind } = await bus.state()
    assert.deepEqual({ firstSeq, lastSeq, durables, trouble }, { firstSeq: 1, lastSeq: 0, durables: [], trouble: null })
    assert.ok(kind.length > 0)
  })

  promise('state() tells the numbers as they are', async ({ bus, reopen }) => {
    await bus.publish(several(1, 100))
    const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 30 })
    const batch = await nextOf(subscription)
    const acked = batch.messages.length
    await batch.ack()
    await nextOf(subscription)
    await bus.consume({ durable: 'idle', filter: 'events.>' })
    const later = await reopen()
    const { firstSeq, lastSeq, bytes, trouble } = await later.state()
    assert.deepEqual({ firstSeq, lastSeq, trouble }, { firstSeq: 1, lastSeq: 100, trouble: null })
    assert.ok(bytes >= 100 * 7, `${bytes} bytes`)
    assert.deepEqual(await durableOf(later, 'd'), { name: 'd', ackedSeq: acked, lag: 100 - acked })
    assert.deepEqual(await durableOf(later, 'idle'), { name: 'idle', ackedSeq: 0, lag: 100 })
  })

  promise('the lag of a durable that handled everything is 0', async ({ bus }) => {
    await bus.publish(several(1, 20))
    await take(await bus.consume({ durable: 'd', filter: '>' }), 20, 'ack')
    assert.deepEqual(await durableOf(bus, 'd'), { name: 'd', ackedSeq: 20, lag: 0 })
  })

  promise(
    'forget() removes a durable and its cursor; under its name a new one starts at the oldest',
    async ({ bus }) => {
      await bus.publish(several(1, 5))
      const subscription = await bus.consume({ durable: 'd', filter: '>' })
      await take(subscription, 5, 'ack')
      await subscription.stop()
      await bus.forget('d')
      assert.equal(await durableOf(bus, 'd'), undefined)
      await bus.forget('d')
      assert.equal((await take(await bus.consume({ durable: 'd', filter: '>' }), 5, 'ack'))[0]!.seq, 1)
    },
  )

  promise('a stopped subscription answers null, and its cursor stays', async ({ bus }) => {
    await bus.publish(several(1, 4))
    const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 2 })
    const batch = await nextOf(subscription)
    await batch.ack()
    await subscription.stop()
    assert.equal(await within('next after stop', subscription.next()), null)
    const again = await nextOf(await bus.consume({ durable: 'd', filter: '>' }))
    assert.equal(again.messages[0]!.seq, batch.messages.length + 1)
  })

  promise('a batch in hand can still be acked after stop()', async ({ bus, reopen }) => {
    await bus.publish(several(1, 4))
    const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 2 })
    const batch = await nextOf(subscription)
    await subscription.stop()
    await batch.ack()
    assert.equal((await durableOf(bus, 'd'))?.ackedSeq, batch.messages.length)
    const again = await nextOf(await (await reopen()).consume({ durable: 'd', filter: '>' }))
    assert.equal(again.messages[0]!.seq, batch.messages.length + 1)
  })

  promise('stop() wakes a next() that waits', async ({ bus }) => {
    const subscription = await bus.consume({ durable: 'd', filter: '>' })
    const waiting = subscription.next()
    await sleep(30)
    await subscription.stop()
    assert.equal(await within('next while stopping', waiting), null)
  })

  promise('close() wakes a next() that waits and ends every reading', async ({ bus }) => {
    const subscription = await bus.consume({ durable: 'd', filter: '>' })
    const waiting = subscription.next()
    const reading = (async () => {
      for await (const _ of bus.read(1, '>', new AbortController().signal)) assert.fail('nothing was published')
    })()
    await sleep(30)
    await within('closing', bus.close())
    assert.equal(await within('next while closing', waiting), null)
    await within('reading while closing', reading)
  })

  promise('publish on a closed bus throws BusError, and closing twice is no error', async ({ bus }) => {
    await bus.publish([made(1)])
    await bus.close()
    await bus.close()
    await assert.rejects(bus.publish([made(2)]), BusError)
  })

  promise('flush() resolves after what was published, and on an empty bus', async ({ bus }) => {
    await within('an empty flush', bus.flush())
    const publishing = bus.publish(several(1, 50))
    await within('a flush', bus.flush())
    await publishing
    await within('a second flush', bus.flush())
  })
}
