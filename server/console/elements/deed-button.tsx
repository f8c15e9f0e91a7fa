import { Button, type ButtonProps } from "@mantine/core";

interface Props extends Pick<ButtonProps, "variant"> {
  children: string;
  /** What a screen reader says instead, where the words alone do not tell enough. */
  label?: string;
  /** What it says while the deed is under way. It keeps the focus, and takes no second press. */
  busy: string;
  doing: boolean;
  onDo: () => void;
}

export function DeedButton({ children, label, busy, doing, onDo, variant = "default" }: Props) {
  return (
    <Button
      size="compact-sm"
      variant={variant}
      aria-label={doing ? undefined : label}
      aria-disabled={doing || undefined}
      onClick={() => doing || onDo()}
    >
      {doing ? busy : children}
    </Button>
  );
}
