// A disk that is really full: the whole data folder on a small file system in memory, filled to its last block while an agent writes, with the
// server killed and started again on it, then freed. It must be said, waited for, and in the end nothing is missing or there twice.
import { spawnSync } from 'node:child_process'
import { appendFileSync, closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { header, turnRecords } from '../../src/testing/scenario.ts'
import { DIALECTS } from './dialect.ts'
import { logOf } from './oracle.ts'
import { unlikeToldOnce } from './round.ts'
import { Victim } from './victim.ts'

const SIZE_MB = 48
const WAIT_MS_MAX = 90_000

export interface FullDisk {
  readonly said: readonly string[] // by the program, of its disk
  readonly wrong: readonly string[]
}

// Null where this user may not mount anything.
export async function fullDisk(dir: string, turns = 30): Promise<FullDisk | null> {
  const disk = join(dir, 'disk')
  mkdirSync(disk, { recursive: true })
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'openstory-torture', disk]).status !== 0) return null
  try {
    return await onDisk(dir, disk, turns)
  } finally {
    spawnSync('umount', ['-l', disk])
  }
}

async function onDisk(dir: string, disk: string, turns: number): Promise<FullDisk> {
  const watched = join(dir, 'agent')
  mkdirSync(watched, { recursive: true })
  const file = join(watched, 's1.jsonl')
  const write = (from: number, to: number) => {
    for (let n = from; n < to; n++)
      appendFileSync(
        file,
        turnRecords(n)
          .map((record) => `${JSON.stringify(record)}\n`)
          .join(''),
      )
  }
  appendFileSync(file, `${JSON.stringify(header('s1'))}\n`)
  const dataDir = join(disk, 'data')
  const victim = new Victim({ dataDir, watched, home: dir })
  const said = new Set<string>()
  const wrong: string[] = []
  const until = async (what: string, is: () => Promise<boolean>) => {
    const late = performance.now() + WAIT_MS_MAX
    while (!(await is())) {
      if (performance.now() > late) return wrong.push(`${what}: not within ${WAIT_MS_MAX / 1_000} s`)
      await sleep(100)
    }
    return 0
  }
  const isWell = async () => {
    const layers = (await victim.health())?.layers ?? []
    return layers.length > 0 && layers.every(({ ok, says, facts }) => ok && says !== 'is starting' && !facts.lag)
  }
  victim.start()
  try {
    await until('it serves', isWell)
    write(0, turns)
    await until(
      'all is kept',
      async () => (await isWell()) && logOf(DIALECTS.example, dataDir, 's1').length === turns * 5 + 1,
    )
    fill(disk)
    write(turns, 2 * turns)
    const isSaid = async () => {
      const health = await victim.health()
      for (const sentence of health?.sentences ?? []) said.add(sentence)
      return health !== null && health.colour !== 'green' && said.size > 0
    }
    await until('a full disk is said', isSaid)
    await victim.killServer() // and begins anew with no block to write to
    victim.start()
    write(2 * turns, 3 * turns)
    await until(
      'it answers on a full disk',
      async () => (await victim.health()) !== null || /ENOSPC|full/.test(victim.said()),
    )
    free(disk)
    if ((await victim.health()) === null) {
      await victim.stop(5_000)
      victim.start() // as whoever reads its last words does
    }
    await until(
      'it goes on by itself once there is room',
      async () => (await isWell()) && logOf(DIALECTS.example, dataDir, 's1').length >= 3 * turns * 5 + 1,
    )
    if (!(await victim.stop())) wrong.push('it did not stop when it was told to')
    const kept = logOf(DIALECTS.example, dataDir, 's1')
    const events = new Set(kept.map(({ event }) => event))
    if (kept.length !== 3 * turns * 5 + 1 || events.size !== kept.length)
      wrong.push(`${3 * turns * 5 + 1} lines were written, ${kept.length} kept, ${events.size} of them different`)
    wrong.push(...(await unlikeToldOnce(dataDir, join(dir, 'anew'))))
    return { said: [...said], wrong }
  } finally {
    await victim.killServer()
  }
}

const ballast = (disk: string) => join(disk, 'ballast')
const free = (disk: string) => rmSync(ballast(disk))

function fill(disk: string): void {
  const fd = openSync(ballast(disk), 'w')
  for (let block = 1024 * 1024; block >= 512; )
    try {
      writeSync(fd, Buffer.alloc(block))
    } catch {
      block /= 2 // there is less room than that
    }
  closeSync(fd)
  if (statfsSync(disk).bavail > 0) throw new Error(`${disk} could not be filled`)
}
