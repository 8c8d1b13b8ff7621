//! The published description of the interface: current, whole, and fit for generators of clients.

use std::collections::{BTreeMap, BTreeSet};

use rettbolig::http::{document, named_schemas};
use rettbolig::server;
use serde_json::Value;

use super::snapshot::assert_reviewed;

fn the_published_document_is_current() {
    let made = document(&server::endpoints()).to_pretty_json().unwrap();
    assert_reviewed("openapi/openapi.json", &(made + "\n"));
}

fn the_document_is_of_the_version_that_is_promised() {
    assert_eq!(made()["openapi"], "3.1.0");
}

fn every_reference_leads_somewhere() {
    let document = made();
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let target = reference
            .strip_prefix('#')
            .and_then(|at| document.pointer(at));
        assert!(
            target.is_some(),
            "{reference} leads nowhere: the type's `schemas` must name everything that it refers to"
        );
    }
}

fn collect_references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members
                .values()
                .for_each(|member| collect_references(member, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

fn a_name_stands_for_one_schema() {
    let mut known = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (name, schema) in named_schemas(&server::endpoints()) {
        let schema = serde_json::to_value(schema).unwrap();
        if *known.entry(name.clone()).or_insert_with(|| schema.clone()) != schema {
            taken.insert(name);
        }
    }
    assert!(
        taken.is_empty(),
        "the document has place for one schema a name, and two types are called {taken:?}: \
         give one of them another name with `#[schema(as = …)]`"
    );
}

fn every_operation_of_the_service_is_described_whole() {
    let document = made();
    let described: Vec<(&str, &Value)> = operations(&document);
    assert_eq!(
        described.len(),
        server::endpoints().len(),
        "two operations have the same method and path"
    );
    let mut ids = BTreeSet::new();
    for (name, operation) in described {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(
            !id.is_empty() && ids.insert(id),
            "{name}: the operationId {id:?} is missing or not unique"
        );
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(
            !summary.is_empty(),
            "{name} has no summary: say in a line what it is for"
        );
        let tags = operation["tags"].as_array().map_or(0, Vec::len);
        assert_eq!(
            tags, 1,
            "{name} must have one tag, the first part of its path"
        );
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.contains_key("default"),
            "{name} does not say how it fails"
        );
        assert!(
            responses.keys().any(|it| it.starts_with('2')),
            "{name} does not say how it succeeds"
        );
    }
}

fn only_signing_in_is_open() {
    let document = made();
    let open: Vec<&str> = operations(&document)
        .into_iter()
        .filter(|(_, operation)| operation["security"].as_array().is_none_or(Vec::is_empty))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        open,
        [
            "/api/v1/auth/activate",
            "/api/v1/auth/exchange",
            "/api/v1/auth/login",
            "/api/v1/auth/password",
            "/api/v1/auth/refresh"
        ],
        "an operation became open to everybody: if that is meant, say so here"
    );
}

fn every_schema_is_a_json_schema() {
    // OpenAPI 3.1 schemas are JSON Schema 2020-12, so its own schema can judge them.
    for (name, schema) in made()["components"]["schemas"].as_object().unwrap() {
        let judged = jsonschema::draft202012::meta::validate(schema);
        assert!(judged.is_ok(), "{name} is no JSON Schema: {judged:?}");
    }
}

/// The operations by path, in the document's order.
fn operations(document: &Value) -> Vec<(&str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().values();
        methods.map(|operation| (path.as_str(), operation))
    });
    operations.collect()
}

fn made() -> Value {
    serde_json::to_value(document(&server::endpoints())).unwrap()
}

crate::support::cases::plain![
    the_published_document_is_current,
    the_document_is_of_the_version_that_is_promised,
    every_reference_leads_somewhere,
    a_name_stands_for_one_schema,
    every_operation_of_the_service_is_described_whole,
    only_signing_in_is_open,
    every_schema_is_a_json_schema,
];
