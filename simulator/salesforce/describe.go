package salesforce

import (
	"maps"
	"slices"
	"strings"
)

func (s *Simulator) describeGlobal(c call) answer {
	list := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.schema)) {
		list = append(list, s.summary(c, s.schema[name]))
	}
	return answer{status: 200, body: map[string]any{"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": list}}
}

func (s *Simulator) summary(c call, t object) map[string]any {
	base := "/services/data/" + c.version + "/sobjects/" + t.name
	return map[string]any{
		"name": t.name, "label": t.label, "labelPlural": t.label + "s", "keyPrefix": t.prefix, "custom": strings.HasSuffix(t.name, "__c"), "createable": true, "updateable": true, "deletable": true,
		"queryable": true, "retrieveable": true, "searchable": true, "undeletable": true, "replicateable": true, "triggerable": true, "mergeable": false, "layoutable": true, "activateable": false,
		"customSetting": false, "deprecatedAndHidden": false, "feedEnabled": false, "hasSubtypes": false, "isSubtype": false, "mruEnabled": true,
		"urls": map[string]string{"sobject": base, "describe": base + "/describe", "rowTemplate": base + "/{ID}"},
	}
}

func (s *Simulator) describe(c call, t object) answer {
	out := s.summary(c, t)
	fields := []map[string]any{}
	for _, f := range t.fields {
		fields = append(fields, describeField(f))
	}
	out["fields"] = fields
	children := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.schema)) {
		for _, f := range s.schema[name].fields {
			if slices.Contains(f.refs, t.name) {
				children = append(children, map[string]any{"childSObject": name, "field": f.name, "cascadeDelete": false, "deprecatedAndHidden": false, "relationshipName": nil})
			}
		}
	}
	out["childRelationships"], out["recordTypeInfos"], out["supportedScopes"] = children, []any{}, []any{}
	return answer{status: 200, body: out}
}

func describeField(f field) map[string]any {
	values := []map[string]any{}
	for _, v := range f.values {
		values = append(values, map[string]any{"active": true, "defaultValue": v == f.fallback, "label": v, "value": v, "validFor": nil})
	}
	var relation any
	if f.relation != "" {
		relation = f.relation
	}
	soap := map[string]string{"boolean": "xsd:boolean", "date": "xsd:date", "datetime": "xsd:dateTime", "currency": "xsd:double", "double": "xsd:double", "percent": "xsd:double", "id": "tns:ID", "reference": "tns:ID", "base64": "xsd:base64Binary"}[f.kind]
	if soap == "" {
		soap = "xsd:string"
	}
	refs := f.refs
	if refs == nil {
		refs = []string{}
	}
	return map[string]any{
		"name": f.name, "label": f.label, "type": f.kind, "length": f.length, "byteLength": f.length * 3, "precision": f.precision, "scale": f.scale, "digits": 0, "soapType": soap,
		"nillable": !f.required && f.kind != "boolean" && f.kind != "id", "createable": !f.readOnly, "updateable": !f.readOnly && f.kind != "base64", "defaultedOnCreate": f.fallback != nil, "defaultValue": f.fallback,
		"unique": f.unique, "externalId": f.external, "idLookup": f.external || f.kind == "id", "caseSensitive": false, "custom": strings.HasSuffix(f.name, "__c"), "calculated": false, "autoNumber": f.name == "CaseNumber",
		"picklistValues": values, "restrictedPicklist": f.restricted, "referenceTo": refs, "relationshipName": relation, "polymorphicForeignKey": len(refs) > 1, "nameField": f.name == "Name",
		"filterable": f.filterable(), "sortable": f.filterable(), "groupable": f.filterable(), "htmlFormatted": f.html, "extraTypeInfo": extra(f), "encrypted": false, "permissionable": !f.readOnly,
		"inlineHelpText": nil, "calculatedFormula": nil, "controllerName": nil, "dependentPicklist": false, "deprecatedAndHidden": false, "namePointing": false, "cascadeDelete": false, "restrictedDelete": false,
	}
}

func extra(f field) any {
	switch {
	case f.html:
		return "richtextarea"
	case f.kind == "textarea":
		return "plaintextarea"
	}
	return nil
}
