// What is found in the real sessions, counted: corpus-counts.md is there to be read, and changes only when somebody means it to.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseHead } from '../event/event.ts'
import { SOURCES } from '../sources/sources.ts'
import { corpusHome, noCorpus } from '../testing/corpus.ts'
import { countsPage } from '../testing/corpus-counts.ts'
import { Den } from '../testing/watching.ts'

const PAGE = new URL('./corpus-counts.md', import.meta.url)

test('the counts over real sessions are those that were looked at (write them anew with OPENSTORY_WRITE_COUNTS=1)', {
  skip: noCorpus,
}, async (t) => {
  const home = corpusHome()
  t.after(() => home.remove())
  const den = new Den()
  t.after(() => den.remove())
  den.watch({ sources: SOURCES, machine: home.machine, extraRoots: {}, onlyExtra: false })
  await den.caughtUp()
  const page = countsPage(den.bus.stream.map(({ data }) => parseHead(Buffer.from(data).toString())))
  if (process.env.OPENSTORY_WRITE_COUNTS === '1') writeFileSync(PAGE, page)
  assert.deepEqual(page.split('\n'), readFileSync(PAGE, 'utf8').split('\n'))
})
