// The server that is measured: an app that answers and does nothing else. Tells its CPU time when it is asked by its parent.
const http = require('node:http')

const server = http.createServer((_request, response) => response.end('ok'))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpu: user + system })
})
