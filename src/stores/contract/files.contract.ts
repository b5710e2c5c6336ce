// Promises about files: every touch leads to its call, its turn and its prompt, whoever did it and however often the transcripts say it.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Made, Wanted } from '../../testing/made-events.ts'
import { Tale } from '../../testing/made-story.ts'
import type { FileQuery, FilesQuery } from '../files.ts'
import { keep, type Promised, type StoreFixture } from './fixture.contract.ts'

const HOME = '/home/dev/bakery'
const OVEN = `${HOME}/src/oven.ts`
const here = { cwd: HOME }

const history = (store: StoreFixture, path: string, more: Partial<FileQuery> = {}) =>
  store.reader.fileHistory({ path, what: 'all', limit: 50, offset: 0, ...more })
const list = (store: StoreFixture, more: Partial<FilesQuery> = {}) =>
  store.reader.files({ sort: 'changed', read: false, aside: false, limit: 50, offset: 0, ...more })

// What stands in a history, as short as it can be said.
async function told(store: StoreFixture, path: string, more: Partial<FileQuery> = {}): Promise<string[]> {
  const { turns } = await history(store, path, more)
  return turns.flatMap(({ turn, touches }) =>
    touches.map(({ change, added, removed, by }) => `${turn.prompt?.text}: ${change} +${added} -${removed} ${by}`),
  )
}

const aDay = (lane: Wanted = {}) =>
  new Tale(lane)
    .ask('make an oven', here)
    .write(OVEN, 'a\nb\n')
    .edit('src/oven.ts', 'a', 'c\nd')
    .say('Done.')
    .ask('look at it', here)
    .read(OVEN)
    .say('Nice.')
    .ask('call it stove', here)
    .run('git mv src/oven.ts src/stove.ts && rm notes.md')
    .say('Done.')

export function filesContract(promise: Promised, open: () => Promise<StoreFixture>): void {
  promise('a file’s history has every call of every turn, under its old name and its new one', async (store) => {
    keep(store, aDay().made)
    assert.deepEqual(await told(store, OVEN), [
      'call it stove: renamed +0 -0 command',
      'look at it: read +0 -0 tool',
      'make an oven: created +2 -0 tool',
      'make an oven: modified +2 -1 tool',
    ])
    assert.deepEqual(await told(store, 'src/stove.ts'), ['call it stove: renamed +0 -0 command'])
    assert.deepEqual(await told(store, OVEN, { what: 'read' }), ['look at it: read +0 -0 tool'])
    const { totals, count } = await history(store, OVEN, { what: 'changed', limit: 1 })
    const { turns, sessions, prompts, changes, reads, added, removed } = totals
    assert.deepEqual([turns, sessions, prompts, changes, reads, added, removed, count], [3, 1, 2, 3, 1, 4, 1, 2])
  })

  promise('the end of a path finds every file that ends so, in whole names', async (store) => {
    const tale = new Tale().ask('bake', here)
    for (const path of ['a/src/x.ts', 'b/src/x.ts', 'b/lib/yx.ts']) tale.write(`/home/dev/${path}`)
    keep(store, tale.say('Done.').made)
    const named = async (path: string) => (await history(store, path)).paths
    assert.deepEqual(await named('src/x.ts'), ['/home/dev/a/src/x.ts', '/home/dev/b/src/x.ts'])
    assert.deepEqual(await named('./b/src/x.ts'), ['/home/dev/b/src/x.ts'])
    assert.deepEqual(await named('x.ts'), ['/home/dev/a/src/x.ts', '/home/dev/b/src/x.ts'], 'yx.ts is another name')
    assert.deepEqual(await named('/src/x.ts'), [], 'from the root it is one file and no other')
  })

  promise('sessions that touched a file are known by either of its names, the first one first', async (store) => {
    keep(store, aDay({ native: 's1' }).made)
    keep(store, new Tale({ native: 's2' }, 50).ask('again', here).read(OVEN).say('Seen.').made)
    const found = await store.reader.sessionsTouching(OVEN)
    assert.deepEqual(
      found.map(({ session, changes, reads }) => [session, changes, reads]),
      [
        ['invented:s1', 3, 1],
        ['invented:s2', 0, 1],
      ],
    )
    assert.deepEqual(found[0]!.paths, [OVEN, `${HOME}/src/stove.ts`])
    assert.ok(found[0]!.firstEvent < found[0]!.lastEvent)
    assert.deepEqual(
      (await store.reader.sessionsTouching('stove.ts')).map(({ session }) => session),
      ['invented:s1'],
    )
  })

  promise('what failed or was refused touched nothing', async (store) => {
    const tale = new Tale().ask('break it', here)
    tale.edit(OVEN, 'a', 'b', { failed: true }).run('rm src/oven.ts', 'no such file', { failed: true, exit: 1 })
    keep(store, tale.say('It did not work.').made)
    assert.deepEqual((await history(store, OVEN)).turns, [])
  })

  promise('files that a subagent made lead to the prompt that sent it', async (store) => {
    const main = new Tale().ask('bake with help', here)
    const call = main.call('delegate', 'Task', 'bread', {}, { agentType: 'baker' })
    const sub = new Tale({ agentId: 'helper' }, 10)
      .add({ kind: 'message.user.injected', text: 'bake bread', payload: { injected: 'delegated', parentCall: call } })
      .write('src/bread.ts')
      .say('Baked.')
    keep(store, main.made)
    keep(store, sub.made)
    keep(store, new Tale({}, 30).result(call, 'Baked.', { agentId: 'helper' }).say('There it is.').made)
    const { turns, totals } = await history(store, `${HOME}/src/bread.ts`)
    assert.equal(turns[0]?.turn.agentId, 'helper', 'it is where its parent is')
    assert.equal(turns[0]?.root?.prompt?.text, 'bake with help')
    assert.equal(totals.prompts, 1)
    const prompt = main.made[0]!.id
    const made = await store.reader.turnFiles(prompt)
    assert.deepEqual(
      made?.turns.flatMap(({ touches }) => touches.map(({ path }) => path)),
      [`${HOME}/src/bread.ts`],
    )
  })

  promise('work behind a compaction is the prompt’s before it', async (store) => {
    const tale = new Tale().ask('bake a lot', here).write('src/a.ts').injected('compact_summary').write('src/b.ts')
    keep(store, tale.say('Done.').made)
    const made = await store.reader.turnFiles(tale.made[0]!.id)
    assert.deepEqual(
      made?.turns.map(({ root, touches }) => [root?.prompt?.text, touches[0]?.path]),
      [
        ['bake a lot', `${HOME}/src/a.ts`],
        ['bake a lot', `${HOME}/src/b.ts`],
      ],
    )
  })

  promise('a session that begins with another’s work adds nothing to its files', async (store) => {
    const nativeId = 'prompt-0123456789abcdef'
    const copy = (native: string, from: number): Made[] =>
      new Tale({ native }, from)
        .ask('make an oven', { ...here, nativeId })
        .write(OVEN)
        .say('Done.').made
    keep(store, copy('later', 100))
    keep(store, copy('first', 1))
    const { turns, totals } = await history(store, OVEN)
    assert.deepEqual(
      turns.map(({ turn }) => turn.session),
      ['invented:first'],
    )
    assert.deepEqual([totals.changes, (await list(store)).files[0]?.changes], [1, 1])
    assert.deepEqual(
      (await store.reader.sessionsTouching(OVEN)).map(({ session }) => session),
      ['invented:first'],
    )
  })

  promise('a session that is kept in two forms touched its files once, as the better one tells', async (store) => {
    const told = (form: 1 | 2, from: number): Made[] =>
      new Tale({ payload: { form } }, from).ask(`as form ${form}`, here).write(OVEN).say('Done.').made
    keep(store, told(2, 1))
    const prompts = async () => (await history(store, OVEN)).turns.map(({ turn }) => turn.prompt?.text)
    assert.deepEqual(await prompts(), ['as form 2'])
    keep(store, told(1, 100))
    assert.deepEqual(await prompts(), ['as form 1'])
    assert.equal((await list(store)).files[0]?.changes, 1)
  })

  promise('what a prompt took is as of now, however often it was asked before', async (store) => {
    const tale = new Tale().ask('bake', here).write('a.ts').say('Wait.', 'tool_use')
    keep(store, tale.made)
    const output = async () => (await store.reader.turnFiles(tale.made[0]!.id))?.cost?.output
    assert.equal(await output(), 2)
    keep(store, new Tale({}, 30).say('Done.').made)
    assert.equal(await output(), 4)
  })

  promise('the list is sorted by last change, lines or turns, narrowed, and paged without a gap', async (store) => {
    const tale = new Tale().ask('one', here).write('a.ts', 'x\n'.repeat(9)).write('b.ts').read('c.ts')
    keep(store, tale.ask('two', here).edit('b.ts').write('/tmp/notes.md').say('Done.').made)
    const names = async (more: Partial<FilesQuery> = {}) =>
      (await list(store, more)).files.map(({ path }) => path.replace(`${HOME}/`, ''))
    assert.deepEqual(await names(), ['b.ts', 'a.ts'])
    assert.deepEqual(await names({ sort: 'lines' }), ['a.ts', 'b.ts'])
    assert.deepEqual(await names({ sort: 'turns', limit: 1 }), ['b.ts'])
    assert.deepEqual(await names({ aside: true }), ['/tmp/notes.md', 'b.ts', 'a.ts'])
    assert.deepEqual(await names({ read: true, words: 'C.TS bakery' }), ['c.ts'])
    assert.deepEqual(await names({ under: '/home/dev' }), ['b.ts', 'a.ts'])
    assert.deepEqual(await names({ under: '/home/de' }), [])
    assert.deepEqual(await names({ session: 'invented:nobody' }), [])
    for (const sort of ['changed', 'cost'] as const) {
      const pages = [0, 1].map((offset) => list(store, { sort, limit: 1, offset }))
      const paths = (await Promise.all(pages)).flatMap(({ files, count }) => [count, ...files.map(({ path }) => path)])
      assert.deepEqual([paths[0], paths[2], new Set(paths).size], [2, 2, 3], sort)
    }
  })

  promise('in whatever pieces events come, and however often, the same touches are kept', async (store) => {
    const all = aDay().made
    keep(store, all)
    const whole = await history(store, OVEN)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(all.length), { maxLength: 4 }), async (cuts) => {
        const other = await open()
        try {
          let from = 0
          for (const to of [...cuts, all.length].toSorted((a, b) => a - b)) {
            if (to > from) keep(other, all.slice(from, to))
            if (to > from) keep(other, all.slice(from, to))
            from = to
          }
          assert.deepEqual(await history(other, OVEN), whole)
        } finally {
          await other.destroy()
        }
      }),
      { numRuns: 10 },
    )
  })
}
