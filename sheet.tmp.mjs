import sharp from 'sharp'
import { readdirSync } from 'node:fs'
const [,, out, suffix, width, ...names] = process.argv
const w = Number(width)
const imgs = await Promise.all(names.map(async n => { const b = await sharp(`/tmp/ui/shots/${n}-${suffix}.png`).resize({ width: w }).toBuffer({ resolveWithObject: true }); return b }))
const gap = 12
const H = Math.max(...imgs.map(i => i.info.height))
await sharp({ create: { width: imgs.length * (w + gap), height: H, channels: 3, background: '#c0c' } })
  .composite(imgs.map((i, k) => ({ input: i.data, left: k * (w + gap), top: 0 }))).png().toFile(out)
