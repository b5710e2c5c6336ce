// The program under measurement: started as a person starts it, watched from outside.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../bin/openstory.mjs', import.meta.url))
const TICKS_PER_S = 100

export interface Program {
  readonly child: ChildProcess
  readonly url: Promise<string>
  stop(): Promise<void>
}

export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH, CI: '1', OPENSTORY_LOG: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = Promise.withResolvers<string>()
  let said = ''
  child.stderr!.on('data', (text: Buffer) => {
    said += text
    const found = /at (http:\/\/\S+)/.exec(said)?.[1]
    if (found) url.resolve(found)
  })
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  child.on('exit', () => url.reject(new Error(`it ended: ${said}`)))
  url.promise.catch(() => undefined) // not every program serves
  return {
    child,
    url: url.promise,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

// A process and all below it, from /proc.
export function family(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const fields = statOf(Number(name))
    if (fields) parents.set(Number(name), Number(fields[1]))
  }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

export const residentMb = (pid: number): number =>
  family(pid).reduce((sum, one) => sum + Number(/VmRSS:\s+(\d+)/.exec(readOr(`/proc/${one}/status`))?.[1] ?? 0), 0) /
  1024

// The same, where a page that several processes have in common is counted once.
export const proportionalMb = (pid: number): number =>
  family(pid).reduce(
    (sum, one) => sum + Number(/^Pss:\s+(\d+)/m.exec(readOr(`/proc/${one}/smaps_rollup`))?.[1] ?? 0),
    0,
  ) / 1024

export const cpuSeconds = (pid: number): number =>
  family(pid).reduce((sum, one) => {
    const fields = statOf(one)
    return sum + (fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S : 0)
  }, 0)

// What was asked of the system, from its cache or from the disk.
export const bytesRead = (pid: number): number =>
  family(pid).reduce((sum, one) => sum + Number(/rchar: (\d+)/.exec(readOr(`/proc/${one}/io`))?.[1] ?? 0), 0)

// Fields of /proc/<pid>/stat behind the name, which may hold anything.
function statOf(pid: number): string[] | null {
  const text = readOr(`/proc/${pid}/stat`)
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it has ended
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
