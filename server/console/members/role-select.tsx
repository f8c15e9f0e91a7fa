import type { Role } from "../../api/session.ts";
import form from "../elements/form/form.module.css";
import { roles } from "../session/session.ts";
import { texts } from "../texts/texts.ts";

interface Props {
  /** For screen readers: what stands beside it tells it to everybody else. */
  label: string;
  value: Role;
  disabled: boolean;
  onChange: (role: Role) => void;
}

export function RoleSelect({ label, value, disabled, onChange }: Props) {
  return (
    <select
      className={form.select}
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={({ target }) => onChange(roles.find((role) => role === target.value) ?? value)}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {texts.session.roles[role]}
        </option>
      ))}
    </select>
  );
}
