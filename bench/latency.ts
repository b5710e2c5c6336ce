// From the append to a transcript to the message at a WebSocket client: 1,000 appends, 100 a second, from a process that does nothing else.
import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { NatsServer, natsBinaries } from '../src/testing/nats-server.ts'
import type { ServerMessage } from '../src/wire/live.ts'
import { type Figure, figure, ms } from './figure.ts'
import { median, pause, percentile, startProgram } from './program.ts'

const APPENDS = 1_000
const EVERY_MS = 10

// What a bus may take: half, and 99 of 100.
interface Over {
  readonly name: string
  readonly p50Ms: number
  readonly p99Ms: number
}

export const latency = (work: string, runs: number): Promise<Figure[]> =>
  over({ name: 'embedded', p50Ms: 3, p99Ms: 15 }, 'embedded', work, runs)

// The nats-servers that the tests use: an old one of the system's, and one of today.
export async function latencyOverNats(work: string, runs: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const binary of Object.values(natsBinaries())) {
    if (binary.path === null) {
      process.stderr.write(`${binary.name}: ${binary.missing}\n`)
      continue
    }
    const server = await NatsServer.start(binary)
    try {
      figures.push(...(await over({ name: binary.name, p50Ms: 6, p99Ms: 25 }, server.url, work, runs)))
    } finally {
      await server.destroy()
    }
  }
  return figures
}

async function over({ name, p50Ms, p99Ms }: Over, bus: string, work: string, runs: number): Promise<Figure[]> {
  const p50: number[] = []
  const p99: number[] = []
  for (let i = 0; i < runs; i++) {
    const times = await once(join(work, 'live'), bus, i)
    p50.push(percentile(times, 0.5))
    p99.push(percentile(times, 0.99))
    process.stderr.write(
      `latency, ${name}, ${i + 1}: p50 ${p50.at(-1)!.toFixed(1)} ms, p99 ${p99.at(-1)!.toFixed(1)} ms\n`,
    )
  }
  return [
    figure(
      `append to a transcript → WebSocket client, 1,000 at 100/s, ${name}`,
      `p50 ${ms(median(p50))}, p99 ${ms(median(p99))}`,
      `p50 ≤ ${p50Ms} ms, p99 ≤ ${p99Ms} ms`,
      median(p50) <= p50Ms && median(p99) <= p99Ms,
    ),
  ]
}

// `run`: one stream of NATS serves all runs, so each says something else.
async function once(dir: string, bus: string, run: number): Promise<number[]> {
  rmSync(dir, { recursive: true, force: true })
  const sessions = join(dir, 'agent')
  mkdirSync(sessions, { recursive: true })
  const program = startProgram(
    [
      'serve',
      '--no-open',
      '--port',
      '0',
      '--bus',
      bus,
      '--data-dir',
      join(dir, 'data'),
      '--watch',
      `example=${sessions}`,
    ],
    { HOME: dir },
  )
  const url = await program.url
  const sent = new Map<string, number>()
  const times: number[] = []
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`)
  socket.onmessage = ({ data }) => {
    const now = performance.now()
    const message = JSON.parse(String(data)) as ServerMessage
    if (message.type !== 'batch') return
    for (const item of message.items) {
      const at = item.kind === 'record' ? sent.get(item.record.text) : undefined
      if (at !== undefined) times.push(now - at)
    }
  }
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  socket.send(JSON.stringify({ type: 'hello', from: null }))
  const session = `run-${run}`
  const file = join(sessions, `${session}.jsonl`)
  appendFileSync(file, `${JSON.stringify({ example: 1, session, cwd: '/home/dev/x', at: new Date().toISOString() })}\n`)
  await pause(2_000)
  const from = performance.now()
  for (let i = 0; i < APPENDS; i++) {
    const wait = from + i * EVERY_MS - performance.now()
    if (wait > 0) await pause(wait)
    const text = `record number ${i} of ${session}`
    const line = `${JSON.stringify({ id: `r${i}`, at: new Date().toISOString(), kind: 'say', text })}\n`
    sent.set(text, performance.now())
    appendFileSync(file, line)
  }
  while (times.length < APPENDS) await pause(20)
  socket.close()
  await program.stop()
  rmSync(dir, { recursive: true, force: true })
  return times
}
