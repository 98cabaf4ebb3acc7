/** The response envelope of a success. */
export interface Answer<T> {
  readonly success: true;
  readonly data: T;
}

export interface ListAnswer<T> extends Answer<readonly T[]> {
  readonly total: number;
}

export function answer<T>(data: T): Answer<T> {
  return { success: true, data };
}

export function answerList<T>(data: readonly T[]): ListAnswer<T> {
  return { success: true, data, total: data.length };
}
