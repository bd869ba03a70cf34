import { useQuery } from '@tanstack/react-query';
import { kindsQuery } from '../api/queries';
import type { FieldError, JsonObject, Schema } from '../lib/schema';
import { m } from '../messages';
import { SchemaForm } from './SchemaForm';
import { ErrorState, Skeleton } from './States';

interface Props { kind: string; value: JsonObject; errors: FieldError[]; onChange: (value: JsonObject) => void }

/** The parameters of an obligation as a form made from the schema of its kind; an error of no field stands below. */
export function ParamsForm({ kind, value, errors, onChange }: Props) {
  const kinds = useQuery(kindsQuery);
  if (kinds.isPending) return <Skeleton rows={3} />;
  if (kinds.isError) return <ErrorState error={kinds.error} retry={() => void kinds.refetch()} />;
  const schema = kinds.data.items?.find((k) => k.kind === kind)?.schema as Schema | undefined;
  if (!schema) return <p className="dim" style={{ margin: 0 }}>{m.answer.noForm}</p>;
  return (
    <fieldset className="form-group"><legend>{m.workbench.params}</legend>
      <SchemaForm schema={schema} value={value} errors={errors} hints={[]} onChange={onChange} />
      {errors.filter((e) => e.field === '').map((e, i) => <p key={i} className="small ink-bad" role="alert">{e.message}</p>)}
    </fieldset>
  );
}
