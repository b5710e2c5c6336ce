// The bus over NATS on a current nats-server.
import { natsBinaries } from '../../testing/nats-server.ts'
import { natsContract } from './nats.contract.ts'

natsContract(natsBinaries().current)
