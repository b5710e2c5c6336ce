// What a line says was spent: tokens, by which model, of which request; and whether its output is all there was or only what had come by then.
// Each line of an answer repeats the account as it stood when the line was written.

import { isWorldId } from '../../event/ids.ts'
import type { Payload, Usage } from '../../event/payload.ts'
import { countIn, decimalOf, isJson, type Json, jsonIn, nonEmpty, type Writable } from '../values.ts'

const NO_MODEL = '<synthetic>' // Claude Code itself, speaking as the model

// `record` is the line of the message; `version` that of the program which wrote it.
export function accountFor(payload: Writable<Payload>, record: Json, message: Json, version: unknown): void {
  const model = nonEmpty(message.model)
  if (model === NO_MODEL) return
  if (model !== undefined) payload.model = model
  if (!isJson(message.usage)) return
  const usage = usageOf(message.usage, record.costUSD)
  payload.usage = isWhole(record, message, version) ? usage : { ...usage, partial: true }
  const request = requestOf(record, message)
  if (request !== undefined) payload.request = request
}

// The message's id names the request: copies of it keep that and may have a new request id. An id too short to be one in the world
// (gateways and scripts count `msg_1`, `msg_2`) is told from its namesakes by the request's.
export function requestOf(record: Json, message: Json): string | undefined {
  const [id, request] = [nonEmpty(message.id), nonEmpty(record.requestId)]
  if (id === undefined) return request
  return request === undefined || isWorldId(id) ? id : `${id} ${request}`
}

type Version = readonly [major: number, minor: number, patch: number]
interface Span {
  readonly from: Version
  readonly to: Version // included
}

// Versions that never wrote down how much an answer put out, whatever their lines say: what stands there was counted when the answer began,
// 1 to 10 tokens for answers of thousands. Of the 530 answers of such versions in a corpus not one has its end; said to be so since
// 2.1.7 (anthropics/claude-code#19645, #22671, #22686).
const NEVER: Span = { from: [2, 1, 8], to: [2, 1, 42] }
// Versions that wrote it down at the answer's end alone, if at all: on the line that says why it stopped it is right (at most five
// letters a token, in all 69 of that corpus), on the others it is not. 2.1.97 put the whole account on every line, as its changelog says.
const AT_END: Span = { from: [1, 0, 2], to: [2, 1, 96] }

function isWhole(record: Json, message: Json, version: unknown): boolean {
  if (message.stop_reason === null || record.isAbortedMidStream === true) return false
  const by = versionIn(version)
  if (by === null || !isIn(AT_END, by)) return true
  return !isIn(NEVER, by) && nonEmpty(message.stop_reason) !== undefined
}

const isIn = ({ from, to }: Span, version: Version): boolean => !isLess(version, from) && !isLess(to, version)

function isLess(a: Version, b: Version): boolean {
  const at = a.findIndex((part, i) => part !== b[i])
  return at >= 0 && a[at]! < b[at]!
}

// `2.1.29`, and what is built of it: `2.1.29-dev`, `2.1.29 (Claude Code)`.
function versionIn(text: unknown): Version | null {
  const [major, minor, patch] = (nonEmpty(text) ?? '').split('.', 3).map((part) => Number.parseInt(part, 10))
  if (major === undefined || minor === undefined || patch === undefined) return null
  return [major, minor, patch].some(Number.isNaN) ? null : [major, minor, patch]
}

export function usageOf(usage: Json, cost: unknown): Usage {
  const written = jsonIn(usage.cache_creation)
  const hour = countIn(written.ephemeral_1h_input_tokens)
  const all = countIn(usage.cache_creation_input_tokens)
  const counted: Writable<Usage> = {
    input: countIn(usage.input_tokens),
    output: countIn(usage.output_tokens),
    cacheRead: countIn(usage.cache_read_input_tokens),
    // What no line of the account claims for an hour was written for five minutes, as all of it was before the account was kept.
    cacheWrite5m: Math.max(countIn(written.ephemeral_5m_input_tokens), all - hour),
    cacheWrite1h: hour,
  }
  const webSearches = countIn(jsonIn(usage.server_tool_use).web_search_requests)
  if (webSearches > 0) counted.webSearches = webSearches
  const costUsd = decimalOf(cost)
  if (costUsd !== undefined) counted.costUsd = costUsd
  return counted
}
