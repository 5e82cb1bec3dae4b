// The measured app: what most services load before their first line. Prints one JSON line when it listens, and ends.
const express = require('express')
const pino = require('pino')

const log = pino({ level: 'silent' })
const app = express()
app.get('/', (_request, response) => response.send('ok'))
const server = app.listen(0, '127.0.0.1', () => {
  const figures = { rss: process.memoryUsage.rss(), modules: Object.keys(require.cache).length }
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
})
server.on('error', error => log.error(error))
