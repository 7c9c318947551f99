import { readFileSync } from 'node:fs'

/**
 * Loaded into the server before anything else (`node --import`): its wall clock can be set, as an administrator, a time server
 * or a machine that was asleep does it. SIGUSR2 takes up the milliseconds that CLOCK_FILE says; the monotonic clock goes on.
 */
const right = Date.now
let off = 0

Date.now = () => right() + off
process.on('SIGUSR2', () => {
  off = Number(readFileSync(process.env['CLOCK_FILE'] ?? '', 'utf8'))
})
