// Clients of databases that nobody answers: errors as they are, and in their time.
import mysql from 'mysql2'
import promised from 'mysql2/promise'
import pg from 'pg'

const show = (name, error) =>
  console.log(name, error?.name, error?.code, error?.message, error?.errno, error instanceof Error)
const address = { host: '127.0.0.1', port: 1 }
const client = new pg.Client({ ...address, user: 'u', database: 'd' })
console.log(client.connect.name, client.connect.length, client.query.name, pg.Pool.name)
await client.connect().catch(error => show('pg', error))
await new Promise(resolve => new pg.Client(address).connect(error => resolve(show('pg callback', error))))
const pool = new pg.Pool(address)
pool.on('error', error => show('pool event', error))
await pool.query('select 1').catch(error => show('pool', error))
await new Promise(resolve => pool.query('select $1', [1], error => resolve(show('pool callback', error))))
await pool.connect().catch(error => show('pool connect', error))
console.log(pool.totalCount, pool.idleCount)
await pool.end()
await pool.query('select 1').catch(error => show('ended', error))
try {
  client.query()
} catch (error) {
  show('no query', error)
}
const connection = mysql.createConnection(address)
await new Promise(resolve => {
  connection.on('error', error => resolve(show('mysql event', error)))
  connection.connect(error => resolve(show('mysql', error)))
})
const waiting = mysql.createConnection(address)
await new Promise(resolve => waiting.query('select 1', error => resolve(show('mysql query', error))))
await promised.createConnection(address).catch(error => show('mysql promise', error))
const many = promised.createPool({ ...address, connectionLimit: 2 })
await many.query('select ?', [1]).catch(error => show('mysql pool', error))
await many.execute('select 1').catch(error => show('mysql execute', error))
await many.end()
