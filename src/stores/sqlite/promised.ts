// The reader as everyone asks it, where there is no thread in between.
import type { StoreReader } from '../store.ts'
import type { SqliteReader } from './reader.ts'

export function promised(reader: SqliteReader): StoreReader {
  return {
    sessions: async (query) => reader.sessions(query),
    session: async (id) => reader.session(id),
    resolveSession: async (id) => reader.resolveSession(id),
    records: async (session, page) => reader.records(session, page),
    turns: async (session) => reader.turns(session),
    sentences: async (query) => reader.sentences(query),
    eventText: async (id) => reader.eventText(id),
    work: async (session, names) => reader.work(session, names),
    timeline: async (session, max, part) => reader.timeline(session, max, part),
    outline: async (session) => reader.outline(session),
    moments: async (session) => reader.moments(session),
    trace: async (id) => reader.trace(id),
    search: async (plan, page) => reader.search(plan, page),
    tools: async (session) => reader.tools(session),
    facets: async (plan, nowMs) => reader.facets(plan, nowMs),
    cost: async (query) => reader.cost(query),
    costRequests: async (query, key) => reader.costRequests(query, key),
    files: async (query) => reader.files(query),
    fileHistory: async (query) => reader.fileHistory(query),
    turnFiles: async (turn) => reader.turnFiles(turn),
    sessionsTouching: async (path) => reader.sessionsTouching(path),
    facts: async () => reader.facts(),
    drift: async () => reader.drift(),
    close: async () => reader.close(),
  }
}
