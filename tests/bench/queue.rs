//! Puts a long queue into the demonstration's database, row by row as the service would have written it.

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection};
use rettbolig::ids::Id;
use rettbolig::matching::HouseholdFacts;

const THEN: &str = "2026-01-01T00:00:00.000000Z";
/// Households of one transaction.
const CHUNK: usize = 1000;

/// Adds these households with their cases before the allocation team.
pub(crate) fn fill(path: &std::path::Path, households: &[HouseholdFacts]) {
    let mut conn = SqliteConnection::establish(&path.display().to_string()).unwrap();
    let municipality = sql::<Text>("SELECT hex(id) FROM municipality LIMIT 1");
    let municipality: String = municipality.get_result(&mut conn).unwrap();
    let town = format!("X'{municipality}'");
    let mut number = 0_u64;
    for chunk in households.chunks(CHUNK) {
        let mut text = String::from("BEGIN;");
        for household in chunk {
            number += 1;
            text += &statements(&town, number, household);
        }
        conn.batch_execute(&(text + "COMMIT;")).unwrap();
    }
    // Every case has a unit, and only who works there sees it.
    conn.batch_execute(
        "INSERT INTO case_unit (municipality_id, application_id, unit_id, since) \
         SELECT a.municipality_id, a.id, m.unit_id, a.created_at FROM application a \
         JOIN user_account u ON u.municipality_id = a.municipality_id AND u.username = 'caseworker' \
         JOIN unit_member m ON m.municipality_id = u.municipality_id AND m.user_id = u.id \
         WHERE NOT EXISTS (SELECT 1 FROM case_unit c WHERE c.municipality_id = a.municipality_id AND c.application_id = a.id)",
    )
    .unwrap();
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
}

fn statements(town: &str, number: u64, of: &HouseholdFacts) -> String {
    let household = blob(of.household_id);
    let mut text = format!(
        "INSERT INTO household (municipality_id, id, created_at) VALUES ({town}, {household}, '{THEN}');"
    );
    for (place, member) in of.members.iter().enumerate() {
        let person = format!("X'{number:016x}{place:016x}'");
        text += &format!(
            "INSERT INTO person (municipality_id, id, born_on, protection, sealed_key, sealed, national_id_index, created_at) \
             VALUES ({town}, {person}, '{born}', '{protection}', 'key', 'sealed', {person}, '{THEN}');\
             INSERT INTO household_member (municipality_id, household_id, person_id, role, residence_days) \
             VALUES ({town}, {household}, {person}, '{role}', {days});",
            born = member.born_on.0,
            protection = of.protection.code(),
            role = member.role.code(),
            days = member.residence_days,
        );
    }
    for (place, reason) in of.situations.iter().enumerate() {
        text += &format!(
            "INSERT INTO situation (municipality_id, id, household_id, kind, reason, valid_from, source, verification, recorded_at) \
             VALUES ({town}, X'{number:016x}{at:016x}', {household}, '{kind}', '{reason}', '2026-01-01', 'APPLICANT', 'DOCUMENTED', '{THEN}');",
            at = place + 100,
            kind = reason.kind().code(),
        );
    }
    let needs = serde_json::to_string(&of.needs).unwrap();
    text + &format!(
        "INSERT INTO application (municipality_id, id, household_id, applicant_id, type, state, state_since, received_on, \
         lives_in_municipal_dwelling, urgency, needs, created_at, recorded_at) \
         VALUES ({town}, {case}, {household}, X'{number:016x}{zero:016x}', '{kind}', 'TEAM_REVIEW', '{THEN}', '{received}', \
         0, '{urgency}', '{needs}', '{THEN}', '{THEN}');",
        case = blob(of.application_id),
        zero = 0,
        kind = of.application_type.code(),
        received = of.received_on.0,
        urgency = of.needs.urgency.code(),
    )
}

fn blob<K>(id: Id<K>) -> String {
    format!("X'{}'", id.uuid().simple())
}
