// An invented machine in a process of its own, as large as the page must bear: `node bench/web-machine.ts EVENTS SESSIONS`.
// Says where it serves on its first line; a line "RATE SECONDS" on its input lets the large session go on.
import { createInterface } from 'node:readline'
import { makeWorld } from '../e2e/page/scenes.ts'
import { playOn, Stub } from '../e2e/page/stub.ts'
import { Scene } from '../e2e/page/world.ts'

const [events = 100_000, sessions = 5_000] = process.argv.slice(2).map(Number)
const nowMs = Date.now()
const { world } = makeWorld(nowMs, sessions)
const long = new Scene(world, { id: '10000000-0000-4000-8000-000000000001', startMs: nowMs - events * 1_700 })
let step = 0
const records = () => world.records.get(long.session)?.length ?? 0
long.prompt('Go through every file of this repository, and leave none out.')
while (records() < events) {
  if (++step % 40 === 0) long.say('A part is done.', true).prompt(`And now part ${step / 40}.`)
  // As `playOn`, at the session's own time.
  const n = step % 4
  if (n === 0) long.think('What is left, and what depends on it? The order matters less than that nothing is left out.')
  else if (n === 1) long.run(`npm test -- part-${step}`, `${'ok 1 - holds\n'.repeat(step % 9)}# pass ${step % 9}\n`)
  else if (n === 2)
    long.tool(
      'edit',
      'Edit',
      `/home/dev/shop/src/part-${step}.ts`,
      { old_string: 'const a = 1', new_string: `const a = ${step}\nconst b = 2` },
      'Updated.',
    )
  else long.say(`Part ${step} holds:\n\n- the types are **narrow**\n- the tests pass\n\nOn to the next.`)
}
const stub = await Stub.start(world)
console.log(`${stub.url} ${encodeURIComponent(long.session)} ${records()} ${world.rows.size}`)

for await (const line of createInterface({ input: process.stdin })) {
  const [rate = 200, seconds = 10] = line.split(' ').map(Number)
  const startedMs = performance.now()
  const before = records()
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const passed = performance.now() - startedMs
      while (records() - before < (Math.min(passed, seconds * 1_000) * rate) / 1_000) playOn(long, ++step)
      if (passed < seconds * 1_000) return
      clearInterval(timer)
      resolve()
    }, 10)
  })
  console.log(`done ${records() - before}`)
}
await stub.stop()
