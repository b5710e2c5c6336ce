// Time comes in as a parameter, so that tests can hold it still. `nowMs` is wall time, which people and networks set back and forth;
// `steadyMs` only ever grows: how long something took, and when it is time again. `sleep` may be cut short by a signal.
export interface Clock {
  nowMs(): number
  steadyMs(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done, { once: true })
    }),
}
