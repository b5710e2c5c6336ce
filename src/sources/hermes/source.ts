// Hermes: a database of sessions and messages, and the two older forms of the same. All are one agent; which of them a machine has
// depends on how old its Hermes is.
import type { DocumentSource, LineSource, TableSource } from '../source.ts'
import { commandIn } from '../values.ts'
import { shapes } from './known.ts'
import { again } from './memory.ts'
import { recordsOf, translateLine, translateRecord } from './older.ts'
import { databaseOwner, databaseRoots, gatewayOwner, sessionRoots, snapshotOwner } from './owner.ts'
import { read } from './read.ts'
import { translate } from './translate.ts'

const HERMES = { agent: 'hermes', label: 'Hermes', variables: ['HERMES_HOME'] } as const

export const hermes: TableSource = {
  ...HERMES,
  reads: 'tables',
  roots: databaseRoots,
  resume: (native, cwd) => commandIn(cwd, 'hermes', '--resume', native),
  owner: databaseOwner,
  read,
  again,
  translate,
  retells: true,
  shapes,
}

export const hermesSnapshots: DocumentSource = {
  ...HERMES,
  reads: 'documents',
  roots: sessionRoots,
  owner: snapshotOwner,
  records: recordsOf,
  translate: translateRecord,
  retells: true,
}

export const hermesGateway: LineSource = {
  ...HERMES,
  reads: 'lines',
  roots: sessionRoots,
  owner: gatewayOwner,
  translate: translateLine,
}
