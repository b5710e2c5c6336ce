// OpenClaw, which was Clawdbot and Moltbot: pi's lines, in files until 2026.8 and in a database since.
import { shapes } from '../pi-shape/known.ts'
import { translateLine } from '../pi-shape/translate.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, LineSource, Source, TableSource } from '../source.ts'
import { dialect } from './dialect.ts'
import { isCheckpoint, isPacked, ownerOf, rootsOn, VARIABLES } from './owner.ts'
import { readTable, tableOwner, translateRow } from './table.ts'

const facts = { agent: 'openclaw', label: 'OpenClaw', variables: VARIABLES, roots: rootsOn }

const files: LineSource = {
  ...facts,
  reads: 'lines',
  owner: ownerOf,
  packed: (path) => (isPacked(path) ? 'zstd' : null),
  translate: translateFile,
  shapes,
}

const database: TableSource = {
  ...facts,
  reads: 'tables',
  owner: tableOwner,
  retells: true,
  read: readTable,
  translate: translateRow,
}

export const openclaw: readonly Source[] = [files, database]

const ALL_COPIED = '9999-12-31T23:59:59.999Z' // later than any line

// A checkpoint is mostly the session's file, byte for byte: its lines are the same events. One under a header of its own (it is no
// session: nobody works in it) says again what was said: its lines are kept as copies beside the session they were made of.
function translateFile(line: LineIn, file: FileFacts, memory: FileMemory): LineMeaning {
  const meaning = translateLine(dialect, line, file, memory)
  if (!isCheckpoint(file.path)) return meaning
  const own = typeof memory.session === 'string' ? memory.session : meaning.session
  const isApart = meaning.session !== own || memory.forkedAt === ALL_COPIED
  if (!isApart) return meaning
  const nativeId = meaning.nativeId === null ? null : `checkpoint/${meaning.nativeId}`
  const kept = { ...meaning, session: own, nativeId }
  if (meaning.session === own) return kept
  const parts = meaning.parts.map(({ payload: { parentSession: _, ...payload } }) => ({
    kind: 'system.notice' as const,
    payload: { ...payload, injected: 'checkpoint', copied: true as const },
  }))
  return { ...kept, parts, memory: { ...meaning.memory, session: own, forkedAt: ALL_COPIED } }
}
