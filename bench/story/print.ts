import { eventsOfFile, filesUnder, sourceOf } from './transcripts.ts'
import { turnsOf } from '../../src/folds/turn/lanes.ts'
const [root, file] = process.argv.slice(2)
const events = eventsOfFile(sourceOf('claude-code'), root!, file!)!.filter((e) => e.agentId === null)
for (const t of turnsOf(events)) console.log(JSON.stringify({ ...t, request: undefined }, null, 0).slice(0, 3000), '\n')
