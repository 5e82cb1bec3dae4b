// A client of a server that nobody runs.
import { MongoClient } from 'mongodb'

const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 300 })
const show = error => console.log(error.name, error.code, error.message, error.cause?.constructor.name)
await client.connect().catch(show)
await client.db('d').collection('c').findOne({ a: 1 }).catch(show)
await client.db('d').collection('c').insertOne({ a: 1 }).catch(show)
await client.close()
try {
  new MongoClient('nonsense')
} catch (error) {
  show(error)
}
