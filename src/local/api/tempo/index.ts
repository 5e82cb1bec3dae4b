// Tempo's HTTP API, https://grafana.com/docs/tempo/latest/api_docs/, as Tempo 3 answers it. Called by app.ts.
import { type Context, Hono } from 'hono'
import { version } from '../../../version'
import type { Parts } from '../parts'
import { traceDocument } from './document'
import { searchAnswer } from './search'
import { searchRequest } from './search-request'
import { answerV1, answerV2, traceIdIn } from './trace'

export function tempoRoutes(parts: Parts): Hono {
  const { store } = parts
  const app = new Hono()
  app.get('/ready', ({ text }) => text('ready\n'))
  app.get('/api/echo', ({ text }) => text('echo\n'))
  // Grafana looks here whether it may stream, the doctor who answers.
  const build = { version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '', product: 'afn-otel' }
  for (const path of ['/api/status/buildinfo', '/status/buildinfo']) app.get(path, ({ json }) => json(build))
  app.get('/status/version', ({ text }) => text(`afn-otel, version ${version}\n`))

  const traceOf = (context: Context) => traceDocument(store, traceIdIn(context.req.param('id') ?? ''))
  app.get('/api/traces/:id', async context => answerV1(context.req.header('accept'), await traceOf(context)))
  app.get('/api/v2/traces/:id', async context => answerV2(context.req.header('accept'), await traceOf(context), false))

  app.get('/api/search', async c =>
    c.json(
      await searchAnswer(
        parts,
        searchRequest(name => c.req.query(name)),
      ),
    ),
  )
  return app
}
