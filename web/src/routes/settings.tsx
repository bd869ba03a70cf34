import { m } from '../messages';
import { EnginesTab } from '../components/Engines';
import { Tabs } from '../components/Go';
import { Page } from '../components/Page';
import { KeysTab } from '../components/Keys';
import { PeopleTab } from '../components/People';
import { PoliciesTab } from '../components/Policies';
import { useFilters } from '../lib/filters';

export function SettingsPage() {
  const [filters] = useFilters();
  const tab = filters.tab === 'keys' || filters.tab === 'policies' || filters.tab === 'engines' ? filters.tab : 'people';
  return (
    <Page title={m.settings.title} question={m.settings.question}>
      <Tabs label={m.settings.title} base="/settings" current={tab} tabs={[['people', m.settings.people], ['keys', m.settings.keys], ['policies', m.settings.policies], ['engines', m.engines.title]]} />
      {tab === 'people' && <PeopleTab />}
      {tab === 'keys' && <KeysTab />}
      {tab === 'policies' && <PoliciesTab />}
      {tab === 'engines' && <EnginesTab />}
    </Page>
  );
}
