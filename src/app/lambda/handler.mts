// What Lambda's runtime client loads in the place of the function's handler. Built to `dist/lambda.mjs`: chunks can't import.
import { slot } from '../runtime'

const { lambda } = slot()
if (!lambda) throw new Error('@afn/otel is no handler of its own: load it by NODE_OPTIONS=--require @afn/otel')

export const handler = await lambda(file => import(file))
