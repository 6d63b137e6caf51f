// Mercurius with graphql-jit and loaders written by hand: node mercurius.mjs PORT, with DATABASE_URL.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows

const QUESTION = 'id, status, asked_at AS "askedAt", body'
const ANSWER = `id, question, lawyer AS "lawyerId", delivered_at AS "deliveredAt", counts, conclusion, text,
  next_steps AS "nextSteps", summary`
const LAWYER = 'id, name, title, introduction, languages, firm AS "firmId"'

const schema = `
  scalar Time
  type Firm { id: ID! name: String! province: String! }
  type Lawyer { id: ID! name: String! title: String! introduction: String! languages: [String!]! firm: Firm! }
  type Answer { id: ID! deliveredAt: Time! counts: Boolean! conclusion: String! text: String! nextSteps: [String!]!
    summary: String! lawyer: Lawyer! }
  type Question { id: ID! status: String! askedAt: Time! body: String! answers: [Answer!]! }
  type Point { key: String! count: Int! longitude: Float! latitude: Float! }
  type Told { number: Int! sent: Float! questions: Int! open: Int! breaches: Int! came: Int! within: Int! }
  type Query {
    questions(asker: ID!, first: Int!): [Question!]!
    question(id: ID!): Question
    lawyers(first: Int!): [Lawyer!]!
    mapPoints(west: Float!, south: Float!, east: Float!, north: Float!, side: Int!): [Point!]!
  }
  type Mutation {
    ask(id: ID!, asker: ID!, category: String!, division: String!, body: String!): Question!
    answer(id: ID!, question: ID!, lawyer: ID!, conclusion: String!, text: String!, nextSteps: [String!]!,
      summary: String!): Answer!
  }
  type Subscription { told(topic: ID!): Told! }
`

const first = async (...query) => (await rows(...query))[0]
const resolvers = {
  Query: {
    questions: (_, { asker, first }) => rows('inbox',
      `SELECT ${QUESTION} FROM plain.question WHERE asker = $1 ORDER BY asked_at DESC, id DESC LIMIT $2`, [asker, first]),
    question: (_, { id }) => first('question', `SELECT ${QUESTION} FROM plain.question WHERE id = $1`, [id]),
    lawyers: (_, { first }) => rows('lawyers', `SELECT ${LAWYER} FROM plain.lawyer ORDER BY name, id LIMIT $1`, [first]),
    mapPoints: (_, { west, south, east, north, side }) => rows('map',
      'SELECT key, count, longitude, latitude FROM plain.map_points($1, $2, $3, $4, $5)', [west, south, east, north, side])
  },
  Mutation: {
    ask: (_, { id, asker, category, division, body }) => first('ask',
      `INSERT INTO plain.question (id, asker, category, division, status, asked_at, body)
       VALUES ($1, $2, $3, $4, 'OPEN', now(), $5) RETURNING ${QUESTION}`, [id, asker, category, division, body]),
    answer: (_, { id, question, lawyer, conclusion, text, nextSteps, summary }) => first('answer',
      `INSERT INTO plain.answer (id, question, lawyer, delivered_at, counts, conclusion, text, next_steps, summary)
       VALUES ($1, $2, $3, now(), true, $4, $5, $6, $7) RETURNING ${ANSWER}`,
      [id, question, lawyer, conclusion, text, nextSteps, summary])
  },
  Subscription: { told: { subscribe: (_, { topic }, { pubsub }) => pubsub.subscribe(topic) } }
}

// A batch of keys in, the same number of values out, in one statement.
const grouped = (found, key, ids) => {
  const of = new Map(ids.map((id) => [id, []]))
  for (const row of found) of.get(row[key]).push(row)
  return ids.map((id) => of.get(id))
}
const byId = async (name, table, columns, ids) => {
  const found = await rows(name, `SELECT ${columns} FROM plain.${table} WHERE id = ANY($1::uuid[])`, [[...new Set(ids)]])
  const of = new Map(found.map((row) => [row.id, row]))
  return ids.map((id) => of.get(id))
}
const loaders = {
  Question: {
    answers: {
      loader: async (queries) => {
        const ids = queries.map(({ obj }) => obj.id)
        const found = await rows('answers', `SELECT ${ANSWER} FROM plain.answer WHERE question = ANY($1::uuid[])
          ORDER BY question, delivered_at, id`, [ids])
        return grouped(found, 'question', ids)
      },
      opts: { cache: false }
    }
  },
  Answer: {
    lawyer: {
      loader: (queries) => byId('lawyer', 'lawyer', LAWYER, queries.map(({ obj }) => obj.lawyerId)),
      opts: { cache: false }
    }
  },
  Lawyer: {
    firm: {
      loader: (queries) => byId('firm', 'firm', 'id, name, province', queries.map(({ obj }) => obj.firmId)),
      opts: { cache: false }
    }
  }
}

const app = Fastify({ logger: false })
app.register(mercurius, { schema, resolvers, loaders, jit: 1, subscription: true, graphiql: false })
// What is told is published by who measures: the number of the event and when it was sent are in it.
app.post('/tell', async (request) => {
  const { topics, told } = request.body
  for (const topic of topics) app.graphql.pubsub.publish({ topic, payload: { told } })
  return {}
})
app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
