// Tokens. Codex keeps two accounts of the same requests: a running count after each, often written more than once, and in newer versions
// a record of each. Whichever comes first tells a request; `input_tokens` include what came from the cache.
import type { Payload, Usage } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { countIn, isJson, type Json, jsonIn, newPayload, nonEmpty, type Writable } from '../values.ts'
import type { Memory, Said } from './memory.ts'
import { notice, repeat } from './texts.ts'

const usageOf = (tokens: Json): Usage => {
  const cacheRead = countIn(tokens.cached_input_tokens)
  const cacheWrite5m = countIn(tokens.cache_write_input_tokens)
  return {
    input: Math.max(0, countIn(tokens.input_tokens) - cacheRead - cacheWrite5m),
    output: countIn(tokens.output_tokens), // reasoning is part of it
    cacheRead,
    cacheWrite5m,
    cacheWrite1h: 0,
  }
}

function usagePart(usage: Usage, model: string | null, request?: string): Part {
  const payload: Writable<Payload> = newPayload()
  payload.usage = usage
  if (model !== null) payload.model = model
  if (request !== undefined) payload.request = request
  return { kind: 'system.usage', payload }
}

export function tokenCount(payload: Json, memory: Memory): Said {
  const info = jsonIn(payload.info)
  const total = isJson(info.total_token_usage) ? totalOf(info.total_token_usage) : null
  const last = isJson(info.last_token_usage) ? usageOf(info.last_token_usage) : null
  if (total === null && last === null)
    return { parts: [notice(isJson(payload.rate_limits) ? 'rate_limits' : 'token_count')] }
  if (total !== null && total === memory.total) return { parts: [repeat()] }
  const counted = { total: total ?? memory.total }
  // The other account told this request already.
  if (memory.account === 'record' && !memory.copying)
    return { parts: [repeat()], changes: { ...counted, account: null } }
  const usage = last ?? grown(jsonIn(info.total_token_usage), memory.total)
  const model = nonEmpty(info.model) ?? memory.model
  const account = memory.copying ? memory.account : 'count'
  return { parts: [usagePart(usage, model)], changes: { ...counted, account } }
}

const FIELDS = ['input_tokens', 'cached_input_tokens', 'cache_write_input_tokens', 'output_tokens'] as const

const totalOf = (tokens: Json): string => FIELDS.map((field) => countIn(tokens[field])).join('/')

// Where only the running total is kept: by how much it grew.
function grown(tokens: Json, before: string | null): Usage {
  const was = before === null ? [] : before.split('/').map(Number)
  const by = Object.fromEntries(FIELDS.map((field, i) => [field, Math.max(0, countIn(tokens[field]) - (was[i] || 0))]))
  return usageOf(by)
}

export function tokenRecord(payload: Json, memory: Memory): Said {
  if (!isJson(payload.usage)) return { parts: [notice('token_usage_record')] }
  if (memory.account === 'count' && !memory.copying) return { parts: [repeat()], changes: { account: null } }
  const account = memory.copying ? memory.account : 'record'
  return {
    parts: [usagePart(usageOf(payload.usage), memory.model, nonEmpty(payload.response_id))],
    changes: { account },
  }
}
