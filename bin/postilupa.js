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
const { enableCompileCache } = await import('node:module')
const { fileURLToPath } = await import('node:url')
// What was compiled at one start need not be compiled at the next; where this folder cannot be written, it simply is.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/postilupa', import.meta.url)))
const { register } = await import('tsx/esm/api')
// JSX is compiled by this project's own settings, wherever the command is called from.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) })
await import('../src/cli.ts')
