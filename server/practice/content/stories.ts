import type { Story } from 'salesforce-practice-org/content'
import stories from './stories.json' with { type: 'json' }

/** The cases every practice carries, whatever its size. README and tests name them. */
export const STORIES = stories as unknown as readonly Story[]
