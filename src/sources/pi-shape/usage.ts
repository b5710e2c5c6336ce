// Tokens and money, as pi records them with each request.
import type { Payload, Usage } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { countIn, decimalOf, isJson, type Json, jsonIn, newPayload, nonEmpty, type Writable } from '../values.ts'

export function account(payload: Writable<Payload>, usage: unknown, request: string | null): void {
  if (!isJson(usage)) return
  payload.usage = usageIn(usage)
  if (request !== null) payload.request = request
}

function usageIn(usage: Json): Usage {
  const hour = countIn(usage.cacheWrite1h)
  const counted: Writable<Usage> = {
    input: countIn(usage.input),
    output: countIn(usage.output),
    cacheRead: countIn(usage.cacheRead),
    cacheWrite5m: Math.max(0, countIn(usage.cacheWrite) - hour),
    cacheWrite1h: hour,
  }
  const costUsd = decimalOf(isJson(usage.cost) ? usage.cost.total : usage.cost)
  if (costUsd !== undefined) counted.costUsd = costUsd
  return counted
}

// Subagents that keep no file of their own: the result of the call that ran them is all there is of what they cost.
export function helperUsage(message: Json): readonly Part[] {
  const { results } = jsonIn(message.details)
  if (!Array.isArray(results) || isJson(message.usage)) return []
  return results.flatMap((result): Part[] => {
    if (!isJson(result) || !isJson(result.usage) || nonEmpty(result.sessionFile) !== undefined) return []
    const payload = newPayload()
    account(payload, result.usage, null)
    const agent = nonEmpty(result.agent)
    if (agent !== undefined) payload.agentType = agent
    const model = nonEmpty(result.model)
    if (model !== undefined) payload.model = model
    const call = nonEmpty(message.toolCallId)
    if (call !== undefined) payload.parentCall = call
    return [{ kind: 'system.usage', payload }]
  })
}
