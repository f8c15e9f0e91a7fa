import { Button, createTheme } from "@mantine/core";

const system = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 5 },
  colors: {
    // Mantine's greys of the dark scheme, turned to the blue of ours.
    dark: [
      "#d5dee4",
      "#b7c4cd",
      "#90a1ad",
      "#5f7180",
      "#3a4954",
      "#2d3a44",
      "#212c34",
      "#1b252d",
      "#131a20",
      "#0f151a",
    ],
    petrol: [
      "#e8f6f5",
      "#d3ebea",
      "#a6d6d5",
      "#76c1bf",
      "#4fb0ae",
      "#36a19f",
      "#218785",
      "#0d6a6c",
      "#0a5658",
      "#054344",
    ],
  },
  fontFamily: system,
  headings: { fontFamily: system },
  defaultRadius: "md",
  respectReducedMotion: true,
  // Said outright, so that it stands in the page for our style of it (page.css).
  components: { Button: Button.extend({ defaultProps: { variant: "filled" } }) },
});
