// What is so at one moment of a session: what was asked, which files were touched, what was spent, the to-dos as they stood. Pure.
import { fieldsIn, textIn } from '../../../folds/input.ts'
import { usdOf } from '../../../folds/money.ts'
import type { AgentRow } from '../../../folds/session.ts'
import type { TurnStory } from '../../../wire/live.ts'
import type { TimelineSpent, TimelineTodo } from '../../../wire/timeline.ts'
import { bodyOf, type Todo } from '../../ui/tool.ts'

export interface FileSoFar {
  readonly path: string
  readonly change: 'created' | 'modified' | 'deleted' | 'renamed' | 'read'
  readonly event: string // the call that touched it first, or changed it first
}
export interface FilesSoFar {
  readonly changed: readonly FileSoFar[] // the latest first
  readonly read: number
  readonly more: number // that turns did not remember
}

const TIME_DIGITS = 12
const timeOf = (event: string): number => Number.parseInt(event.slice(0, TIME_DIGITS), 16)

// Of turns that had begun, what their calls had touched by then: an event's id begins with its time.
export function filesAt(turns: readonly TurnStory[], ms: number): FilesSoFar {
  const changed = new Map<string, FileSoFar & { readonly ms: number }>()
  const read = new Set<string>()
  let more = 0
  for (const turn of turns) {
    if (turn.started !== null && Date.parse(turn.started) > ms) continue
    for (const { path, change, events } of turn.files) {
      const done = events.filter((event) => timeOf(event) <= ms).at(-1)
      if (done === undefined) continue
      const known = changed.get(path)
      changed.delete(path)
      changed.set(path, {
        path,
        change: known?.change === 'created' ? 'created' : change,
        event: done,
        ms: timeOf(done),
      })
    }
    for (const { path, event } of turn.reads) if (timeOf(event) <= ms) read.add(path)
    if (turn.ended !== null && Date.parse(turn.ended) <= ms) more += turn.filesMore
  }
  for (const path of changed.keys()) read.delete(path)
  return {
    changed: [...changed.values()].sort((a, b) => b.ms - a.ms).map(({ ms: _, ...file }) => file),
    read: read.size,
    more,
  }
}

export interface SpentSoFar {
  readonly requests: number
  readonly input: number // what was cached is not in it
  readonly output: number
  readonly cached: number
  readonly usd: string | null // null: nobody knows any of it
  readonly isLowerBound: boolean
}

// Between two moments, the second included; `fromMs` null: from the beginning, and what has no time with it.
export function spentBetween(spent: readonly TimelineSpent[], fromMs: number | null, toMs: number): SpentSoFar {
  let [requests, input, output, cached, nano, priced] = [0, 0, 0, 0, 0, 0]
  let isLowerBound = false
  for (const [ms, ownInput, ownOutput, ownCached, ownNano, partial] of spent) {
    if (ms === null ? fromMs !== null : ms > toMs || (fromMs !== null && ms < fromMs)) continue
    requests++
    input += ownInput
    output += ownOutput
    cached += ownCached
    isLowerBound ||= partial === 1 || ownNano === null
    if (ownNano === null) continue
    priced++
    nano += ownNano
  }
  return { requests, input, output, cached, usd: requests > 0 && priced === 0 ? null : usdOf(nano), isLowerBound }
}

// The list of the main agent. Some agents write it whole each time; others add a task and change it later by its number, which the answer
// to the first call says.
export function todosAt(todos: readonly TimelineTodo[], cursor: number): readonly Todo[] {
  let list: readonly (Todo & { readonly id: string | null })[] = []
  const added = new Map<string, string>() // call → text of the task it adds
  for (const todo of todos) {
    if (todo.cursor > cursor || todo.agent_id !== null) continue
    if (todo.input === undefined) {
      const text = added.get(todo.call ?? '')
      const [, id] = /#(\d+)/.exec(todo.said ?? '') ?? []
      if (text !== undefined && id !== undefined)
        list = list.map((each) => (each.id === null && each.text === text ? { ...each, id } : each))
      continue
    }
    const whole = bodyOf({ kind: 'todo', input: todo.input, target: '' })
    if (whole.as === 'todos') {
      list = whole.todos.map((each) => ({ ...each, id: null }))
      continue
    }
    const fields = fieldsIn(todo.input)
    const id = textIn(fields, 'taskId', 'task_id', 'id')
    const [text, status] = [textIn(fields, 'subject', 'content', 'title'), textIn(fields, 'status', 'state')]
    if (id === null && text !== null) {
      list = [...list, { text, state: 'open', id: null }]
      if (todo.call !== null) added.set(todo.call, text)
    } else if (id !== null && status === 'deleted') list = list.filter((each) => each.id !== id)
    else if (id !== null)
      list = list.map((each) =>
        each.id !== id
          ? each
          : { ...each, text: text ?? each.text, state: status === null ? each.state : stateOf(status) },
      )
  }
  return list.map(({ text, state }) => ({ text, state }))
}

const stateOf = (status: string): Todo['state'] =>
  status === 'completed' || status === 'done' ? 'done' : status === 'in_progress' ? 'doing' : 'open'

// Subagents that were at work then: from their first event to their last.
export const agentsAt = (agents: readonly AgentRow[], ms: number): readonly AgentRow[] =>
  agents.filter(
    ({ started, ended, hidden, events }) =>
      !hidden && events > 0 && started !== null && Date.parse(started) <= ms && ms <= Date.parse(ended ?? started),
  )
