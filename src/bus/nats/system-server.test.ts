// The bus over NATS on the nats-server of the system: on Debian 12 an old one (2.9), which has one filter for a consumer and no more.
import { natsBinaries } from '../../testing/nats-server.ts'
import { natsContract } from './nats.contract.ts'

natsContract(natsBinaries().system)
