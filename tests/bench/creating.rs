//! Creates over HTTP, as the programs of caseworkers do them: what the cost of an entry is held against.

use std::cell::Cell;
use std::rc::Rc;

use rettbolig::ids::PersonId;
use serde_json::json;

use crate::founding::CASEWORKER;
use crate::load::{self, bearer, request};
use crate::process::{PASSWORD, Service, environment};

/// How many households are registered a second over so many connections, each with the same person in it, with all that a create
/// over HTTP takes: the sign-in that is looked up, the rules, the record of the answer, the entry and its seal.
pub(crate) fn households_a_second(
    database_url: &str,
    applicant: PersonId,
    connections: usize,
) -> f64 {
    let service = Service::start(&environment(database_url)).unwrap();
    load::on_one_thread(async {
        let body = json!({"username": CASEWORKER, "password": PASSWORD}).to_string();
        let asked = vec![request("POST", "/auth/login", "", &body); connections];
        let answers = load::ask_all(service.address, 2, asked).await;
        let tokens: Vec<String> = answers
            .iter()
            .map(|answer| answer["accessToken"].as_str().unwrap().to_owned())
            .collect();
        let member = json!({"personId": applicant, "role": "APPLICANT"});
        let body = json!({"members": [member]}).to_string();
        let turn = Cell::new(0_u64);
        let next = move |token: &str| {
            turn.set(turn.get() + 1);
            let headers = format!("{}Idempotency-Key: {}\r\n", bearer(token), turn.get());
            Some(request("POST", "/households", &headers, &body))
        };
        let done = load::measure(&service, &tokens, 201, Rc::new(next)).await;
        assert_eq!(done.unexpected, 0);
        done.count() as f64 / done.elapsed.as_secs_f64()
    })
}
