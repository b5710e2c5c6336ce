// The promises of publish: numbers, order, duplicates, bytes.
import assert from 'node:assert/strict'
import {
  assertAscending,
  assertSame,
  bytesOf,
  made,
  type Promised,
  range,
  readSome,
  seqsOf,
  several,
  take,
} from './fixture.contract.ts'

const NASTY = [
  ['quotes and backslashes', '{"a":"say \\"hi\\" \\\\ \\u0000"}'],
  ['emoji and a family of them', '{"a":"😀 👩‍👩‍👧‍👦 ñ é 漢字"}'],
  ['a NUL byte', 'a\0b'],
  ['line ends of every kind', 'a\r\nb\nc\rd\u2028e'],
  ['what looks like the protocol', 'PUB events.p.s.main 3\r\nabc\r\n+OK\r\n'],
  ['a byte order mark', '\ufeff{}'],
] as const

export function publishContract(promise: Promised): void {
  promise('publish answers contiguous numbers from 1, in the order given', async ({ bus }) => {
    const first = await bus.publish(several(1, 700))
    const second = await bus.publish(several(701, 1_000))
    assert.deepEqual(seqsOf([...first, ...second]), range(1, 1_000))
    assert.ok([...first, ...second].every(({ duplicate }) => !duplicate))
    assertSame(await readSome(bus, 1, '>', 1_000), several(1, 1_000))
  })

  promise('publishing nothing answers nothing and takes no number', async ({ bus }) => {
    assert.deepEqual(await bus.publish([]), [])
    assert.deepEqual(seqsOf(await bus.publish([made(1)])), [1])
  })

  promise('a message published again is stored once and answered with its first number', async ({ bus, reopen }) => {
    await bus.publish(several(1, 5))
    const again = await bus.publish([made(3), made(6), made(1)])
    assert.deepEqual(again, [
      { seq: 3, duplicate: true },
      { seq: 6, duplicate: false },
      { seq: 1, duplicate: true },
    ])
    const later = await reopen()
    assert.deepEqual(await later.publish([made(6), made(7)]), [
      { seq: 6, duplicate: true },
      { seq: 7, duplicate: false },
    ])
    assertSame(await readSome(later, 1, '>', 7), several(1, 7))
  })

  promise('the same id twice in one call is stored once', async ({ bus }) => {
    assert.deepEqual(await bus.publish([made(1), made(1), made(2)]), [
      { seq: 1, duplicate: false },
      { seq: 1, duplicate: true },
      { seq: 2, duplicate: false },
    ])
  })

  promise('publishers at the same time are each in order and none is lost', async ({ bus }) => {
    const letters = ['a', 'b', 'c', 'd']
    const publish = async (letter: string): Promise<readonly { seq: number }[]> => {
      const results = []
      for (let from = 1; from <= 300; from += 50) {
        const messages = range(from, from + 49).map((n) => ({
          ...made(n, `events.${letter}.s.main`),
          id: `${letter}-${n}`,
        }))
        results.push(...(await bus.publish(messages)))
      }
      return results
    }
    const answers = await Promise.all(letters.map(publish))
    for (const answer of answers) assertAscending(seqsOf(answer))
    assert.deepEqual(
      answers.flatMap(seqsOf).sort((a, b) => a - b),
      range(1, 1_200),
    )
    const all = await readSome(bus, 1, '>', 1_200)
    for (const letter of letters) {
      const own = all.filter(({ id }) => id.startsWith(letter))
      assert.deepEqual(
        own.map(({ id }) => id),
        range(1, 300).map((n) => `${letter}-${n}`),
      )
    }
  })

  for (const [what, text] of NASTY)
    promise(`bytes come as they went: ${what}`, async ({ bus, reopen }) => {
      const messages = [made(1, 'events.p.s.main', text), made(2, 'patterns.p.s', ''), made(3)]
      const before = Date.now()
      await bus.publish(messages)
      const delivered = await take(await bus.consume({ durable: 'd', filter: '>' }), 3, 'leave')
      assertSame(delivered, messages)
      assert.deepEqual(seqsOf(delivered), [1, 2, 3])
      for (const { publishedMs } of delivered)
        assert.ok(publishedMs >= before - 1_000 && publishedMs <= Date.now() + 1_000, 'publishedMs is wall time')
      assertSame(await readSome(await reopen(), 1, '>', 3), messages)
    })

  promise('bytes that are no text come as they went', async ({ bus, reopen }) => {
    const all = { ...made(1), data: Uint8Array.from(range(0, 1_023), (n) => n % 256) }
    const long = { ...made(2), id: `${'~!@#$%^&*()_+-=[]{}|;:,.<>/?'.repeat(7)}abcd`.slice(0, 200), data: bytesOf('x') }
    await bus.publish([all, long])
    assertSame(await readSome(bus, 1, '>', 2), [all, long])
    assertSame(await readSome(await reopen(), 1, '>', 2), [all, long])
  })

  promise('what was published is there after the bus was opened again, and numbers go on', async ({ bus, reopen }) => {
    await bus.publish(several(1, 300))
    await bus.flush()
    const later = await reopen()
    assert.deepEqual(seqsOf(await later.publish(several(301, 310))), range(301, 310))
    assertSame(await readSome(later, 1, '>', 310), several(1, 310))
  })
}
