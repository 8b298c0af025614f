// Circles: groups of files or folders of which each reaches each other by imports.
import { dirname } from 'node:path'
import type { Import } from './imports.ts'

export interface Circles {
  groups: number
  /** Files or folders that stand in one. */
  members: number
  /** Members of the largest group. */
  largest: string[]
}

/** Circles between the given files. */
export const fileCircles = (files: Set<string>, imports: Import[]): Circles => circles(arrowsWithin(files, imports))

/** Circles between the folders of the given files. */
export const folderCircles = (files: Set<string>, imports: Import[]): Circles =>
  circles(
    arrowsWithin(files, imports)
      .map(([from, to]): Arrow => [dirname(from), dirname(to)])
      .filter(([from, to]) => from !== to),
  )

type Arrow = [from: string, to: string]

const arrowsWithin = (files: Set<string>, imports: Import[]): Arrow[] =>
  imports.filter(({ from, to }) => files.has(from) && files.has(to)).map(({ from, to }): Arrow => [from, to])

function circles(arrows: Arrow[]): Circles {
  const groups = stronglyConnected(arrows)
    .filter((group) => group.length > 1)
    .sort((a, b) => b.length - a.length)
  const members = groups.reduce((sum, group) => sum + group.length, 0)
  return { groups: groups.length, members, largest: [...(groups[0] ?? [])].sort() }
}

/** Kosaraju's algorithm: a walk along the arrows gives an order, a walk against them in that order the groups. */
function stronglyConnected(arrows: Arrow[]): string[][] {
  const forward = neighbours(arrows)
  const backward = neighbours(arrows.map(([from, to]): Arrow => [to, from]))
  const seen = new Set<string>()
  const order = [...new Set(arrows.flat())].flatMap((node) => walk(node, forward, seen))
  const taken = new Set<string>()
  return order.reverse().flatMap((node) => (taken.has(node) ? [] : [walk(node, backward, taken)]))
}

function neighbours(arrows: Arrow[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [from, to] of arrows) found.set(from, [...(found.get(from) ?? []), to])
  return found
}

/** Nodes reached from one and not seen before, each after those it leads to. */
function walk(start: string, next: Map<string, string[]>, seen: Set<string>): string[] {
  if (seen.has(start)) return []
  seen.add(start)
  return [...(next.get(start) ?? []).flatMap((node) => walk(node, next, seen)), start]
}
