// Where an event stands in the stream: events.{project}.{session}.main | events.{project}.{session}.agent.{agent_id}.
// Tokens are made safe for NATS; the original words stand in the event itself, so nothing needs to be decoded.

export interface Address {
  readonly project: string
  readonly session: string
  readonly agentId?: string | null
}

const TOKEN_MAX = 160

export function token(word: string): string {
  const safe = word.replace(/[^A-Za-z0-9_:~-]/g, '-').slice(0, TOKEN_MAX)
  return safe === '' ? '_' : safe
}

export function subjectOf({ project, session, agentId }: Address): string {
  const place = `events.${token(project)}.${token(session)}`
  return agentId ? `${place}.agent.${token(agentId)}` : `${place}.main`
}
export const patternSubject = ({ project, session }: Address): string => `patterns.${token(project)}.${token(session)}`
export const sessionSubject = ({ project, session }: Address): string => `sessions.${token(project)}.${token(session)}`

// NATS matching: `*` is one token, a last `>` is one or more.
export function matches(filter: string, subject: string): boolean {
  if (filter === '>' || filter === subject) return true
  if (filter.endsWith('.>') && !filter.includes('*')) {
    const above = filter.length - 1 // `events.>`: what nearly every reader asks, for every message
    return subject.length > above && subject.startsWith(filter.slice(0, above))
  }
  const want = filter.split('.')
  const have = subject.split('.')
  for (const [i, part] of want.entries()) {
    if (part === '>') return have.length > i
    if (have[i] === undefined || (part !== '*' && part !== have[i])) return false
  }
  return want.length === have.length
}

// A project is its folder, written so that all agents agree on the word: /home/dev/my.app → home-dev-my-app.
export const projectOfPath = (cwd: string): string => cwd.replace(/[^A-Za-z0-9]/g, '-').replace(/^-+/, '') || 'unknown'
