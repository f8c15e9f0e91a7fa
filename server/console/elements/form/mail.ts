/** Whether it may be a mail address; whether anybody reads it, only a mail can tell. */
export const isMail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
