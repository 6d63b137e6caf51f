// PostGraphile as its documentation starts it: node postgraphile.mjs PORT, with DATABASE_URL.
import { createServer } from 'node:http'
import { grafserv } from 'postgraphile/grafserv/node'
import { makePgService } from 'postgraphile/adaptors/pg'
import { postgraphile } from 'postgraphile'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['plain'] })],
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false }
})
const server = createServer()
await pgl.createServ(grafserv).addTo(server)
server.listen(Number(process.argv[2]), '127.0.0.1')
