import { m } from '../messages';
import { EnginesTab } from '../components/Engines';
import { Tabs } from '../components/Go';
import { Page } from '../components/Page';
import { KeysTab } from '../components/Keys';
import { PeopleTab } from '../components/People';
import { PoliciesTab } from '../components/Policies';
import { useFilters } from '../lib/filters';
import { useMay } from '../lib/session';

export function SettingsPage() {
  const [filters] = useFilters();
  const admin = useMay('admin');
  // People and keys are the administrator's; everybody may read which policies are in force.
  const tabs: [string, string][] = admin ? [['people', m.settings.people], ['keys', m.settings.keys], ['policies', m.settings.policies], ['engines', m.engines.title]] : [['policies', m.settings.policies], ['engines', m.engines.title]];
  const tab = tabs.find(([name]) => name === filters.tab)?.[0] ?? tabs[0]?.[0] ?? 'policies';
  return (
    <Page title={m.settings.title} question={m.settings.question}>
      <Tabs label={m.settings.title} base="/settings" current={tab} tabs={tabs} />
      {tab === 'people' && <PeopleTab />}
      {tab === 'keys' && <KeysTab />}
      {tab === 'policies' && <PoliciesTab />}
      {tab === 'engines' && <EnginesTab />}
    </Page>
  );
}
