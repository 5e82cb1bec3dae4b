// The scenarios of `axios` with the package `form-data`, and of the built-in fetch with bodies that are read once: apps that talk to
// a provider by themselves.
import { request } from 'node:http'
import { Readable } from 'node:stream'
import axios from 'axios'
import FormDataOf from 'form-data'
import { all, run } from './harness.mjs'

const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Grüße, 世界' }] }
const streamed = { ...ask, stream: true, stream_options: { include_usage: true } }
const chat = base => `${base}/v1/chat/completions`
const transcriptions = base => `${base('transcription')}/v1/audio/transcriptions`

/** By events, as clients read a stream. */
async function* events(body) {
  let text = ''
  for await (const chunk of body) {
    const parts = (text + chunk.toString('latin1')).split('\n\n')
    text = parts.pop()
    yield* parts
  }
}

/** Its errors carry sockets and times, which differ from run to run. */
async function posted(...args) {
  try {
    return await axios.post(...args)
  } catch ({ name, code, message, response }) {
    throw Object.assign(new Error(message), { name, code, status: response?.status })
  }
}

function form() {
  const form = new FormDataOf()
  form.append('file', Buffer.alloc(200_000, 'sound'), 'a.wav')
  form.append('model', 'gpt-4o-transcribe')
  return form
}

function webForm() {
  const form = new FormData()
  form.set('model', 'gpt-4o-transcribe')
  form.set('file', new Blob([Buffer.alloc(200_000, 'sound')]), 'a.wav')
  return form
}

run({
  answers: ['chat-plain', 'chat-stream-usage', 'chat-error-503'],
  ask: async (base, signal) => (await posted(chat(base), ask, { signal })).data,
  stream: async (base, signal) => events((await posted(chat(base), streamed, { signal, responseType: 'stream' })).data),
  more: {
    'a form of form-data': async base => (await axios.post(transcriptions(base), form())).data,
    'a form of the engine': async base => (await axios.post(transcriptions(base), webForm())).data,
    'a form of an object': async base => {
      const file = new Blob([Buffer.alloc(200_000, 'sound')])
      return (await axios.postForm(transcriptions(base), { file, model: 'gpt-4o-transcribe' })).data
    },
    'a form that is piped': base => {
      const sent = form()
      return new Promise((resolve, reject) => {
        const options = { method: 'POST', headers: sent.getHeaders() }
        const going = request(transcriptions(base), options, answer =>
          all(answer).then(Buffer.concat).then(String).then(resolve),
        )
        going.on('error', reject)
        sent.pipe(going)
      })
    },
    'fetch of a form': async base => (await fetch(transcriptions(base), { method: 'POST', body: webForm() })).json(),
    'fetch of a form that is a stream': async base => {
      const sent = form()
      const body = Readable.toWeb(Readable.from(sent.getBuffer()))
      const options = { method: 'POST', headers: sent.getHeaders(), body, duplex: 'half' }
      return (await fetch(transcriptions(base), options)).json()
    },
    'fetch of a Request with a form': async base =>
      (await fetch(new Request(transcriptions(base), { method: 'POST', body: webForm() }))).json(),
    'fetch of JSON that is a stream': async base => {
      const headers = { 'content-type': 'application/json' }
      const body = Readable.toWeb(Readable.from([Buffer.from(JSON.stringify(ask))]))
      return (await fetch(chat(base('chat-plain')), { method: 'POST', headers, body, duplex: 'half' })).json()
    },
    'fetch of JSON that is a Blob': async base => {
      const headers = { 'content-type': 'application/json' }
      const body = new Blob([JSON.stringify(ask)])
      return (await fetch(chat(base('chat-plain')), { method: 'POST', headers, body })).json()
    },
  },
})
