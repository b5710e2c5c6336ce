// Entry of the page: makes the live store and the cache of answers, and draws.
// The common look comes first, so that views can differ from it.
import './ui/base.css'
import './ui/parts.css'
import './ui/record.css'
import './ui/prose.css'
import './ui/tool.css'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App, fetchView } from './app.tsx'
import { StoreContext } from './state/hooks.ts'
import { browserPorts } from './state/ports.ts'
import { parseRoute } from './state/route.ts'
import { LiveStore } from './state/store.ts'
import { fetchTheRest } from './ui/later.tsx'
import { startReading } from './ui/read-markdown.ts'

const store = new LiveStore(browserPorts)
store.start()
startReading()
// Who cannot have it now is told when the view is drawn.
fetchView(parseRoute(window.location.pathname, window.location.search)).catch((error) =>
  console.warn('openstory: the script of this view', error),
)
window.addEventListener('online', () => store.wake())
document.addEventListener('visibilitychange', () => !document.hidden && store.wake())

// The server is this machine: what fails once is worth one more try and no more, and coming back to the page asks nothing anew.
const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, networkMode: 'always' } },
})

const page = document.getElementById('page')
if (page === null) throw new Error('index.html has no place for the page')
createRoot(page).render(
  <StrictMode>
    <StoreContext value={store}>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StoreContext>
  </StrictMode>,
)
fetchTheRest()
