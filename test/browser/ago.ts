/** An instant so many seconds before now, as the API tells it. */
export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
export const minute = 60;
export const hour = 3600;
export const day = 86_400;
