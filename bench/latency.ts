// From the append to a transcript to the message at a WebSocket client: 1,000 appends, 100 a second, from a process that does nothing else.
import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerMessage } from '../src/wire/live.ts'
import { median, pause, percentile, startProgram } from './program.ts'
import type { Figure } from './run.ts'

const APPENDS = 1_000
const EVERY_MS = 10

export async function latency(dataDir: string, runs: number): Promise<Figure[]> {
  const p50: number[] = []
  const p99: number[] = []
  for (let i = 0; i < runs; i++) {
    const times = await once(join(dataDir, '..', `live-${i}`))
    p50.push(percentile(times, 0.5))
    p99.push(percentile(times, 0.99))
    process.stderr.write(`latency ${i + 1}: p50 ${p50.at(-1)!.toFixed(1)} ms, p99 ${p99.at(-1)!.toFixed(1)} ms\n`)
  }
  return [
    {
      what: 'append to a transcript → WebSocket client',
      value: `p50 ${median(p50).toFixed(1)} ms, p99 ${median(p99).toFixed(1)} ms`,
      reach: 'p50 ≤ 10 ms, p99 ≤ 40 ms',
    },
  ]
}

async function once(dir: string): Promise<number[]> {
  const sessions = join(dir, 'agent')
  mkdirSync(sessions, { recursive: true })
  const program = startProgram(
    ['serve', '--no-open', '--port', '0', '--data-dir', join(dir, 'data'), '--watch', `example=${sessions}`],
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
  const file = join(sessions, 's.jsonl')
  appendFileSync(
    file,
    `${JSON.stringify({ example: 1, session: 's', cwd: '/home/dev/x', at: new Date().toISOString() })}\n`,
  )
  await pause(2_000)
  const from = performance.now()
  for (let i = 0; i < APPENDS; i++) {
    const wait = from + i * EVERY_MS - performance.now()
    if (wait > 0) await pause(wait)
    const text = `record number ${i}`
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
