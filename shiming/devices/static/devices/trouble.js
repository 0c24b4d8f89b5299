// Errors of the reader in words for the clerk; the browser's own messages are never shown.
export class Trouble extends Error {}

export const inWords = (error) =>
  error instanceof Trouble ? error.message : "没有读成，请检查阅读器后再试；号码也可以手填。";
