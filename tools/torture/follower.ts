// A page as it should be: follows the live stream, comes back with the last number it has, and keeps what it was told.
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerMessage } from '../../src/wire/live.ts'

export class Follower {
  readonly records = new Set<string>() // event ids
  #socket: WebSocket | null = null
  #seq = 0
  #resets = 0
  #stopped = false

  follow(url: string): void {
    if (this.#stopped) return
    this.#socket?.close()
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`)
    this.#socket = socket
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', from: this.#seq }))
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)) as ServerMessage)
    socket.onerror = () => undefined // 'close' follows
    socket.onclose = async () => {
      await sleep(100)
      if (this.#socket === socket) this.follow(url)
    }
  }

  #hear(message: ServerMessage): void {
    if (message.type === 'reset') this.#resets++
    if (message.type !== 'batch') return
    this.#seq = message.to
    for (const item of message.items) if (item.kind === 'record') this.records.add(item.record.id)
  }

  // `expected`: event ids. Waits a moment for what is on its way.
  async missing(expected: ReadonlySet<string>): Promise<string[]> {
    const lost = () => [...expected].filter((id) => !this.records.has(id))
    for (let i = 0; i < 100 && lost().length > 0; i++) await sleep(100)
    const wrong = lost()
    return [
      ...(this.#resets > 0 ? [`the page was told ${this.#resets} times that its place is gone`] : []),
      ...(wrong.length > 0 ? [`the page never heard of ${wrong.length} records: ${wrong.slice(0, 3).join(', ')}`] : []),
    ]
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#socket?.close()
    this.#socket = null
  }
}
