// The store's doors to a real browser.
import { askRecords, askSessions } from './api.ts'
import type { Ports } from './store.ts'

const SESSIONS_A_PAGE = 200
const HIDDEN_FRAME_MS = 300

export const browserPorts: Ports = {
  openSocket(on) {
    const { protocol, host } = window.location
    const socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/live`)
    socket.onopen = on.opened
    socket.onmessage = ({ data }) => on.heard(String(data))
    socket.onclose = on.closed
    return {
      send: (text) => socket.send(text),
      close: () => {
        socket.onopen = socket.onmessage = socket.onclose = null
        socket.close()
      },
    }
  },
  loadSessions: (before) => askSessions({ limit: SESSIONS_A_PAGE, before }),
  loadRecords: askRecords,
  // A hidden page gets no frames, and still should not let a stream pile up.
  inFrame: (run) => {
    if (document.hidden) setTimeout(run, HIDDEN_FRAME_MS)
    else requestAnimationFrame(run)
  },
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
