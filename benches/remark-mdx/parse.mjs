// Parses every .mdx and .md page below the given folders with remark-mdx and prints the CPU time that took.
//
//     node parse.mjs FOLDER…
//
// It is the yardstick for the speed of fieldproof's own reader: the same pages, parsing only, no interpretation.
// Pages that the strict parser rejects are skipped and counted; the time spent on them is not.
// Reading the files and starting Node are not timed. README.md beside this file says how to compare.

import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import process from 'node:process'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkMdx from 'remark-mdx'
import remarkParse from 'remark-parse'
import {unified} from 'unified'

const folders = process.argv.slice(2)

if (folders.length === 0) {
  console.error('usage: node parse.mjs FOLDER…')
  process.exit(2)
}

const parser = unified()
  .use(remarkParse)
  .use(remarkFrontmatter, ['yaml'])
  .use(remarkGfm)
  .use(remarkMdx)
  .freeze()

const pages = folders.flatMap((folder) => read(folder))
const accepted = pages.filter((page) => parses(page)) // Also warms the parser up.
const bytes = accepted.reduce((sum, page) => sum + Buffer.byteLength(page), 0)

const start = process.cpuUsage()
for (const page of accepted) parser.parse(page)
const {user, system} = process.cpuUsage(start)

const seconds = (user + system) / 1e6
const megabytes = bytes / 1e6

console.log(`pages                ${accepted.length}`)
console.log(`rejected             ${pages.length - accepted.length}`)
console.log(`bytes                ${bytes}`)
console.log(`CPU seconds          ${seconds.toFixed(3)}`)
console.log(`MB per CPU second    ${(seconds > 0 ? megabytes / seconds : 0).toFixed(3)}`)

function read(folder) {
  return readdirSync(folder, {withFileTypes: true})
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : read(path)
      }
      return /\.mdx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
    })
}

function parses(page) {
  try {
    parser.parse(page)
    return true
  } catch {
    return false
  }
}
