// Layer by layer, what each part thinks is true. Nothing is measured here; every part is asked. How bad it is, wire/health.ts says.
import { readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '../base/log.ts'
import type { ConsumerState } from '../consumers/consumer.ts'
import { type HealthLayer, judge } from '../wire/health.ts'
import type { HealthAnswer } from '../wire/rest.ts'
import { pageDir } from './layout.ts'
import type { Pipeline } from './pipeline.ts'
import type { Thread } from './threads/thread.ts'
import { VERSION } from './version.ts'

export interface HealthParts {
  readonly pipeline: Pipeline
  readonly startedMs: number
  readonly broadcast: ConsumerState | null
  readonly hub: { readonly clients: number }
}

export async function healthOf({ pipeline, startedMs, broadcast, hub }: HealthParts): Promise<HealthAnswer> {
  const bus = await askedOr('bus', async () => {
    const state = await pipeline.bus.state()
    const says =
      state.trouble ?? `${state.kind}: ${state.lastSeq} messages taken, ${state.lastSeq - state.firstSeq + 1} kept`
    return { ok: state.trouble === null, says, facts: { ...state } }
  })
  const lags = new Map(
    ((bus.facts.durables as { name: string; lag: number }[] | undefined) ?? []).map(({ name, lag }) => [name, lag]),
  )
  const consumers = pipeline.consumers.map((thread) =>
    consumerLayer(thread.name, thread.state(), lags.get(thread.name), thread),
  )
  const store = await askedOr('store', async () => {
    const facts = await pipeline.reader.facts()
    const aside = facts.setAside.length === 0 ? '' : `; was corrupt and is set aside: ${facts.setAside.join(', ')}`
    const schema = Object.entries(facts.schemas).map(([file, version]) => `${file} ${version}`)
    return {
      ok: true,
      says: `${facts.events} events of ${facts.sessions} sessions${aside}`,
      facts: { ...facts, schema: schema.join(', ') },
    }
  })
  const layers = [
    watcherLayer(pipeline),
    bus,
    ...consumers,
    consumerLayer('broadcast', broadcast, lags.get('broadcast'), null),
    store,
    logLayer(pipeline, store),
    searchLayer(pipeline, store),
    await askedOr('disk', async () => diskLayer(pipeline.layout.dataDir)),
    await pageLayer(),
    { name: 'live', ok: true, says: `${hub.clients} pages are looking`, facts: { ...hub } },
  ]
  const { colour, sentences, layers: judged } = judge(layers)
  return {
    ok: layers.every(({ ok }) => ok),
    version: VERSION,
    uptimeS: Math.round((Date.now() - startedMs) / 1000),
    dataDir: pipeline.layout.dataDir,
    colour,
    sentences,
    layers: layers.map((layer, i) => ({ ...layer, ...judged[i]! })),
  }
}

const eventsOf = (n: number): string => (n === 1 ? '1 event' : `${n} events`)

async function askedOr(name: string, ask: () => Promise<Omit<HealthLayer, 'name'>>): Promise<HealthLayer> {
  try {
    return { name, ...(await ask()) }
  } catch (error) {
    return { name, ok: false, says: reasonOf(error), facts: {} }
  }
}

function watcherLayer(pipeline: Pipeline): HealthLayer {
  const watcher = pipeline.watcher()
  const status = watcher?.status() ?? null
  const trouble = watcher?.trouble() ?? null
  const down = watcher?.isDown() ?? false
  if (status === null) return { name: 'watcher', ok: trouble === null, says: trouble ?? 'is starting', facts: { down } }
  const { damage: _, ...facts } = status
  const done = status.caughtUp ? 'up to date' : `${status.waiting} files to read`
  const says = trouble ?? `${status.files} files watched, ${done}`
  return { name: 'watcher', ok: trouble === null, says, facts: { ...facts, down } }
}

// What its thread says of itself goes before what the consumer last said.
function consumerLayer(
  name: string,
  state: ConsumerState | null,
  lag: number | undefined,
  thread: Pick<Thread<unknown>, 'trouble' | 'gaveUp' | 'starts'> | null,
): HealthLayer {
  const dead = thread?.trouble() ?? null
  const trouble = dead ?? state?.trouble ?? null
  const aside = state !== null && state.dead > 0 ? `${eventsOf(state.dead)} set aside; ` : ''
  const now = state === null ? 'is starting' : lag ? `${lag} messages behind` : 'up to date'
  const restarts = Math.max(0, (thread?.starts() ?? 1) - 1)
  const facts = {
    ...state,
    lag: lag ?? null,
    restarts,
    down: dead !== null,
    gaveUp: (thread?.gaveUp() ?? null) !== null,
  }
  return { name, ok: trouble === null, says: trouble ?? aside + now, facts }
}

function logLayer(pipeline: Pipeline, store: HealthLayer): HealthLayer {
  const { unsynced = 0, unsyncedMs = 0 } = pipeline.persist.state() ?? {}
  const bytes = (store.facts.logBytes as number | undefined) ?? null
  const says = unsynced === 0 ? 'all of it is on the disk' : `${unsynced} files are not on the disk for sure`
  return { name: 'log', ok: true, says, facts: { bytes, unsynced, unsyncedMs } }
}

function searchLayer(pipeline: Pipeline, store: HealthLayer): HealthLayer {
  const { search } = pipeline
  const lag = (store.facts.searchLag as number | undefined) ?? null
  const state = search.state()
  const dead = state?.dead ?? 0
  const trouble = search.trouble() ?? state?.trouble ?? null
  const aside = dead > 0 ? `${eventsOf(dead)} set aside; ` : ''
  const down = search.trouble() !== null
  const facts = { lag, dead, restarts: Math.max(0, search.starts() - 1), down, gaveUp: search.gaveUp() !== null }
  const says = trouble ?? aside + (lag ? `${lag} events to index` : 'up to date')
  return { name: 'search', ok: trouble === null, says, facts }
}

async function diskLayer(dataDir: string): Promise<Omit<HealthLayer, 'name'>> {
  const { bavail, bsize } = await statfs(dataDir)
  const freeBytes = bavail * bsize
  return { ok: true, says: `${Math.round(freeBytes / 1e6)} MB are free`, facts: { freeBytes } }
}

// The build is known by the script that the page begins with: its name changes with what is in it.
async function pageLayer(): Promise<HealthLayer> {
  try {
    const html = await readFile(join(pageDir(), 'index.html'), 'utf8')
    const build = /src="(?:[^"]*\/)?([^"/]+\.js)"/.exec(html)?.[1] ?? null
    return { name: 'page', ok: true, says: 'built', facts: { built: true, build } }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { name: 'page', ok: true, says: 'is not built', facts: { built: false } }
  }
}
