/** Runs a task one at a time: calls while it runs make one more run after it, however many they were. */
export function coalesced(task: () => Promise<void>): () => Promise<void> {
  let isRunning = false
  let isAskedAgain = false
  return async () => {
    isAskedAgain = true
    if (isRunning) return
    isRunning = true
    try {
      while (isAskedAgain) {
        isAskedAgain = false
        await task()
      }
    } finally {
      isRunning = false
    }
  }
}
