#!/usr/bin/env node
// Starts the command line. The runtime is checked before anything that could crash an old one is loaded.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `Postilupa needs Node 22.12 or newer; this is ${process.version}. ` +
      'Start it with "npm start" or "npx postilupa", which use the Node that "npm ci" brings.',
  )
  process.exit(78)
}
const { register } = await import('tsx/esm/api')
register()
await import('../src/cli.ts')
