// The one place that chooses the bus. `holder`: this process holds the data folder and, with it, an embedded stream.
import type { Log } from '../base/log.ts'
import type { Bus } from '../bus/bus.ts'
import type { Layout } from './layout.ts'

export async function openBus(setting: string, layout: Layout, role: 'holder' | 'guest', log: Log): Promise<Bus> {
  if (setting !== 'embedded') {
    const { openNats } = await import('../bus/nats/nats.ts')
    return openNats({ url: setting, log })
  }
  if (role === 'holder') return (await import('../bus/embedded/embedded.ts')).openEmbeddedBus(layout.bus, { log })
  return (await import('../bus/embedded/client.ts')).connectEmbeddedBus(layout.bus)
}
