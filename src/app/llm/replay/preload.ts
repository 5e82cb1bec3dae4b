// Starts the redirection in the process of a replayed app, and in each process that it starts.
import { type ReplayAddress, redirect } from './redirect'

redirect(JSON.parse(process.env.AFN_REPLAY ?? '') as ReplayAddress)
