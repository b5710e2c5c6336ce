// Persist over a real log and a real index: nothing is lost or doubled, wherever it is interrupted.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Delivered } from '../../bus/bus.ts'
import { openEventLog } from '../../stores/log/log.ts'
import { openReadOnly } from '../../stores/sqlite/database.ts'
import { openEventIndex } from '../../stores/sqlite/events.ts'
import { type EventIndex, StoreError } from '../../stores/store.ts'
import { delivered, made, madeDay } from '../../testing/made-events.ts'
import { catchUp, persistConsumer } from './persist.ts'

const DAY = delivered(madeDay(3))

class Place {
  readonly dir = mkdtempSync(join(tmpdir(), 'openstory-persist-'))
  log = openEventLog(join(this.dir, 'log'))
  index: EventIndex = openEventIndex(join(this.dir, 'events.sqlite'))
  inserted = 0

  consumer(index = this.index, log = this.log) {
    const onInserted = (events: number) => {
      this.inserted += events
    }
    return persistConsumer({ log, index, onInserted })
  }

  close(): void {
    this.log.close()
    this.index.close()
  }

  // As after kill -9: the handles are gone, the files are as they are.
  restart(): { events: number; tornBytes: number } {
    this.close()
    this.log = openEventLog(join(this.dir, 'log'))
    this.index = openEventIndex(join(this.dir, 'events.sqlite'))
    return catchUp(this.log, this.index)
  }

  // Every row in order, each with its line as the log has it; and whether the log has a line more than once.
  rows(): { rows: unknown[]; lines: number; facts: unknown[] } {
    const db = openReadOnly(join(this.dir, 'events.sqlite'))
    const found = db
      .prepare(
        `SELECT e.at, lower(hex(e.id)) AS id, s.id AS session, s.project, k.word AS kind, a.word AS agent_id, s.file, e.log_offset, e.log_length
         FROM events e JOIN sessions s ON s.n = e.session JOIN words k ON k.n = e.kind LEFT JOIN words a ON a.n = e.agent_id ORDER BY e.at`,
      )
      .all()
    const facts = db
      .prepare(`SELECT name, value FROM facts WHERE name IN ('events', 'other', 'damaged') ORDER BY name`)
      .all()
    db.close()
    const rows = found.map(({ log_offset: offset, log_length: length, file, ...row }) => ({
      ...row,
      text: Buffer.from(
        this.log.read({ file: String(file), offset: Number(offset), length: Number(length) }),
      ).toString(),
    }))
    const lines = [...this.log.files()].reduce((sum, { file }) => sum + [...this.log.lines(file, 0)].length, 0)
    return { rows, lines, facts: facts.map((fact) => ({ ...fact })) }
  }
}

function place(t?: TestContext): Place {
  const made = new Place()
  t?.after(() => remove(made))
  return made
}
function remove(made: Place): void {
  made.close()
  rmSync(made.dir, { recursive: true, force: true })
}

function undisturbed(): ReturnType<Place['rows']> {
  const calm = place()
  calm.consumer().handle(DAY)
  const rows = calm.rows()
  remove(calm)
  return rows
}
const CALM = undisturbed()

test('every event has a row, and its line in the log is what the stream gave', (t) => {
  const here = place(t)
  here.consumer().handle(DAY)
  const { rows, lines } = here.rows()
  assert.deepEqual([rows.length, lines, here.inserted], [DAY.length, DAY.length, DAY.length])
  const texts = new Map(DAY.map(({ id, data }) => [id, Buffer.from(data).toString()]))
  for (const row of rows as { id: string; text: string }[]) assert.equal(row.text, texts.get(row.id))
})

test('the log has them before the index is asked to take them', (t) => {
  const here = place(t)
  let linesAtInsert = -1
  const watching: EventIndex = {
    ...here.index,
    insert(events, seq) {
      linesAtInsert = here.rows().lines
      return here.index.insert(events, seq)
    },
  }
  here.consumer(watching).handle(DAY)
  assert.equal(linesAtInsert, DAY.length)
})

test('a log that cannot be written leaves the index alone', (t) => {
  const here = place(t)
  const log = {
    ...here.log,
    append: () => {
      throw new StoreError('no space left')
    },
  }
  assert.throws(() => here.consumer(here.index, log).handle(DAY), /no space left/)
  assert.equal(here.rows().rows.length, 0)
})

test('duplicates, in one batch, across batches, and all of it again, are kept once', (t) => {
  const here = place(t)
  const persist = here.consumer()
  persist.handle([...DAY.slice(0, 9), ...DAY.slice(3, 12), DAY[0]!])
  persist.handle(DAY)
  persist.handle(DAY)
  assert.deepEqual({ ...here.rows(), rows: here.rows().rows.length }, { ...CALM, rows: DAY.length })
  assert.equal(here.inserted, DAY.length)
})

test('whatever the batches and the repeats, the rows and the log are the same', () => {
  const cuts = fc.array(fc.tuple(fc.nat(DAY.length - 1), fc.integer({ min: 1, max: DAY.length })), { maxLength: 6 })
  fc.assert(
    fc.property(cuts, (some) => {
      const here = place()
      try {
        const persist = here.consumer()
        let done = 0
        // At least once and in order: a batch may reach back over what was there already, and goes on behind it.
        for (const [from, length] of some) {
          const end = Math.min(DAY.length, Math.min(from, done) + length)
          if (end > Math.min(from, done)) persist.handle(DAY.slice(Math.min(from, done), end))
          done = Math.max(done, end)
        }
        if (done < DAY.length) persist.handle(DAY.slice(done))
        assert.deepEqual(here.rows(), CALM)
      } finally {
        remove(here)
      }
    }),
    { numRuns: 25 },
  )
})

test('a crash between log and index is mended from the log, and what comes again changes nothing', (t) => {
  const here = place(t)
  here.consumer().handle(DAY.slice(0, 10))
  const dying: EventIndex = {
    ...here.index,
    insert: () => {
      throw new Error('killed')
    },
  }
  assert.throws(() => here.consumer(dying).handle(DAY.slice(10, 30)), /killed/)
  assert.deepEqual(here.restart(), { events: 20, tornBytes: 0 })
  assert.deepEqual(here.restart(), { events: 0, tornBytes: 0 }, 'once')
  const persist = here.consumer()
  persist.handle(DAY.slice(10, 30))
  persist.handle(DAY.slice(30))
  assert.deepEqual(here.rows(), CALM)
})

test('a crash in the middle of a line costs that line only, and it comes again', (t) => {
  const here = place(t)
  here.consumer().handle(DAY.slice(0, 10))
  const [torn] = DAY.slice(10)
  appendFileSync(join(here.dir, 'log', here.log.fileOf('invented:s1')), Buffer.from(torn!.data).subarray(0, 100))
  assert.deepEqual(here.restart(), { events: 0, tornBytes: 100 })
  here.consumer().handle(DAY.slice(10))
  assert.deepEqual(here.rows(), CALM)
})

test('an index that fails for a while does not fill the log with repeats', (t) => {
  const here = place(t)
  let failures = 3
  const limping: EventIndex = {
    ...here.index,
    insert(events, seq) {
      if (failures-- > 0) throw new Error('database is locked')
      return here.index.insert(events, seq)
    },
  }
  const persist = here.consumer(limping)
  for (let i = 0; i < 3; i++) assert.throws(() => persist.handle(DAY), /locked/)
  persist.handle(DAY)
  assert.deepEqual(here.rows(), CALM)
})

test('a log that fails for one of two sessions does not repeat the other', (t) => {
  const here = place(t)
  let isFull = true
  const log: typeof here.log = {
    ...here.log,
    append(session, lines) {
      if (isFull && session === 'invented:s2') throw new StoreError('no space left')
      return here.log.append(session, lines)
    },
  }
  const persist = here.consumer(here.index, log)
  assert.throws(() => persist.handle(DAY), /no space/)
  assert.throws(() => persist.handle(DAY), /no space/)
  isFull = false
  persist.handle(DAY)
  assert.deepEqual(here.rows(), CALM)
})

test('an index that is gone is made again from the log', (t) => {
  const here = place(t)
  here.consumer().handle(DAY)
  here.index.close()
  for (const side of ['', '-wal', '-shm']) rmSync(join(here.dir, `events.sqlite${side}`), { force: true })
  here.index = openEventIndex(join(here.dir, 'events.sqlite'))
  assert.deepEqual(catchUp(here.log, here.index), { events: DAY.length, tornBytes: 0 })
  const byId = ({ rows, ...rest }: typeof CALM) => ({
    ...rest,
    ids: (rows as { id: string }[]).map(({ id }) => id).toSorted(),
  })
  assert.deepEqual(byId(here.rows()), byId(CALM))
})

test('a log that is shorter than its index is said, with the way out: what comes again must not be taken for kept', (t) => {
  const here = place(t)
  here.consumer().handle(DAY)
  const path = join(here.dir, 'log', here.log.fileOf('invented:s2'))
  truncateSync(path, readFileSync(path).length - 10)
  assert.throws(
    () => here.restart(),
    /the log invented\/s2\.jsonl has lost what the store knows of it .*openstory reindex/,
  )
  rmSync(path)
  assert.throws(() => here.restart(), /openstory reindex/)
})

test('a line of the log that is no event is named with its place', (t) => {
  const here = place(t)
  here.consumer().handle(DAY)
  const file = here.log.fileOf('invented:s2')
  const path = join(here.dir, 'log', file)
  const at = readFileSync(path).length
  appendFileSync(path, 'zeros of a bad disk\n')
  assert.throws(() => here.restart(), new RegExp(`the log ${file} has a line at byte ${at} that is no event`))
})

test('settling brings the log to stable storage', (t) => {
  const here = place(t)
  let flushes = 0
  const persist = here.consumer(here.index, { ...here.log, flush: async () => void flushes++ })
  persist.settle!()
  assert.equal(flushes, 1)
})

test('a message that is no event is not passed over', (t) => {
  const here = place(t)
  const broken: Delivered = { ...DAY[0]!, data: Buffer.from('{"half":') }
  assert.throws(() => here.consumer().handle([broken]), /not the JSON text of an event/)
  assert.equal(here.rows().lines, 0)
  here.consumer().handle(delivered([made(1)]))
})
