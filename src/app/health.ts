// Layer by layer, what each part thinks is true. Nothing is measured here; every part is asked.
import { reasonOf } from '../base/log.ts'
import type { ConsumerState } from '../consumers/consumer.ts'
import type { HealthAnswer } from '../wire/rest.ts'
import type { Pipeline } from './pipeline.ts'
import { VERSION } from './version.ts'

export interface HealthParts {
  readonly pipeline: Pipeline
  readonly startedMs: number
  readonly broadcast: ConsumerState | null
  readonly hub: { readonly clients: number }
}

type Layer = HealthAnswer['layers'][number]

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
    consumerLayer(thread.name, thread.trouble(), thread.state(), lags.get(thread.name)),
  )
  const store = await askedOr('store', async () => {
    const facts = await pipeline.reader.facts()
    return { ok: true, says: `${facts.events} events of ${facts.sessions} sessions`, facts: { ...facts } }
  })
  const layers = [
    watcherLayer(pipeline),
    bus,
    ...consumers,
    consumerLayer('broadcast', null, broadcast, lags.get('broadcast')),
    store,
    searchLayer(pipeline, store),
    { name: 'live', ok: true, says: `${hub.clients} pages are looking`, facts: { ...hub } },
  ]
  return {
    ok: layers.every(({ ok }) => ok),
    version: VERSION,
    uptimeS: Math.round((Date.now() - startedMs) / 1000),
    dataDir: pipeline.layout.dataDir,
    layers,
  }
}

async function askedOr(name: string, ask: () => Promise<Omit<Layer, 'name'>>): Promise<Layer> {
  try {
    return { name, ...(await ask()) }
  } catch (error) {
    return { name, ok: false, says: reasonOf(error), facts: {} }
  }
}

function watcherLayer(pipeline: Pipeline): Layer {
  const watcher = pipeline.watcher()
  const status = watcher?.status() ?? null
  const trouble = watcher?.trouble() ?? null
  if (status === null) return { name: 'watcher', ok: trouble === null, says: trouble ?? 'is starting', facts: {} }
  const { damage: _, ...facts } = status
  const done = status.caughtUp ? 'up to date' : `${status.waiting} files to read`
  return { name: 'watcher', ok: trouble === null, says: trouble ?? `${status.files} files watched, ${done}`, facts }
}

function consumerLayer(name: string, dead: string | null, state: ConsumerState | null, lag: number | undefined): Layer {
  const trouble = dead ?? state?.trouble ?? null
  const says = trouble ?? (state === null ? 'is starting' : lag ? `${lag} messages behind` : 'up to date')
  return { name, ok: trouble === null, says, facts: { ...state, lag: lag ?? null } }
}

function searchLayer(pipeline: Pipeline, store: Layer): Layer {
  const trouble = pipeline.search.trouble() ?? pipeline.search.state()?.trouble ?? null
  const lag = (store.facts.searchLag as number | undefined) ?? null
  return {
    name: 'search',
    ok: trouble === null,
    says: trouble ?? (lag ? `${lag} events to index` : 'up to date'),
    facts: { lag },
  }
}
