// Reads the body of a Request object, which is only possible while it is sent. The body is known before the answer arrives.
import type { Protocol, RequestFacts } from '../../providers/protocol'
import { type FormReader, formReader } from '../../wire/form'
import { type Fields, JsonReader } from '../../wire/json-reader'
import type { LlmCall } from '../call'
import { fail, type LlmTapOptions } from '../options'
import { MAX_STRING } from '../response'
import { type Watcher, watchStream } from './body'

/** If the sent bytes cannot be observed, the body is read before it is sent. */
export const seesWhatIsSent: boolean = true

export function watchRequest(
  stream: ReadableStream<Uint8Array>,
  call: LlmCall,
  protocol: Protocol,
  head: RequestFacts,
  fields: Fields,
  options: LlmTapOptions,
): void {
  watchStream(stream, requestWatcher(call, protocol, head, readerOf(head, fields), options))
}

function readerOf({ header }: RequestFacts, fields: Fields): JsonReader | FormReader {
  return formReader(header('content-type'), fields, MAX_STRING) ?? new JsonReader(fields, MAX_STRING)
}

function requestWatcher(
  call: LlmCall,
  protocol: Protocol,
  { url, header }: RequestFacts,
  reader: JsonReader | FormReader,
  options: LlmTapOptions,
): Watcher {
  return {
    chunk(bytes) {
      call.tape?.sent(bytes)
      reader.push(bytes)
      if (reader.complete) call.requestRead(reader.value(), protocol.request(reader.value(), url, header))
    },
    done() {},
    failed() {},
    left() {},
    trouble: requestTrouble(options),
  }
}

/** A separate function, so that it doesn't reference the call. */
function requestTrouble(options: LlmTapOptions): Watcher['trouble'] {
  return error => fail(options, error, 'request body')
}
