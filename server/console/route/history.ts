import { createBrowserHistory } from "@tanstack/react-router";

/** The browser's own history, for the router and for whoever leads somewhere. */
export const history = createBrowserHistory();

let moved = false;
history.subscribe(() => {
  moved = true;
});

/** Whether the page that is shown was reached by a step inside the console: then its heading takes the focus. */
export const hasMoved = (): boolean => moved;

/** To another page of the console, by its path with query. */
export const go = (to: string): void => history.push(to);
