package salesforce

import (
	"slices"
	"strings"
)

// field is one column.
type field struct {
	name, label, kind string
	length            int
	precision, scale  int
	values            []string // of a picklist
	restricted        bool     // the picklist takes no other value
	required          bool
	unique, external  bool
	html              bool
	readOnly          bool
	refs              []string // objects a reference may point to
	relation          string   // the name under which the referred row is reached
	fallback          any      // value of a new row that does not state one
}

type object struct {
	name, label, prefix string
	fields              []field
}

func (o object) field(name string) (field, bool) {
	i := slices.IndexFunc(o.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
	if i < 0 {
		return field{}, false
	}
	return o.fields[i], true
}

// relation finds the reference field behind a relationship name.
func (o object) relation(name string) (field, bool) {
	i := slices.IndexFunc(o.fields, func(f field) bool { return f.relation != "" && strings.EqualFold(f.relation, name) })
	if i < 0 {
		return field{}, false
	}
	return o.fields[i], true
}

func (f field) filterable() bool {
	return f.kind != "base64" && !(f.kind == "textarea" && f.length > 255)
}

func text(name string, length int) field { return field{name: name, kind: "string", length: length} }

func long(name string, length int) field { return field{name: name, kind: "textarea", length: length} }
func of(kind, name string) field         { return field{name: name, kind: kind} }
func money(name string) field            { return field{name: name, kind: "currency", precision: 18, scale: 2} }

func flag(name string) field  { return field{name: name, kind: "boolean", fallback: false} }
func whole(name string) field { return field{name: name, kind: "double", precision: 18} }

func choice(name string, restricted bool, values ...string) field {
	return field{name: name, kind: "picklist", length: 255, values: values, restricted: restricted}
}

func ref(name, relation string, to ...string) field {
	return field{name: name, kind: "reference", length: 18, relation: relation, refs: to}
}

func must(f field) field { f.required = true; return f }

func key() field {
	return field{name: "Pactloop_Key__c", kind: "string", length: 120, unique: true, external: true}
}

// opportunityTerms are the contract fields of the demo org, each with its AI_Extracted_ sibling of the same type. The sibling drops a leading Contract_:
// Contract_Renewal_Date__c goes with AI_Extracted_Renewal_Date__c.
func opportunityTerms() []field {
	own := []field{
		of("date", "Contract_Effective_Date__c"), of("date", "Contract_Expiration_Date__c"), of("date", "Contract_Renewal_Date__c"), of("date", "Renewal_Alert_Date__c"),
		whole("Term_Notice_Days__c"), flag("Auto_Renew__c"), money("Annual_Contract_Value__c"), money("Total_Contract_Value__c"), money("ACV__c"),
	}
	out := own
	for _, f := range own {
		f.name = "AI_Extracted_" + strings.TrimPrefix(f.name, "Contract_")
		out = append(out, f)
	}
	return out
}

// objects is the schema of the demo org.
func objects() map[string]object {
	out := map[string]object{}
	add := func(prefix, name, label string, fields ...field) {
		o := object{name: name, label: label, prefix: prefix, fields: append([]field{{name: "Id", kind: "id", length: 18, readOnly: true}}, fields...)}
		o.fields = append(o.fields, ref("OwnerId", "Owner", "User"))
		for _, f := range []field{of("datetime", "CreatedDate"), ref("CreatedById", "CreatedBy", "User"), of("datetime", "LastModifiedDate"), ref("LastModifiedById", "LastModifiedBy", "User"), of("datetime", "SystemModstamp"), flag("IsDeleted")} {
			f.readOnly = true
			o.fields = append(o.fields, f)
		}
		for i := range o.fields {
			o.fields[i].label = strings.ReplaceAll(strings.TrimSuffix(o.fields[i].name, "__c"), "_", " ")
		}
		out[name] = o
	}
	closed := func(name string) field { f := flag(name); f.readOnly = true; return f }
	number := text("CaseNumber", 30)
	number.readOnly = true
	status := choice("Status", true, "Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred")
	status.fallback = "Not Started"
	priority := choice("Priority", true, "High", "Normal", "Low")
	priority.fallback = "Normal"
	caseStatus := choice("Status", true, "New", "Working", "Escalated", "Closed")
	caseStatus.fallback = "New"
	terms := long("Contract_Terms__c", 32768)
	terms.html = true

	add("001", "Account", "Account", must(text("Name", 255)), choice("Type", false, "Customer", "Prospect", "Partner", "Vendor"), text("Industry", 255), text("AccountNumber", 40), of("phone", "Phone"),
		field{name: "Website", kind: "url", length: 255}, long("BillingStreet", 255), text("BillingCity", 40), text("BillingState", 80), text("BillingPostalCode", 20), text("BillingCountry", 80),
		long("ShippingStreet", 255), text("ShippingCity", 40), text("ShippingState", 80), text("ShippingPostalCode", 20), text("ShippingCountry", 80), long("Description", 32000),
		ref("ParentId", "Parent", "Account"), key())
	add("003", "Contact", "Contact", text("FirstName", 40), must(text("LastName", 80)), field{name: "Name", kind: "string", length: 121, readOnly: true}, field{name: "Email", kind: "email", length: 80},
		of("phone", "Phone"), text("Title", 128), ref("AccountId", "Account", "Account"), key())
	add("006", "Opportunity", "Opportunity", append([]field{
		must(text("Name", 120)), ref("AccountId", "Account", "Account"),
		must(choice("StageName", true, "Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review", "Contract Sent", "Contract in Review", "Contract Executed", "Closed Won", "Closed Lost")),
		money("Amount"), must(of("date", "CloseDate")),
		{name: "Probability", kind: "percent", precision: 3},
		choice("Type", false, "New Business", "Existing Business", "Renewal"),
		text("NextStep", 255), long("Description", 32000), closed("IsClosed"), closed("IsWon"), terms, text("Contract_Number__c", 80), flag("Pactloop_Needs_Review__c"), key(),
	}, opportunityTerms()...)...)
	add("a00", "Contract_Obligation__c", "Contract Obligation", must(text("Name", 80)), ref("Account__c", "Account__r", "Account"), ref("Opportunity__c", "Opportunity__r", "Opportunity"), text("Type__c", 80),
		text("Responsible_Party__c", 255), long("Deliverable__c", 32768), text("Frequency__c", 80), of("date", "Start_Date__c"), of("date", "Due_Date__c"),
		choice("Status__c", false, "Pending", "On Track", "At Risk", "Met", "Breached", "Excused", "Completed", "Cancelled"), text("Contract_Number__c", 80), key())
	add("00T", "Task", "Task", text("Subject", 255), long("Description", 32000), of("date", "ActivityDate"), must(status), must(priority),
		ref("WhatId", "What", "Account", "Opportunity", "Case", "Contract_Obligation__c"), ref("WhoId", "Who", "Contact"), choice("Type", false, "Call", "Email", "Renewal"), closed("IsClosed"), key())
	add("500", "Case", "Case", number, text("Subject", 255), long("Description", 32000), must(caseStatus), choice("Priority", true, "High", "Medium", "Low"), choice("Origin", false, "Web", "Email", "Phone"),
		ref("AccountId", "Account", "Account"), ref("ContactId", "Contact", "Contact"), of("datetime", "ClosedDate"), closed("IsClosed"), key())
	add("005", "User", "User", must(text("Username", 80)), text("FirstName", 40), must(text("LastName", 80)), field{name: "Name", kind: "string", length: 121, readOnly: true}, field{name: "Email", kind: "email", length: 128},
		text("Title", 80), flag("IsActive"))
	readOnly := func(f field) field { f.readOnly = true; return f }
	add("068", "ContentVersion", "Content Version", text("Title", 255), must(text("PathOnClient", 500)), must(of("base64", "VersionData")), readOnly(ref("ContentDocumentId", "ContentDocument", "ContentDocument")),
		ref("FirstPublishLocationId", "FirstPublishLocation", "Account", "Opportunity", "Case", "Contract_Obligation__c"), readOnly(whole("ContentSize")), readOnly(text("FileExtension", 40)), readOnly(flag("IsLatest")))
	add("069", "ContentDocument", "Content Document", text("Title", 255), readOnly(ref("LatestPublishedVersionId", "LatestPublishedVersion", "ContentVersion")))
	add("06A", "ContentDocumentLink", "Content Document Link", must(ref("ContentDocumentId", "ContentDocument", "ContentDocument")), must(ref("LinkedEntityId", "LinkedEntity", "Account", "Opportunity", "Case", "Contract_Obligation__c")),
		choice("ShareType", true, "V", "C", "I"), choice("Visibility", true, "AllUsers", "InternalUsers", "SharedUsers"))
	return out
}
