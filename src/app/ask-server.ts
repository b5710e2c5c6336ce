// A question to the server that runs on this data folder, if one does. Null where none runs or it does not know.
import { layoutOf } from './layout.ts'
import { readRunning } from './pipeline.ts'

export async function askServer<T>(dataDir: string, path: string): Promise<T | null> {
  const { url, token } = readRunning(layoutOf(dataDir)) ?? {}
  if (url === undefined) return null
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  try {
    const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(2_000) })
    return response.ok ? ((await response.json()) as T) : null
  } catch {
    return null // it was running when it said so and does not answer: the store on disk is asked instead
  }
}
