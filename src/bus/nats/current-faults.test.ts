// A full stream, a wire that is cut, another server than before: over the nats-server of today.
import { natsBinaries } from '../../testing/nats-server.ts'
import { natsFaults } from './faults.contract.ts'

natsFaults(natsBinaries().current)
