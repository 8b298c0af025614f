// Settings that say how far the org's changes were read. All but the first only rise while their stream lasts.

/** The time since which an object is watched: older records start nothing, unless a mission was activated before. */
export const watchedSinceKey = (object: string): string => `watched-since:${object}`
/** The last replay id of a topic; empty after the org refused it. */
export const positionKey = (topic: string): string => `replay:${topic}`
/** Time of the latest processed change of an object, where a catch-up begins. */
export const watermarkKey = (object: string): string => `watermark:${object}`
