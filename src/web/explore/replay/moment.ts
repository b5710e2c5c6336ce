// What is so at one moment of a session: what was asked, which files were touched, what was spent, the to-dos as they stood. Pure.
import { fieldsIn, textIn } from '../../../folds/input.ts'
import { usdOf } from '../../../folds/money.ts'
import type { AgentRow } from '../../../folds/session.ts'
import type { Change } from '../../../folds/turn/turn.ts'
import type { MomentsAnswer } from '../../../wire/moments.ts'
import type { TimelineSpent, TimelineTodo } from '../../../wire/timeline.ts'
import { bodyOf, type Todo } from '../../ui/tool.ts'

type Touched = Pick<MomentsAnswer, 'paths' | 'touches' | 'cut'>
export interface FileSoFar {
  readonly path: string
  readonly change: Change
}
export interface FilesSoFar {
  readonly changed: readonly FileSoFar[] // the latest first
  readonly read: number
  readonly isCut: boolean // more than are told
}

// What calls had touched by then.
export function filesAt({ paths, touches, cut }: Touched, ms: number): FilesSoFar {
  const changed = new Map<number, FileSoFar>()
  const read = new Set<number>()
  let told = 0
  for (const [at, path, change] of touches) {
    if (at > ms) continue
    told++
    if (change === 'read') {
      read.add(path)
      continue
    }
    const known = changed.get(path)
    changed.delete(path)
    changed.set(path, { path: paths[path]!, change: known?.change === 'created' ? 'created' : change })
  }
  for (const path of changed.keys()) read.delete(path)
  return { changed: [...changed.values()].reverse(), read: read.size, isCut: cut && told === touches.length }
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
