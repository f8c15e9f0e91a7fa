import type { Role } from "../../api/session.ts";
import form from "../elements/form/form.module.css";
import { texts } from "../texts/texts.ts";

const roles = ["owner", "admin", "viewer"] as const;

interface Props {
  /** For screen readers; absent where a visible label names it by `id`. */
  label?: string;
  id?: string;
  value: Role;
  disabled?: boolean;
  onChange: (role: Role) => void;
}

export function RoleSelect({ label, id, value, disabled, onChange }: Props) {
  return (
    <select
      className={form.select}
      id={id}
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
