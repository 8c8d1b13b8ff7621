//! `openapi.json` (`OpenAPI` 3.1), made from the endpoint table.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{
    ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, Paths, Ref,
    RefOr, Required, ResponseBuilder, schema::Schema,
};

use super::answer::Schemas;
use super::{Endpoint, Method};
use crate::auth::{Permitted, Scope};

/// The document that describes these endpoints.
#[must_use]
pub fn document(endpoints: &[Endpoint]) -> OpenApi {
    let (operations, schemas) = operations(endpoints);
    let mut paths = Paths::new();
    for (endpoint, operation) in endpoints.iter().zip(operations) {
        let path = format!("/api/v1{}", endpoint.path);
        let method = match endpoint.method {
            Method::Get => HttpMethod::Get,
            Method::Post => HttpMethod::Post,
            Method::Put => HttpMethod::Put,
        };
        paths.add_path_operation(path, vec![method], operation);
    }
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    let schemas: BTreeMap<String, RefOr<Schema>> = schemas.into_iter().collect();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .schema("Problem", problem_schema())
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .security_scheme("maskinporten", SecurityScheme::OAuth2(maskinporten()))
        .build();
    let info = InfoBuilder::new()
        .title("rettbolig")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("openapi.md")))
        .license(Some(License::new("MIT")))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components))
        .build()
}

/// The schemas that the operations name, each as often as it is named. A guard sees to it that no name stands for two.
#[must_use]
pub fn named_schemas(endpoints: &[Endpoint]) -> Vec<(String, RefOr<Schema>)> {
    operations(endpoints).1
}

fn operations(endpoints: &[Endpoint]) -> (Vec<OperationBuilder>, Schemas) {
    let mut schemas = Schemas::new();
    let describe = |endpoint| describe(endpoint, &mut schemas);
    let operations = endpoints.iter().map(describe).collect();
    (operations, schemas)
}

fn describe(endpoint: &Endpoint, schemas: &mut Schemas) -> OperationBuilder {
    let about = &endpoint.about;
    let mut operation = OperationBuilder::new()
        .tag(endpoint.tag())
        .summary(Some(endpoint.summary))
        .description(Some(permission_line(endpoint)))
        .operation_id(Some(operation_id(endpoint)));
    if endpoint.path.contains("{id}") {
        operation = operation.parameter(in_path("id"));
    }
    for parameter in (about.parameters)() {
        operation = operation.parameter(parameter);
    }
    if endpoint.effect.needs_match() {
        operation = operation.parameter(header("If-Match", "The ETag that was last seen."));
    }
    if endpoint.effect.needs_key() {
        let about = "A key of the client's choice; the same request sent again has one effect.";
        operation = operation.parameter(header("Idempotency-Key", about));
    }
    if let Some(body) = about.body {
        let content = ContentBuilder::new().schema(Some(body(schemas))).build();
        let mut body = RequestBodyBuilder::new().required(Some(Required::True));
        for media in endpoint.media() {
            body = body.content(*media, content.clone());
        }
        operation = operation.request_body(Some(body.build()));
    }
    let mut success = ResponseBuilder::new().description("Done");
    if let Some(schema) = (about.answer)(schemas) {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        success = success.content(about.media, content);
    }
    operation = operation.response(about.status.to_string(), success.build());
    let problem = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let failure = ResponseBuilder::new()
        .description("A problem (RFC 9457)")
        .content("application/problem+json", problem)
        .build();
    operation = operation.response("default", failure);
    match endpoint.action.permitted() {
        Permitted::Anyone => operation,
        Permitted::SignedIn | Permitted::Roles(_) => {
            let employee = SecurityRequirement::new("bearer", Vec::<String>::new());
            let scopes = endpoint.action.scopes().iter();
            // Any one of the scopes is enough, so each is an alternative.
            scopes.fold(operation.security(employee), |operation, scope| {
                operation.security(SecurityRequirement::new("maskinporten", [scope.code()]))
            })
        }
    }
}

fn maskinporten() -> OAuth2 {
    let scopes: Scopes = Scope::ALL.iter().map(|scope| (scope.code(), "")).collect();
    let flow = ClientCredentials::new("https://maskinporten.no/token", scopes);
    OAuth2::with_description(
        [Flow::ClientCredentials(flow)],
        "Access tokens of Maskinporten, for programs of organisations that have an agreement with the municipality.",
    )
}

fn permission_line(endpoint: &Endpoint) -> String {
    match endpoint.action.permitted() {
        Permitted::Anyone => "Without sign-in.".to_owned(),
        Permitted::SignedIn => "For whoever is signed in.".to_owned(),
        Permitted::Roles(roles) => {
            let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
            let scopes = endpoint.action.scopes().iter().map(|scope| scope.code());
            let all: Vec<&str> = roles.into_iter().chain(scopes).collect();
            format!("For {}.", all.join(", "))
        }
    }
}

fn operation_id(endpoint: &Endpoint) -> String {
    let path = endpoint
        .path
        .replace(['/', '-', '.'], "_")
        .replace("{id}", "one");
    format!("{}{path}", endpoint.method.name().to_ascii_lowercase())
}

fn in_path(name: &str) -> Parameter {
    let id = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(id))
        .build()
}

fn header(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

fn problem_schema() -> RefOr<Schema> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let fault = ObjectBuilder::new()
        .property("pointer", text())
        .property("code", text())
        .property("title", text())
        .property("titleNb", text());
    ObjectBuilder::new()
        .description(Some(
            "RFC 9457. `code` is stable; input values are never repeated.",
        ))
        .property("type", text())
        .property("title", text())
        .property("titleNb", text())
        .property("status", ObjectBuilder::new().schema_type(Type::Integer))
        .property("code", text())
        .property("instance", text())
        .property("errors", fault.to_array_builder())
        .required("type")
        .required("title")
        .required("titleNb")
        .required("status")
        .required("code")
        .required("instance")
        .examples([json!({
            "type": "urn:rettbolig:problem:same_hands", "status": 403, "code": "same_hands",
            "title": "Whoever proposed a decision may not make it.",
            "titleNb": "Den som har innstilt, kan ikke fatte vedtaket.",
            "instance": "urn:rettbolig:call:0192f3c1-5b7e-7a31-8b11-0d6c8a4e2f10"
        })])
        .into()
}
