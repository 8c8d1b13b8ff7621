//! `src/db/schema.rs` names every table and column of both databases, with fitting type, nullability and key, and none more.

use std::collections::BTreeSet;

use rettbolig::db::Purpose;

use super::super::sources::rust;
use super::{connect, lines};
use crate::support::{Backend, Bench, cases};

/// `schema.rs` and the files of the folder beside it.
fn schema() -> String {
    let files = rust("src/db").into_iter();
    let files = files.filter(|it| it.path.starts_with("src/db/schema"));
    files.map(|it| it.text).collect()
}

const IN_SQLITE: &str = r#"
    SELECT t.name || '.' || c.name || ' ' || c.type || CASE c."notnull" WHEN 1 THEN '' ELSE ' nullable' END
        || CASE c.pk WHEN 0 THEN '' ELSE ' key ' || c.pk END AS line
    FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '__diesel_schema_migrations'"#;

const IN_POSTGRES: &str = r"
    SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type
        || CASE c.is_nullable WHEN 'NO' THEN '' ELSE ' nullable' END
        || coalesce(' key ' || k.ordinal_position, '') AS line
    FROM information_schema.columns c
    LEFT JOIN information_schema.table_constraints t
        ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY'
    LEFT JOIN information_schema.key_column_usage k
        ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name
        AND k.table_name = c.table_name AND k.column_name = c.column_name
    WHERE c.table_schema = 'public' AND c.table_name <> '__diesel_schema_migrations'";

async fn every_table_and_column_is_in_the_database_and_none_more(bench: Bench) {
    let question = match bench.backend {
        Backend::Sqlite => IN_SQLITE,
        Backend::Postgres => IN_POSTGRES,
    };
    let kept: BTreeSet<String> = lines(&mut connect(&bench, Purpose::Migrate), question)
        .into_iter()
        .collect();
    let believed: BTreeSet<String> = columns()
        .iter()
        .map(|column| column.line(bench.backend))
        .collect();
    let missing: Vec<_> = believed.difference(&kept).collect();
    let unknown: Vec<_> = kept.difference(&believed).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "src/db/schema.rs and migrations/{} differ; change them together.\nonly in schema.rs: {missing:#?}\nonly in the database: {unknown:#?}",
        bench.backend.code()
    );
}

/// A column as `schema.rs` names it.
#[derive(Debug)]
struct Column {
    table: String,
    name: String,
    kind: String,
    is_nullable: bool,
    place_in_key: Option<usize>,
}

impl Column {
    fn line(&self, backend: Backend) -> String {
        let nullable = if self.is_nullable { " nullable" } else { "" };
        let key = self.place_in_key.map(|place| format!(" key {}", place + 1));
        let kind = fitting(&self.kind, backend);
        format!(
            "{}.{} {kind}{nullable}{}",
            self.table,
            self.name,
            key.unwrap_or_default()
        )
    }
}

/// How a portable type is kept.
fn fitting(kind: &str, backend: Backend) -> &'static str {
    let (sqlite, postgres) = match kind {
        "UuidSql" => ("BLOB", "uuid"),
        "Binary" => ("BLOB", "bytea"),
        "Text" => ("TEXT", "text"),
        "JsonSql" => ("TEXT", "jsonb"),
        "DateSql" => ("TEXT", "date"),
        "TimestampSql" => ("TEXT", "timestamp with time zone"),
        "Bool" => ("INTEGER", "boolean"),
        "SmallInt" => ("INTEGER", "smallint"),
        "Integer" => ("INTEGER", "integer"),
        "BigInt" => ("INTEGER", "bigint"),
        other => {
            panic!("how are columns of {other} kept? Say it in tests/it/guards/schema/tables.rs")
        }
    };
    match backend {
        Backend::Sqlite => sqlite,
        Backend::Postgres => postgres,
    }
}

/// The tables whose rows belong to a municipality.
pub(crate) fn of_municipalities() -> BTreeSet<String> {
    with_column("municipality_id")
}

/// Those among them whose rows have an id of their own.
pub(crate) fn with_id() -> BTreeSet<String> {
    let owned = of_municipalities();
    let with_id = columns().into_iter();
    let with_id = with_id.filter(|it| it.name == "id" && it.kind == "UuidSql");
    with_id
        .map(|column| column.table)
        .filter(|table| owned.contains(table))
        .collect()
}

/// The columns that hold text, with their tables.
pub(crate) fn texts() -> Vec<(String, String)> {
    let texts = columns().into_iter().filter(|it| it.kind == "Text");
    texts.map(|column| (column.table, column.name)).collect()
}

fn with_column(name: &str) -> BTreeSet<String> {
    let columns = columns().into_iter();
    let named = columns.filter(|column| column.name == name);
    named.map(|column| column.table).collect()
}

/// The names of all tables.
pub(crate) fn tables() -> BTreeSet<String> {
    columns().into_iter().map(|column| column.table).collect()
}

/// Reads the `diesel::table!` blocks: a head `name (key, key) {` and lines `column -> Type,`.
fn columns() -> Vec<Column> {
    let mut found = Vec::new();
    let (mut table, mut key, mut renamed) = (String::new(), Vec::new(), None);
    for line in schema().lines().map(str::trim) {
        if let Some((name, keys)) = line
            .strip_suffix(") {")
            .and_then(|head| head.split_once(" ("))
        {
            name.clone_into(&mut table);
            key = keys.split(", ").map(str::to_owned).collect();
        } else if let Some(name) = line.strip_prefix("#[sql_name = \"") {
            renamed = name.strip_suffix("\"]").map(str::to_owned);
        } else if let Some((name, kind)) = line.split_once(" -> ") {
            let kind = kind.trim_end_matches(',');
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|it| it.strip_suffix('>'));
            found.push(Column {
                table: table.clone(),
                place_in_key: key.iter().position(|it| it == name),
                name: renamed.take().unwrap_or_else(|| name.to_owned()),
                kind: inner.unwrap_or(kind).to_owned(),
                is_nullable: inner.is_some(),
            });
        }
    }
    found
}

cases::cases![every_table_and_column_is_in_the_database_and_none_more];
