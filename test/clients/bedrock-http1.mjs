// Bedrock's client over HTTP/1.1, by node:http.
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { runBedrock } from './bedrock.mjs'

runBedrock({ requestHandler: new NodeHttpHandler() }, false)
