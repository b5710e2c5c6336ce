// Homes of so many events and the stores that were made of them, each made once in the folder of --keep. A server over one, and questions to it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HealthAnswer } from '../src/wire/rest.ts'
import { type Imported, importOnce } from './import.ts'
import { cpuSeconds, pause, startProgram } from './program.ts'
import { type Totals, writeHome } from './writer.ts'

export interface Kept {
  readonly home: string
  readonly dataDir: string
  readonly totals: Totals
  readonly imported: Imported // when it was made
}

const MILLION = 1_000_000
export const aMillion = (work: string): Promise<Kept> => storeOf(work, MILLION)

export async function storeOf(work: string, events: number): Promise<Kept> {
  const { home, totals } = homeOf(work, events)
  const dataDir = join(work, `data-${events}`)
  const made = join(dataDir, 'made.json')
  if (existsSync(made)) return { home, dataDir, totals, imported: JSON.parse(readFileSync(made, 'utf8')) as Imported }
  process.stderr.write(`importing ${events} events\n`)
  rmSync(dataDir, { recursive: true, force: true })
  const imported = await importOnce(home, dataDir)
  writeFileSync(made, JSON.stringify(imported))
  return { home, dataDir, totals, imported }
}

export function homeOf(work: string, events: number): { readonly home: string; readonly totals: Totals } {
  const home = join(work, `home-${events}`)
  const isMade = existsSync(join(home, 'totals.json'))
  if (isMade) return { home, totals: writeHome(home, events) }
  process.stderr.write(`writing ${events} events\n`)
  const fresh = `${home}.part`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const totals = writeHome(fresh, events)
  renameSync(fresh, home)
  return { home, totals }
}

export interface Server {
  readonly url: string
  readonly pid: number
}

// A server over a kept store, once it has nothing left to read.
export async function served<T>(kept: Pick<Kept, 'home' | 'dataDir'>, ask: (server: Server) => Promise<T>): Promise<T> {
  const program = startProgram(['serve', '--no-open', '--port', '0', '--data-dir', kept.dataDir], { HOME: kept.home })
  try {
    const url = await program.url
    while (!isAtRest(await health(url))) await pause(500)
    return await ask({ url, pid: program.child.pid! })
  } finally {
    await program.stop()
  }
}

export const health = async (url: string): Promise<HealthAnswer> =>
  (await (await fetch(`${url}/api/health`)).json()) as HealthAnswer

function isAtRest({ layers }: HealthAnswer): boolean {
  const factsOf = (name: string) => layers.find((layer) => layer.name === name)?.facts ?? {}
  return factsOf('watcher').caughtUp === true && layers.every(({ facts }) => !facts.lag)
}

export interface Asked<T> {
  readonly times: readonly number[]
  readonly cpuMs: number // of the server, each
  readonly answers: readonly T[]
}

// Each address once, one after the other, to the last byte of its answer.
export async function asked<T>({ url, pid }: Server, addresses: readonly string[]): Promise<Asked<T>> {
  const times: number[] = []
  const answers: T[] = []
  const before = cpuSeconds(pid)
  for (const address of addresses) {
    const from = performance.now()
    const response = await fetch(url + address)
    const text = await response.text()
    times.push(performance.now() - from)
    if (!response.ok) throw new Error(`${address} is answered ${response.status}: ${text.slice(0, 300)}`)
    answers.push(JSON.parse(text) as T)
  }
  return { times, cpuMs: ((cpuSeconds(pid) - before) * 1000) / addresses.length, answers }
}

export const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one)
