// How often each tool was called in a session, from the ledger: most calls are kept with their request, the others by themselves.
import type { DatabaseSync } from 'node:sqlite'
import type { ToolCalls } from '../store.ts'

export function toolCalls(sessions: DatabaseSync, session: string): ToolCalls[] {
  const counts = new Map<string, number>()
  const add = (tool: string) => counts.set(tool, (counts.get(tool) ?? 0) + 1)
  const requests = sessions
    .prepare(`SELECT key, tools FROM requests WHERE session = ? AND is_work = 1 AND tools <> ''`)
    .all(session) as { key: string; tools: string }[]
  for (const { tools } of requests) for (const tool of tools.split('\n')) add(tool)
  // The tools of a request name those of its calls that are kept by themselves, too.
  const named = new Set(requests.map(({ key }) => key))
  const alone = sessions.prepare('SELECT tool, request FROM calls WHERE session = ? AND is_work = 1').all(session) as {
    tool: string
    request: string
  }[]
  for (const { tool, request } of alone) if (!named.has(request)) add(tool)
  return [...counts]
    .map(([tool, calls]) => ({ tool, calls }))
    .sort((a, b) => b.calls - a.calls || (a.tool < b.tool ? -1 : 1))
}
