// What Claude Code keeps beside its transcripts, in files written whole, which it deletes when the session grows old:
//   <project>/<session>/subagents/**/agent-<id>.meta.json   what a subagent is and which call began it
//   <project>/<session>/workflows/<run>.json                how a workflow went, when it has ended
//   <project>/<session>/custom-title.json                   the name a person gave
//   <project>/<session>/tool-results/**                     what a tool put out, where it was too long for the transcript
import { parseJson, whyNotJson } from '../../base/nesting.ts'
import { cut, type Payload, WORDS_INLINE_MAX, type Words, wordsAt } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import type { DocumentSource, FileFacts, FileMemory, FileOwner, LineMeaning, Part, RecordIn } from '../source.ts'
import {
  damagedPart,
  isJson,
  type Json,
  jsonIn,
  momentIn,
  newPayload,
  nonEmpty,
  saying,
  type Writable,
} from '../values.ts'
import { isHelper } from './helpers.ts'
import { agentName, rootsOn, TOOL_OUTPUT } from './owner.ts'

type Kind = 'meta' | 'workflow' | 'title' | 'output'

const META_END = '.meta.json'

// Session folders are named by the session's id; everything of one lies in it.
function placeIn(path: string): { kind: Kind; project: string; session: string; name: string; run?: string } | null {
  const [project, session, folder, ...below] = path.split('/')
  const name = below.at(-1) ?? folder
  if (project === undefined || session === undefined || name === undefined) return null
  const kind = kindOf(folder ?? '', below, name)
  if (kind === null) return null
  // subagents/workflows/<run>/: a workflow's subagent names no call, but lies in the folder of its run, which the call's result names.
  const run = folder === 'subagents' && below[0] === 'workflows' && below.length > 2 ? below[1] : undefined
  return { kind, project: projectOfPath(project), session, name, ...(run !== undefined && { run }) }
}

function kindOf(folder: string, below: readonly string[], name: string): Kind | null {
  if (below.length === 0) return name === 'custom-title.json' ? 'title' : null
  if (folder === 'subagents') return name.endsWith(META_END) && name !== META_END ? 'meta' : null
  if (folder === 'workflows') return below.length === 1 && name.endsWith('.json') ? 'workflow' : null
  return folder === TOOL_OUTPUT && /\.(?:txt|json|jsonl|md|csv|log|xml|html)$/.test(name) ? 'output' : null
}

function owner({ path }: FileFacts): FileOwner | null {
  const place = placeIn(path)
  if (place === null) return null
  const agentId = place.kind === 'meta' ? agentName(place.name.slice(0, -META_END.length)) : null
  return { agentId, memory: {} }
}

// One record a file. What is JSON stands on one line; a tool's output is text, whatever is in it.
function* records(bytes: Uint8Array, file: FileFacts): Iterable<RecordIn> {
  const place = placeIn(file.path)
  const here = { key: place?.name ?? file.path, at: 0 }
  const { text, damage } = textOf(bytes)
  if (place?.kind === 'output') {
    yield { ...here, text, value: undefined, bytes, damage }
    return
  }
  const value = parsed(text)
  if (value === undefined) yield { ...here, text, value, bytes, damage: damage ?? whyNotJson(text) }
  else if (!text.includes('\n') && !text.startsWith(BOM)) yield { ...here, text, value, bytes, damage }
  else {
    const line = JSON.stringify(value)
    yield { ...here, text: line, value, bytes: encoder.encode(line), damage }
  }
}
const encoder = new TextEncoder()
const BOM = '\ufeff'

function textOf(bytes: Uint8Array): { readonly text: string; readonly damage: string | null } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), damage: null }
  } catch {
    return { text: new TextDecoder().decode(bytes), damage: 'not valid UTF-8' }
  }
}

const parsed = (text: string): unknown => parseJson(text.startsWith(BOM) ? text.slice(1) : text)

function translate(record: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning {
  const place = placeIn(file.path)
  const agentId = owner(file)?.agentId ?? null
  const value = isJson(record.value) ? record.value : null
  const part = partOf(record, place?.kind ?? null, value, agentId)
  if (value !== null && place?.kind === 'meta' && place.run !== undefined && part.payload.parentCall === undefined)
    (part.payload as Writable<Payload>).parentRun = place.run
  return {
    parts: [part],
    session: place?.session ?? 'unknown',
    project: place?.project ?? 'unknown',
    agentId,
    nativeId: record.key,
    time: value === null ? null : momentIn(value.timestamp), // of the others none is known
    memory,
  }
}

function partOf(record: RecordIn, kind: Kind | null, value: Json | null, agentId: string | null): Part {
  if (kind === 'output') return output(record)
  if (value === null || kind === null) return damagedPart(record)
  if (kind === 'meta') return agentFacts(value, agentId ?? '')
  if (kind === 'title') return { kind: 'system.title', payload: { ...newPayload(), ...titled(value.customTitle) } }
  return workflow(value)
}

const titled = (value: unknown) => (typeof value === 'string' && value !== '' ? { title: value } : {})

function agentFacts(value: Json, agentId: string): Part {
  const agentType = nonEmpty(value.agentType)
  const parentCall = nonEmpty(value.toolUseId)
  const nativeParent = nonEmpty(value.parentAgentId)
  const { kind, payload } = saying('system.agent', nonEmpty(value.description), '/description')
  return {
    kind,
    payload: {
      ...payload,
      ...(agentType !== undefined && { agentType }),
      ...(parentCall !== undefined && { parentCall }),
      ...(nativeParent !== undefined && { nativeParent }),
      ...(isHelper(agentId) && { hidden: true as const }),
    },
  }
}

// `nativeId` is the file's name, which the tool's result names; older versions name the file for the call.
function output({ text, key, damage }: RecordIn): Part {
  const name = key.slice(0, key.lastIndexOf('.'))
  // Bytes that are no text are kept as bytes, which no pointer leads into.
  const words: Words = damage === null ? wordsAt(text, '', true) : cut(text, WORDS_INLINE_MAX)
  return {
    kind: 'file.output',
    payload: {
      ...newPayload(),
      ...(text !== '' && { text: words }),
      nativeId: key,
      ...(name.startsWith('toolu_') && { nativeParent: name }),
      ...(damage !== null && { why: damage }),
    },
  }
}

function workflow(value: Json): Part {
  const name = nonEmpty(value.workflowName) ?? nonEmpty(value.runId)
  const said = [name, nonEmpty(value.status), nonEmpty(value.summary)].filter((each) => each !== undefined)
  const agents = Array.isArray(value.workflowProgress) ? value.workflowProgress : []
  const labels = agents.slice(0, 20).flatMap((each) => nonEmpty(jsonIn(each).label) ?? [])
  return saying('progress.agent', [...said, ...labels].join(' · '), null)
}

export const claudeCodeFacts: DocumentSource = {
  agent: 'claude-code',
  label: 'Claude Code',
  reads: 'documents',
  variables: [], // told by the source of its lines
  roots: rootsOn,
  owner,
  retells: true,
  records,
  translate,
}
