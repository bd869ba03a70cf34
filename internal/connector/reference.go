package connector

import (
	"fmt"
	"strings"
)

// Reference writes the reference page of a connector, in Markdown, from its description. The same description drives
// form and validation, so the page can not lag behind.
func Reference(c Connector) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", c.Title)
	fmt.Fprintf(&b, "Name `%s`, category %s. Webhooks: %s.\n", c.Name, c.Category, yesNo(c.Webhooks))
	if guide := strings.TrimSpace(c.Guide); guide != "" {
		b.WriteString("\n" + guide + "\n")
	}
	if len(c.Settings) > 0 {
		b.WriteString("\n## Settings\n\n| setting | kind | required | default | meaning |\n|---|---|---|---|---|\n")
		for _, s := range c.Settings {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", s.Name, cell(kindOf(s)), cell(requiredOf(s)), code(s.Default), cell(meaningOf(s)))
		}
	}
	if len(c.Streams) > 0 {
		b.WriteString("\n## Streams\n\n| stream | reads | every |\n|---|---|---|\n")
		for _, s := range c.Streams {
			fmt.Fprintf(&b, "| `%s` | %s (`%s`) | %s |\n", s.Name, cell(s.Title), s.Object, s.Every)
		}
	}
	if len(c.Actions) > 0 {
		b.WriteString("\n## Actions\n\n| action | does | object | fields |\n|---|---|---|---|\n")
		for _, a := range c.Actions {
			fields := "fixed"
			if a.Mapped {
				fields = "from the mapping"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", a.Kind, cell(a.Title), code(a.Object), fields)
		}
	}
	for _, o := range c.Mapping {
		fmt.Fprintf(&b, "\n## Default mapping of %s\n\n| term | field | conversion | risk | extracted value in | conflict |\n|---|---|---|---|---|---|\n", o.Object)
		for _, f := range o.Fields {
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s | %s |\n", f.Term, f.Field, f.Convert, f.Risk, code(f.Source), f.Conflict)
		}
	}
	return b.String()
}

func kindOf(s Setting) string {
	if s.Kind == KindChoice {
		return "one of " + strings.Join(s.Choices, ", ")
	}
	if s.Secret() {
		return s.Kind + ", stored encrypted"
	}
	return s.Kind
}

func requiredOf(s Setting) string {
	switch {
	case s.Required && s.When != "":
		return "when " + s.When
	case s.Required:
		return "yes"
	case s.When != "":
		return "no; only when " + s.When
	}
	return "no"
}

func meaningOf(s Setting) string {
	if s.Help == "" {
		return s.Title
	}
	return s.Title + ". " + s.Help
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

// cell keeps text inside one cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s)
}
