// Begins the redirection in a process of an app that is replayed, and in each that it starts.
import { type ReplayAddress, redirect } from './redirect'

redirect(JSON.parse(process.env.AFN_REPLAY ?? '') as ReplayAddress)
