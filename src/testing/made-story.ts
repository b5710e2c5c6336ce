// A turn as a test tells it, call by call with its result, of an invented agent: events as the product writes them.
import type { Event } from '../event/event.ts'
import type { Payload, ToolKind, ToolResult } from '../event/payload.ts'
import { type Made, made, type Wanted } from './made-events.ts'

export class Tale {
  readonly events: Event[] = []
  readonly made: Made[] = [] // the same as they stand on the bus
  #n: number
  #calls = 0
  readonly #lane: Wanted

  constructor(lane: Wanted = {}, from = 1) {
    this.#lane = lane
    this.#n = from
  }

  add(wanted: Wanted): this {
    const one = made(this.#n++, { ...this.#lane, ...wanted, payload: { ...this.#lane.payload, ...wanted.payload } })
    this.made.push(one)
    this.events.push(one.event)
    return this
  }

  ask(text: string, payload: Wanted['payload'] = {}): this {
    return this.add({ text, payload })
  }

  say(text: string, stop = 'end_turn'): this {
    const usage = { input: 1, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
    return this.add({ kind: 'message.assistant.text', text, payload: { stop, usage, request: `r${this.#n}` } })
  }

  injected(injected: string, text = 'x'): this {
    return this.add({ kind: 'message.user.injected', text, payload: { injected } })
  }

  call(kind: ToolKind, name: string, target: string, input: object = {}, more: Omit<Payload, 'v'> = {}): string {
    const call = `c${++this.#calls}-${this.#n}`
    const tool = { name, kind, call, input: { at: '/more/input' }, ...(target !== '' && { target }) }
    this.add({ kind: 'message.assistant.tool_use', text: '', line: { input }, payload: { tool, ...more } })
    return call
  }

  result(call: string, text = 'ok', result: Partial<ToolResult> = {}): this {
    return this.add({ kind: 'message.user.tool_result', text, payload: { result: { call, failed: false, ...result } } })
  }

  run(command: string, output = '', result: Partial<ToolResult> = {}): this {
    return this.result(this.call('run', 'Shell', command.slice(0, 180), { command }), output, result)
  }

  read(path: string): this {
    return this.result(this.call('read', 'Open', path, { file_path: path }))
  }

  edit(path: string, before = 'a', after = 'b', result: Partial<ToolResult> = {}): this {
    const input = { file_path: path, old_string: before, new_string: after }
    return this.result(this.call('edit', 'Change', path, input), 'The file has been updated.', result)
  }

  write(path: string, content = 'one\ntwo\n', result: Partial<ToolResult> = {}): this {
    return this.result(this.call('write', 'Put', path, { file_path: path, content }), 'File created.', result)
  }
}
