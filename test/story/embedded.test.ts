import { reconcileStories } from './reconcile.ts'

reconcileStories('embedded store and queue', async () => ({}))
