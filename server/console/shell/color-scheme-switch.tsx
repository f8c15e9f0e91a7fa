import { type MantineColorScheme, SegmentedControl, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { Icon, type IconName } from "../elements/icons.tsx";
import { texts } from "../texts/texts.ts";

const icons: Record<MantineColorScheme, IconName> = { auto: "screen", light: "sun", dark: "moon" };
const schemes = ["auto", "light", "dark"] as const;

export function ColorSchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label={texts.colorScheme.label}
      size="xs"
      radius="xl"
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
      data={schemes.map((scheme) => ({
        value: scheme,
        label: (
          <span title={texts.colorScheme[scheme]} style={{ display: "block", padding: "3px 2px" }}>
            <Icon name={icons[scheme]} />
            <VisuallyHidden>{texts.colorScheme[scheme]}</VisuallyHidden>
          </span>
        ),
      }))}
    />
  );
}
