// What a person opens: the list of 20,000 sessions, and a session of 100,000 events.
import { type Figure, figure, ms, timesFigure } from './figure.ts'
import { median } from './program.ts'
import { aMillion, asked, type Kept, type Server, served, times } from './stores.ts'

const ASKED = 100

export const sessionPage = (): string => '/api/sessions?limit=100'
export const recordsPage = (id: string): string => `/api/sessions/${encodeURIComponent(id)}/records?limit=200`

export async function lists(work: string): Promise<Figure[]> {
  const kept = await aMillion(work)
  return served(kept, async (server) => {
    const { totals } = kept
    const of = `${totals.sessions.toLocaleString('en')} sessions`
    const list = await asked<{ total: number }>(server, times(ASKED, sessionPage()))
    if (list.answers[0]!.total !== totals.sessions) throw new Error(`${list.answers[0]!.total} sessions are listed`)
    const id = await largestOf(kept, server)
    const records = await asked<{ records: unknown[] }>(server, times(ASKED, recordsPage(id)))
    return [
      timesFigure(`session list of ${of}, first page`, list.times, [30], `; ${ms(list.cpuMs)} of processor each`),
      timesFigure(
        `first page of a session of ${(totals.events / 10).toLocaleString('en')} events`,
        records.times,
        [30],
        `; ${ms(records.cpuMs)} of processor each`,
      ),
      ...(await besides(server, id)),
    ]
  })
}

export async function largestOf({ totals }: Pick<Kept, 'totals'>, server: Server): Promise<string> {
  const { answers } = await asked<{ id: string; events: number }>(server, [`/api/sessions/${totals.largest}`])
  const { id, events } = answers[0]!
  if (events !== Math.floor(totals.events / 10)) throw new Error(`${id} has ${events} events`)
  return id
}

// What else the page asks; there is no reach for these, and they are looked at all the same.
async function besides(server: Server, id: string): Promise<Figure[]> {
  const of = `/api/sessions/${encodeURIComponent(id)}`
  const questions: readonly (readonly [string, string])[] = [
    ['the list, a word typed', '/api/sessions?limit=100&words=shop'],
    ['the list of one project', '/api/sessions?limit=100&project=home-dev-shop-milo'],
    ['that session’s row', of],
    ['… its turns', `${of}/turns`],
    ['… its course', `${of}/timeline?more=0`],
    ['… its tools', `${of}/tools`],
    ['one day’s story', '/api/day?since=2026-06-01&until=2026-06-02'],
    ['the newest sentences', '/api/sentences?limit=100'],
    ['files, first page', '/api/files?limit=100'],
    ['health', '/api/health'],
  ]
  const figures: Figure[] = []
  for (const [what, address] of questions) {
    const { times: took, cpuMs } = await asked(server, times(10, address))
    figures.push(figure(what, `p50 ${ms(median(took))}; ${ms(cpuMs)} of processor each`))
  }
  return figures
}
