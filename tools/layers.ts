// Who may import whom: the whole architecture in one table. Data flows down the table; imports point up it.
export const LAYERS: Record<string, readonly string[]> = {
  base: [],
  event: ['base'],
  folds: ['base', 'event'],
  wire: ['event', 'folds'],
  sources: ['base', 'event'],
  bus: ['base', 'event'],
  stores: ['base', 'event', 'folds'],
  watcher: ['base', 'event', 'sources', 'bus'],
  consumers: ['base', 'event', 'folds', 'wire', 'bus', 'stores'],
  // wire is above it: what insights answers is what goes over the wire, said once.
  insights: ['base', 'event', 'folds', 'wire', 'stores'],
  team: ['base', 'event', 'folds', 'bus', 'stores', 'consumers', 'insights'],
  api: ['base', 'event', 'folds', 'wire', 'stores', 'insights', 'team'],
  web: ['base', 'event', 'folds', 'wire'],
  app: [
    'base',
    'event',
    'folds',
    'wire',
    'sources',
    'bus',
    'stores',
    'watcher',
    'consumers',
    'insights',
    'team',
    'api',
  ],
  cli: ['base', 'event', 'folds', 'wire', 'app'],
}

// Folders whose children must not know each other; DOORS are the common ground among them.
export const ROOMS = ['sources', 'bus', 'stores', 'consumers', 'web']
export const DOORS = ['web/ui', 'web/state', 'sources/pi-shape']

// Rooms whose children only app/compose.ts names; everyone else asks for the interface in the doorway.
export const WIRED_IN_APP = ['sources', 'bus', 'stores', 'consumers']

// Compiled for Node and for the browser.
export const EVERYWHERE = ['base', 'event', 'folds', 'wire', 'web']

// An npm package has one home; one that more than one folder needs wants an interface of our own in front of it.
export const OWNED: Record<string, readonly string[]> = {
  'node:sqlite': ['stores/sqlite', 'watcher/table'],
  mongodb: ['stores/mongo'],
  '@nats-io': ['bus/nats', 'team'],
  hono: ['api'],
  '@hono': ['api'],
  ws: ['api'],
  typebox: ['api'],
  commander: ['cli'],
  'smol-toml': ['app'],
  '@pydantic/genai-prices': ['insights/cost'],
  pino: ['app'],
  unbash: ['folds/shell'],
  react: ['web'],
  'react-dom': ['web'],
  virtua: ['web'],
  'markdown-it': ['web'],
  '@tanstack': ['web'],
  'highlight.js': ['web'],
}

// A file over 400 lines is named here with its reason, or it does not pass.
export const LONG_FILES: Record<string, string> = {}

// Where a process, a thread or a page begins: started by path, imported by nobody.
export const ENTRANCES = [
  'src/cli/main.ts',
  'src/web/main.tsx',
  'src/web/ui/highlight-worker.ts',
  'src/web/ui/markdown-worker.ts',
  'src/app/watcher-process.ts',
  'src/app/threads/persist.ts',
  'src/app/threads/patterns.ts',
  'src/app/threads/projections.ts',
  'src/app/threads/search.ts',
]

// No agent is named outside its own folder: a new one is a folder and a line.
export const AGENT_NAMES = /\b(claude|openclaw|hermes|codex|gemini)\b|claude-code/i
