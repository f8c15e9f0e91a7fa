/** What there is to do; our catalogue of problems begins with "None" where it passes by itself. */
export const toDo = (fix: string | undefined): string | undefined => (fix?.startsWith("None") ? undefined : fix);
